"""Observe a model: the selected attention on all inputs, leaving the model unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import nn

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.recording.failures import running
from headlapse.recording.layers import Layer, Seen, in_words, layers_of
from headlapse.recording.layouts import Layout
from headlapse.recording.probes import Probe
from headlapse.recording.selection import Selection
from headlapse.recording.sources import Source
from headlapse.recording.untouched import untouched

PIECE_BYTES = 2**28  # limit of the weights of all layers in one forward pass


@dataclass(frozen=True)
class Observer:
    """The layers to observe, and the part to keep. `found` are all attention layers of the model."""

    source: Source
    probe: Probe
    found: Sequence[Layer]
    selection: Selection
    axes: tuple[Axis, ...]
    layout: Layout
    broken: set[str] = field(default_factory=set)  # names of recorded layers whose weights were not numbers

    def patterns(self, model: nn.Module) -> np.ndarray:
        """The selected attention, `(head, to, from, *axes)`.

        Raises `InvalidValueError` if the model's attention layers differ from those at the beginning of the recording.
        """
        place, patterns, sums = 0, None, 0.0
        for kept in self._pieces(model):
            if self.selection.mean:
                sums = sums + kept.sum(axis=0, dtype=np.float64)
                continue
            if patterns is None:
                patterns = np.empty((*kept.shape[1:], self.probe.rows), dtype=self.selection.dtype)
            patterns[..., place : place + len(kept)] = np.moveaxis(kept, 0, -1)
            place += len(kept)
        if patterns is None:
            patterns = (np.asarray(sums) / self.probe.rows).astype(self.selection.dtype)
        return np.ascontiguousarray(patterns.reshape(*patterns.shape[:3], *(axis.size for axis in self.axes)))

    def _pieces(self, model: nn.Module) -> Iterator[np.ndarray]:
        for rows, inputs in self.probe.pieces(self._rows_at_once):
            with untouched(model), running(model, inputs):
                layers = self.source.look(model, inputs, rows).layers
            seen = self.layout.read(layers, rows)
            if seen is None:
                raise self._other(in_words(layers_of(self.source.guessed(layers, rows))))
            self._check(seen)
            self.broken.update(
                layer.name or f"layer {layer.place}" for layer in self.selection.layers if layers[layer.place].is_broken
            )
            yield self.selection.of([seen[layer.place].weights for layer in self.selection.layers])

    def _check(self, seen: Sequence[Seen]) -> None:
        now = layers_of(seen)
        if [(layer.heads, layer.shape) for layer in now] != [(layer.heads, layer.shape) for layer in self.found]:
            raise self._other(in_words(now))

    def _other(self, now: str) -> InvalidValueError:
        return InvalidValueError(f"the model now has {now}; when the recording began it had {in_words(self.found)}")

    @property
    def least_rows_at_once(self) -> int:
        """The least number of inputs in one forward pass."""
        return self.probe.rows if self.layout.is_whole else 1

    @property
    def _rows_at_once(self) -> int:
        if self.layout.is_whole:
            return self.probe.rows
        of_row = sum(4 * layer.heads * layer.shape.to * layer.shape.from_ for layer in self.found)
        return max(1, PIECE_BYTES // max(of_row, 1))

    def __str__(self) -> str:
        return in_words(self.found)
