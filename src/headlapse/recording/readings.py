"""How the axes of attention weights are read: which axis runs over the inputs, and which over the heads.

It is found out by running the model on two numbers of inputs: the axis of the inputs is the one whose size follows. Where
inputs and heads share one axis, the weights and values of the same inputs in both runs tell their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from headlapse.recording.call_stack import Call, Sources

Weights = Float[Tensor, "batch head to from"]
ROWS, SHARED, INPUTS_FIRST, HEADS_FIRST = "inputs", "shared", "inputs, then heads", "heads, then inputs"
CLEARER = 4  # times as far apart are the same inputs in the wrong order
FAR = 0.05  # of the largest value: inputs that differ by more are not the same
REORDERED = "the model reorders its inputs, so that the weights of one would be recorded as those of another"
TRIMMED = (
    "its number of positions depends on the rows, as in a model that trims to the longest one; give rows of equal length, or "
    "record a module that does not trim"
)
POSITIONS_FIRST = (
    "its positions grow with the rows of the probe, whose first axis must be the inputs; transpose it, and record a module "
    "that transposes it back"
)
EXACT, ROUNDED = 1e-3, 0.1  # mean difference of the weights of one input between two runs, in single and half precision


class Raw(NamedTuple):
    """Attention weights as a model computes them; `to` and `from_` are the axes of the positions."""

    how: str
    call: Call
    weights: Tensor
    to: int = -2
    from_: int = -1
    values: Tensor | None = None  # a number or more for each index of the first axis of the weights, from what they multiply
    is_exact: bool = True
    is_broken: bool = False  # whether some are not numbers
    is_changed: bool = False  # after the softmax, so that a row may sum to less than 1
    place: int = 0  # among all calls
    builds_on: frozenset[int] = frozenset()  # the places of the attention from which its queries and keys come
    sources: Sources = ()  # from which its queries, keys and values come
    is_joined: bool = False  # from several calls, along the first axis
    is_stepwise: bool = False  # from several calls, along the axis of the positions that attend

    @property
    def arranged(self) -> Tensor:
        """The weights with `to` and `from` as the last axes."""
        return self.weights.movedim((self.to, self.from_), (-2, -1))

    @property
    def others(self) -> tuple[int, ...]:
        """The sizes of the axes of inputs and heads."""
        return tuple(self.arranged.shape[:-2])


@dataclass(frozen=True)
class Reading:
    """Where the inputs are: along `axis`, along the first one together with the heads, or nowhere, if all share the weights."""

    order: str
    axis: int = 0

    def of(self, raw: Raw, rows: int) -> Weights | None:
        """The weights of `rows` inputs; None if they cannot be read like this."""
        weights = raw.arranged
        if self.order == SHARED:
            return weights.flatten(0, -3).expand(rows, -1, -1, -1)
        if self.order == ROWS:
            fits = self.axis < len(raw.others) and raw.others[self.axis] == rows
            return weights.movedim(self.axis, 0).reshape(rows, -1, *weights.shape[-2:]) if fits else None
        return _apart(weights, rows, self.order) if weights.ndim == 3 and len(weights) % rows == 0 else None


class Run(NamedTuple):
    """The weights of the layers on some rows of the probe, named by number."""

    layers: Sequence[Raw]
    rows: Sequence[int]


def guess(raw: Raw, rows: int) -> Reading | None:
    """The most common reading that fits `rows` inputs: inputs first. None if none does."""
    if len(raw.others) == 1:
        return Reading(INPUTS_FIRST) if raw.others[0] % rows == 0 else None
    if len(raw.others) > 1 and raw.others[0] in (1, rows):
        return Reading(ROWS if raw.others[0] == rows else SHARED)
    return None


def reading_of(layer: int, one: Run, other: Run) -> Reading | str:
    """The reading that fits a layer in both runs, which have different numbers of rows; or why there is none."""
    first, second = one.layers[layer], other.layers[layer]
    positions = list(zip(first.arranged.shape[-2:], second.arranged.shape[-2:], strict=True))
    if any(a != b for a, b in positions):
        return POSITIONS_FIRST if (len(one.rows), len(other.rows)) in positions else TRIMMED
    if len(first.others) != len(second.others):
        return "its number of axes depends on the number of inputs"
    sizes = list(zip(first.others, second.others, strict=True))
    growing = [axis for axis, (a, b) in enumerate(sizes) if a != b]
    if not growing:
        return Reading(SHARED) if sizes else "it has no axis of inputs"
    counts = (len(one.rows), len(other.rows))
    if len(growing) == 1 and sizes[growing[0]] == counts:
        return Reading(ROWS, growing[0])
    a, b = sizes[growing[0]]
    if len(sizes) == 1 and a * counts[1] == b * counts[0] and a % counts[0] == 0:
        return _order(first, second, one.rows, other.rows)
    return f"inputs and heads cannot be told apart in weights of the shape {tuple(first.weights.shape)}"


def reading_of_whole(raw: Raw, rows: int, in_words: str) -> Reading | str:
    """As `reading_of`, from one run on `rows` inputs, where only sizes can tell."""
    fitting = [axis for axis, size in enumerate(raw.others) if size == rows]
    if len(fitting) == 1 or (fitting and rows == 1):
        return Reading(ROWS, fitting[0])
    if len(raw.others) == 1 and rows == 1:
        return Reading(INPUTS_FIRST)
    if len(raw.others) > 1 and raw.others[0] == 1 and not fitting:
        return Reading(SHARED)
    return f"inputs and heads cannot be told apart in weights of the shape {tuple(raw.weights.shape)} on {in_words}"


def agree(reading: Reading, layer: int, one: Run, other: Run) -> bool:
    """Whether the same rows have the same weights in both runs."""
    first, second = one.layers[layer], other.layers[layer]
    a, b = reading.of(first, len(one.rows)), reading.of(second, len(other.rows))
    assert a is not None and b is not None
    most = EXACT if first.is_exact else ROUNDED
    pairs = [(a[i], b[j]) for i, j in same_rows(one.rows, other.rows)]
    return all(float((x - y).abs().mean()) <= most * float(x.abs().mean()) for x, y in pairs)


def _order(first: Raw, second: Raw, rows: Sequence[int], others: Sequence[int]) -> Reading | str:
    """Inputs or heads first, whichever makes the same rows equal in both runs."""
    if len(rows) == 1:
        return Reading(INPUTS_FIRST)  # one input: both orders are the same
    pairs = [(first.arranged, second.arranged)]
    if first.values is not None and second.values is not None:
        pairs.append((first.values, second.values))
    apart = {order: _distance(pairs, order, rows, others) for order in (INPUTS_FIRST, HEADS_FIRST)}
    order, wrong = sorted(apart, key=lambda each: apart[each])
    if apart[order] < FAR and apart[wrong] > CLEARER * apart[order] + 1e-6:
        return Reading(order)
    return "the order of inputs and heads along its first axis cannot be told from the weights and values"


def _distance(pairs: Sequence[tuple[Tensor, Tensor]], order: str, rows: Sequence[int], others: Sequence[int]) -> float:
    """The largest difference of the same rows between two runs, relative to the values."""
    found = 0.0
    for one, other in pairs:
        a, b = _apart(one, len(rows), order), _apart(other, len(others), order)
        scale = float(a.abs().max()) + 1e-30
        found = max(found, *(float((a[i] - b[j]).abs().max()) / scale for i, j in same_rows(rows, others)))
    return found


def _apart(joined: Tensor, rows: int, order: str) -> Tensor:
    """Inputs and heads, which share the first axis, as two axes."""
    if order == INPUTS_FIRST:
        return joined.reshape(rows, -1, *joined.shape[1:])
    return joined.reshape(-1, rows, *joined.shape[1:]).transpose(0, 1)


def same_rows(rows: Sequence[int], others: Sequence[int]) -> list[tuple[int, int]]:
    """The places of the same row in two lists of rows."""
    return [(i, j) for i, row in enumerate(rows) for j, other in enumerate(others) if row == other]


def whole(weights: Tensor) -> Tensor:
    """A copy with at least single precision, in which a row that may attend to nothing is zero."""
    wide = weights.detach().to(torch.promote_types(weights.dtype, torch.float32), copy=True)
    return wide.masked_fill_(wide.isnan().all(dim=-1, keepdim=True), 0.0)
