"""The words of a key or name: `trainLosses` and `train_losses` are both train and losses."""

from __future__ import annotations

import re


def listed(text: str) -> frozenset[str]:
    """The words in `text`, separated by spaces."""
    return frozenset(text.split())


def words_in(name: object) -> frozenset[str]:
    """The words of a key, a file's name or a place, in lower case."""
    return frozenset(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name)).lower()))
