"""Check that a model keeps the order of its inputs: weights at the place of one input must not be those of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from headlapse.recording.readings import CLEARER, EXACT, ROUNDED, ROWS, SHARED, Raw, Reading, Run, same_rows

MOST_ROWS, MOST_BYTES = 32, 2**27  # of the probe that are compared, and of their weights
MOST_MOVED = 4  # inputs that are searched for at other places


def another_order(rows: Sequence[int]) -> list[int]:
    """The rows, all but the last moved on by one. Neither reversing nor shifting the inputs gives the same."""
    return [*rows[1:-1], rows[0], rows[-1]]


def rows_to_compare(run: Run) -> int:
    """The number of rows whose weights are compared, judged by a run on a few."""
    of_row = sum(raw.weights.nbytes for raw in run.layers) / len(run.rows)
    return max(min(MOST_ROWS, int(MOST_BYTES // of_row)), 3)


def values_follow(reading: Reading, layer: int, runs: Sequence[Run]) -> bool:
    """Whether the values have the inputs on the same axis as the weights, judged by runs on different numbers of rows."""
    raws = [run.layers[layer] for run in runs]
    is_known = reading.order == ROWS and reading.axis in ((0, 1) if raws[0].is_joined else (0,))
    first_is_free = all(0 not in (raw.to % raw.weights.ndim, raw.from_ % raw.weights.ndim) for raw in raws)
    counts = [None if raw.values is None or not is_known else raw.values.shape[reading.axis] for raw in raws]
    return first_is_free and counts == [len(run.rows) for run in runs]


def is_reordered(reading: Reading, layer: int, one: Run, other: Run, with_values: bool) -> bool:
    """Whether an input has other weights at its own place in the two runs, but the same at the place of another input.

    Where every input attends alike, as in many untrained models, the values tell them apart.
    """
    if reading.order == SHARED:
        return False
    first, second = one.layers[layer], other.layers[layer]
    pairs = list(_rows_of(reading, first, second, (len(one.rows), len(other.rows)), with_values))
    most = EXACT if first.is_exact else ROUNDED
    same = same_rows(one.rows, other.rows)
    own = torch.stack([_apart(pairs, i, slice(j, j + 1))[0] for i, j in same])
    for place in own.argsort(descending=True)[:MOST_MOVED].tolist():
        nearest = float(_apart(pairs, same[place][0], slice(None)).min())
        if float(own[place]) > most >= nearest and float(own[place]) > CLEARER * nearest:
            return True
    return False


def _rows_of(
    reading: Reading, first: Raw, second: Raw, rows: tuple[int, int], with_values: bool
) -> Iterator[tuple[Tensor, Tensor]]:
    """The weights, and the values if they are wanted, of each run, one row per input."""
    a, b = reading.of(first, rows[0]), reading.of(second, rows[1])
    assert a is not None and b is not None
    yield a.flatten(1), b.flatten(1)
    if with_values and first.values is not None and second.values is not None:
        yield first.values.movedim(reading.axis, 0).flatten(1), second.values.movedim(reading.axis, 0).flatten(1)


def _apart(pairs: Sequence[tuple[Tensor, Tensor]], place: int, places: slice) -> Tensor:
    """The mean difference of an input of one run from inputs of the other, relative to its size."""
    each = [(b[places] - a[place]).abs().mean(1) / (a[place].abs().mean() + 1e-30) for a, b in pairs]
    return torch.stack([distances.double() for distances in each]).amax(0)
