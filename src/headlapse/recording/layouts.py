"""Look at a model on a few rows of the probe: how is its attention to be read, and are its inputs independent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

from headlapse.errors import InvalidValueError
from headlapse.recording.failures import DoesNotRunError, running
from headlapse.recording.layers import Seen
from headlapse.recording.order import another_order, is_reordered, rows_to_compare, values_follow
from headlapse.recording.probes import Probe
from headlapse.recording.readings import REORDERED, SHARED, Raw, Reading, Run, agree, reading_of, reading_of_whole
from headlapse.recording.sources import Found, Source
from headlapse.recording.tensors import INSTEAD
from headlapse.recording.untouched import untouched

ROWS = 2  # of the probe in the first run, one more in the second: enough to know every size except that of the probe


@dataclass(frozen=True)
class Layout:
    """A reading for each attention layer; `is_whole` if the probe can only be run with all its rows at once."""

    readings: tuple[Reading, ...]
    is_whole: bool = False

    def read(self, layers: Sequence[Raw], rows: int) -> list[Seen] | None:
        """The layers of a run on `rows` inputs; None if they are others than these."""
        if len(layers) != len(self.readings):
            return None
        read = [reading.of(raw, rows) for reading, raw in zip(self.readings, layers, strict=True)]
        named = zip(layers, read, strict=True)
        seen = [Seen(raw.how, raw.call, weights) for raw, weights in named if weights is not None]
        return seen if len(seen) == len(layers) else None


@dataclass(frozen=True)
class Learned:
    """The layout, and the run on which it was learned."""

    layout: Layout
    found: Found
    seen: list[Seen]

    @property
    def one_by_one(self) -> list[str]:
        """The names of the layers whose heads are computed one after the other."""
        layers = zip(self.found.layers, self.layout.readings, strict=True)
        return [raw.call.name for raw, reading in layers if raw.is_joined and (reading.order == SHARED or reading.axis > 0)]

    @property
    def stepwise(self) -> list[str]:
        """The names of the layers whose positions attend one after the other, in a recurrent decoder."""
        return [raw.call.name for raw in self.found.layers if raw.is_stepwise]


def learned(source: Source, model: nn.Module, probe: Probe) -> Learned:
    """The layout of the attention of `model`, from two small runs; from a run on all rows if rows cannot be taken apart.

    Raises `InvalidValueError` naming the layer whose attention cannot be read.
    """
    try:
        one, other = _look(source, model, probe, ROWS), _look(source, model, probe, ROWS + 1)
    except DoesNotRunError:
        return _of_whole(source, model, probe)
    _check_equally_many(one, other)
    runs = Run(one[0].layers, one[1]), Run(other[0].layers, other[1])
    readings = _readings(one[0].layers, [reading_of(layer, *runs) for layer in range(len(one[0].layers))])
    _check_inputs(probe, one[0].layers, readings)
    independent = all(agree(reading, layer, *runs) for layer, reading in enumerate(readings))
    one_by_one = any(raw.is_joined and reading.axis == 0 for raw, reading in zip(one[0].layers, readings, strict=True))
    layout = Layout(readings, is_whole=not independent or one_by_one)
    with_values = [values_follow(reading, layer, runs) for layer, reading in enumerate(readings)]
    _check_order(layout, runs, with_values)
    _check_more_rows(source, model, probe, layout, probe.unlike(rows_to_compare(runs[0])), with_values)
    return _result(layout, one[0], len(one[1]))


def _check_inputs(probe: Probe, layers: Sequence[Raw], readings: Sequence[Reading]) -> None:
    """Raise `InvalidValueError` if weights have an axis of a tensor that is not cut: then that tensor holds the inputs."""
    for raw, reading in zip(layers, readings, strict=True):
        whole = probe.uncut & set(raw.others)
        if reading.order == SHARED and whole:
            raise InvalidValueError(
                f"the attention of {raw.call.name or 'the model'} has an axis of {min(whole)}, the rows of another tensor "
                f"of the probe, and none of {probe.rows_in_words}"
            )


def _look(source: Source, model: nn.Module, probe: Probe, rows: int) -> tuple[Found, list[int]]:
    """A run on the first rows. The second run has them in another order, so that nothing else can be equal by chance."""
    fewer = min(ROWS, probe.rows)
    chosen = list(range(fewer)) if rows == ROWS else [place % probe.rows for place in another_order(range(fewer + 1))]
    return _seen(source, model, probe, chosen), chosen


def _seen(source: Source, model: nn.Module, probe: Probe, rows: list[int]) -> Found:
    inputs = probe.take(rows)
    with untouched(model), running(model, inputs):
        return source.look(model, inputs, len(rows))


def _of_whole(source: Source, model: nn.Module, probe: Probe) -> Learned:
    found = _seen(source, model, probe, list(range(probe.rows)))
    readings = _readings(found.layers, [reading_of_whole(raw, probe.rows, probe.rows_in_words) for raw in found.layers])
    layout = Layout(readings, is_whole=True)
    _check_more_rows(source, model, probe, layout, list(range(probe.rows)), [False] * len(readings))
    return _result(layout, found, probe.rows)


def _check_more_rows(
    source: Source, model: nn.Module, probe: Probe, layout: Layout, rows: list[int], with_values: Sequence[bool]
) -> None:
    """Compare two runs on the same rows, in two orders, unless the model does not accept that."""
    if len(rows) <= ROWS:
        return
    try:
        runs = [Run(_seen(source, model, probe, order).layers, order) for order in (rows, another_order(rows))]
    except DoesNotRunError:
        return
    if all(layout.read(run.layers, len(rows)) is not None for run in runs):
        _check_order(layout, runs, with_values)


def _check_order(layout: Layout, runs: Sequence[Run], with_values: Sequence[bool]) -> None:
    """Raise `InvalidValueError` for the first layer in which the weights of an input are at the place of another."""
    for layer, reading in enumerate(layout.readings):
        if is_reordered(reading, layer, runs[0], runs[1], with_values[layer]):
            raise _unreadable(runs[0].layers[layer], REORDERED)


def _readings(layers: Sequence[Raw], readings: Sequence[Reading | str]) -> tuple[Reading, ...]:
    """The readings. Raises `InvalidValueError` for the first layer without one."""
    for raw, reading in zip(layers, readings, strict=True):
        if isinstance(reading, str):
            raise _unreadable(raw, reading)
    return tuple(reading for reading in readings if isinstance(reading, Reading))


def _unreadable(raw: Raw, why: str) -> InvalidValueError:
    return InvalidValueError(f"the attention of {raw.call.name or 'the model'} cannot be read: {why}; {INSTEAD}")


def _result(layout: Layout, found: Found, rows: int) -> Learned:
    seen = layout.read(found.layers, rows)
    assert seen is not None
    return Learned(layout, found, seen)


def _check_equally_many(one: tuple[Found, list[int]], other: tuple[Found, list[int]]) -> None:
    a, b = len(one[0].layers), len(other[0].layers)
    if a != b:
        raise InvalidValueError(
            f"the attention cannot be read: the model computes {a} layers for {len(one[1])} inputs and {b} for "
            f"{len(other[1])}; {INSTEAD}"
        )
