"""Alignment of runs side by side: at the same epoch, or at grokking. `web/dashboard/alignment.ts` does the same.

The common axis is that of the first run that groks. A run that has not grokked is not shifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from headlapse import checks
from headlapse.results.grokking import grokked_at
from headlapse.results.run import Run
from headlapse.visualization.format import epoch_in_words

GROKKING = "grokking"
ALIGNMENTS = ("epoch", GROKKING)


def shifts_of(runs: Sequence[Run], align: str) -> list[int]:
    """The number of epochs by which each run is shifted along the common axis.

    Raises `InvalidValueError` for an unknown alignment.
    """
    checks.one_of("align", align, ALIGNMENTS)
    grokked = [grokked_at(run) if align == GROKKING else None for run in runs]
    first = next((epoch for epoch in grokked if epoch is not None), 0)
    return [0 if epoch is None else first - epoch for epoch in grokked]


def is_unaligned(run: Run, align: str) -> bool:
    """Whether a run is not shifted because it has not grokked."""
    return align == GROKKING and grokked_at(run) is None


def alignment_words(run: Run, align: str) -> str:
    """The words about the alignment of a run, beside its name."""
    if align != GROKKING:
        return ""
    epoch, last = grokked_at(run), max(run.run_state.epochs, default=0)
    return f"has not grokked by {_epoch(last)}, not shifted" if epoch is None else f"groks at {_epoch(epoch)}"


def stops_of(epochs: Iterable[Sequence[int]], shifts: Sequence[int]) -> list[int]:
    """The stops of the common axis, ascending: the `epochs` of all runs, each moved by its shift."""
    moved = {epoch + shift for known, shift in zip(epochs, shifts, strict=True) for epoch in known}
    return sorted(stop for stop in moved if stop >= 0)


def nearest(epochs: Sequence[int], wanted: int) -> int:
    """The nearest of `epochs`, the earlier of two."""
    return min(epochs, key=lambda epoch: (abs(epoch - wanted), epoch))


def _epoch(epoch: int) -> str:
    words = epoch_in_words(epoch)
    return words[0].lower() + words[1:]
