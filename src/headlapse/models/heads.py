"""Names of attention heads."""

from __future__ import annotations

import re
from collections.abc import Sequence


def head_labels(n_layers: int, n_heads: int) -> tuple[str, ...]:
    """Head 0, Head 1, ... with one layer; L0H0, L0H1, ... with more, layer by layer."""
    if n_layers == 1:
        return tuple(f"Head {head}" for head in range(n_heads))
    return tuple(f"L{layer}H{head}" for layer in range(n_layers) for head in range(n_heads))


def head_layers(labels: Sequence[str]) -> tuple[int, ...]:
    """The layer of each of these heads; 0 for all if the labels name no layers."""
    found = [re.fullmatch(r"L(\d+)H\d+", label) for label in labels]
    return tuple(int(match[1]) if match else 0 for match in found)
