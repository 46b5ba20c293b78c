"""Epochs in words, and the errors for epochs that do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from headlapse import checks
from headlapse.errors import MissingFileError, OutOfRangeError
from headlapse.results.remedies import TRAIN_FIRST


def in_words(epochs: Sequence[int]) -> str:
    """`epochs`, ascending: '0 to 25,000, 251 in all'."""
    return f"{epochs[0]:,} to {epochs[-1]:,}, {len(epochs):,} in all" if epochs else "none yet"


def nearest(epochs: Sequence[int], epoch: int) -> str:
    """The two nearest of `epochs`: '10,300, 10,500'."""
    near = sorted(sorted(epochs, key=lambda number: abs(number - epoch))[:2])
    return ", ".join(f"{number:,}" for number in near)


def check_epoch(epoch: object, epochs: Sequence[int], owner: str) -> int:
    """`epoch` if it is one of `epochs`, those of `owner`.

    Raises `InvalidValueError` if it is not a whole number, `OutOfRangeError` for another epoch; both name the existing epochs.
    """
    found = checks.as_whole(epoch)
    if found is None:
        raise checks.wrong("epoch", f"a whole number, one of those of {owner} ({in_words(epochs)})", epoch)
    if found not in epochs:
        near = f"; nearest: {nearest(epochs, found)}" if epochs else ""
        raise OutOfRangeError(f"epoch {found:,} is not there{near}; {owner} has {in_words(epochs)}")
    return found


def without_checkpoint(path: Path, epoch: int, epochs: Sequence[int]) -> MissingFileError:
    """The error for the missing file `path` of `epoch`; checkpoints exist at `epochs`."""
    if not epochs:
        return MissingFileError(path, "does not exist", TRAIN_FIRST)
    remedy = f"there are checkpoints at epochs {in_words(epochs)}; nearest: {nearest(epochs, epoch)}"
    return MissingFileError(path, "does not exist", remedy)
