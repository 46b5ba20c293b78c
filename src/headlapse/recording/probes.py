"""The inputs on which a model is observed: a tensor, or a dict or tuple of inputs that include tensors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.recording.tensors import tensors_in
from headlapse.results.checkpoints import content_hash

PLAIN = (int, float, str)
Inputs = Tensor | Mapping[str, Any] | tuple[Any, ...] | list[Any]


class Probe:
    """Inputs of a model, kept on the CPU; `rows` of them, along the first axis of its tensors."""

    def __init__(self, inputs: Inputs) -> None:
        """Tensors without axes have no rows. Raises `InvalidValueError` if there is no tensor with rows, or no row."""
        tensors = [tensor for tensor in tensors_in(_plain(inputs)) if tensor.ndim]
        if not tensors:
            raise checks.wrong("probe", "a tensor of inputs, or a dict or tuple with one among them", inputs)
        self.rows = len(tensors[0])
        if self.rows == 0:
            raise InvalidValueError("probe has no rows; give the inputs to look at")
        self._first = next(
            (f"the first tensor, {name!r}," for name, each in _named(inputs) if each is tensors[0]), "the first tensor"
        )
        self._inputs = _on(_plain(inputs), torch.device("cpu"), copy=True)

    @property
    def sha256(self) -> str:
        """The hash of the content of its tensors, in their order."""
        arrays = [tensor.float() if tensor.dtype == torch.bfloat16 else tensor for tensor in tensors_in(self._inputs)]
        return content_hash({f"{place:03d}": array.numpy() for place, array in enumerate(arrays)})

    @property
    def rows_in_words(self) -> str:
        """How many rows there are, and which of several tensors tells."""
        several = len(tensors_in(self._inputs)) > 1
        first = f", since {self._first} has as many rows; if it is not the inputs, put them first" if several else ""
        return f"{self.rows} inputs{first}"

    @property
    def uncut(self) -> set[int]:
        """The first sizes, above 1, of tensors that have other rows than the inputs and so stay as they are."""
        return {len(each) for each in tensors_in(self._inputs) if each.ndim > 1} - {1, self.rows}

    def pieces(self, rows: int) -> Iterator[tuple[int, Any]]:
        """The probe in pieces of at most `rows` rows: the number of rows in each, and the inputs."""
        for start in range(0, self.rows, rows):
            count = min(rows, self.rows - start)
            yield count, self.take(slice(start, start + count))

    def take(self, rows: slice | list[int]) -> Any:
        """These rows of each tensor and list of plain values with as many as the probe; anything else stays unchanged."""
        return self._taken(self._inputs, rows)

    def unlike(self, most: int) -> list[int]:
        """At most `most` rows, in their order, with many zeros and with few: zeros are often padding."""
        tensors = [each for each in tensors_in(self._inputs) if each.ndim and len(each) == self.rows]
        zeros = sum((each == 0).reshape(self.rows, -1).sum(1) for each in tensors)
        ranked = torch.as_tensor(zeros).argsort(stable=True)
        count = min(most, self.rows)
        return sorted(ranked[torch.arange(count) * (self.rows - 1) // max(count - 1, 1)].tolist())

    def _taken(self, inputs: Any, rows: slice | list[int]) -> Any:
        if isinstance(inputs, Tensor):
            return inputs[rows] if inputs.ndim and len(inputs) == self.rows else inputs
        if isinstance(inputs, Mapping):
            return {name: self._taken(value, rows) for name, value in inputs.items()}
        if isinstance(inputs, list | tuple):
            if len(inputs) == self.rows and all(isinstance(each, PLAIN) for each in inputs):
                return type(inputs)(inputs[rows] if isinstance(rows, slice) else [inputs[row] for row in rows])
            return _like(inputs, (self._taken(value, rows) for value in inputs))
        return inputs


def run(model: nn.Module, inputs: Any) -> Any:
    """Run `model` on `inputs`, moved to the device of its parameters: keyword arguments for a dict, several for a tuple."""
    first = next(chain(model.parameters(), model.buffers()), None)
    moved = inputs if first is None else _on(inputs, first.device)
    if isinstance(moved, Mapping):
        return model(**moved)
    return model(*moved) if isinstance(moved, list | tuple) else model(moved)


def _plain(inputs: Any) -> Any:
    """Tokenizers return a mapping type of their own."""
    return dict(inputs) if isinstance(inputs, Mapping) else inputs


def _named(inputs: Any) -> list[tuple[Any, Any]]:
    return list(inputs.items()) if isinstance(inputs, Mapping) else []


def _on(inputs: Any, device: torch.device, copy: bool = False) -> Any:
    if isinstance(inputs, Tensor):
        return inputs.detach().to(device, copy=copy)
    if isinstance(inputs, Mapping):
        return {name: _on(value, device, copy) for name, value in inputs.items()}
    if isinstance(inputs, list | tuple):
        return _like(inputs, (_on(value, device, copy) for value in inputs))
    return inputs


def _like(series: list[Any] | tuple[Any, ...], values: Iterable[Any]) -> Any:
    """`values` as a series of the same type; named tuples take them one by one."""
    return type(series)(*values) if hasattr(series, "_fields") else type(series)(values)
