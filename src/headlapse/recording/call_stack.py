"""The module of a model that is running, and whether it attends to another sequence than its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from torch import Tensor, nn

SEQUENCE_AXES = 3  # (batch, position, feature)


class Call(NamedTuple):
    """The name of a running module, e.g. `encoder.layers.0.self_attn`, and whether its arguments are two sequences, or any."""

    name: str = ""
    is_cross: bool = False
    has_sequence: bool = False


class CallStack:
    """The modules of a model that run within `watching`."""

    def __init__(self, model: nn.Module) -> None:
        self._modules = dict(model.named_modules())
        self._calls: list[Call] = []

    @property
    def top(self) -> Call:
        """The innermost call with a sequence as argument, e.g. the one around a mere softmax; else the innermost."""
        with_sequence = (call for call in reversed(self._calls) if call.has_sequence)
        return next(with_sequence, self._calls[-1] if self._calls else Call())

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within the block, calls of the modules are tracked. The hooks are removed afterwards."""
        with ExitStack() as hooks:
            for name, module in self._modules.items():
                hooks.callback(module.register_forward_pre_hook(self._entering(name), with_kwargs=True).remove)
                hooks.callback(module.register_forward_hook(self._leave, always_call=True).remove)
            yield
        self._calls.clear()

    def _entering(self, name: str) -> Any:
        def enter(_module: nn.Module, inputs: tuple[Any, ...], named: Mapping[str, Any]) -> None:
            given = [*inputs, *(value for key, value in named.items() if "pos" not in key)]
            sequences = {value.data_ptr() for value in given if _is_sequence(value)}
            self._calls.append(Call(name, is_cross=len(sequences) > 1, has_sequence=bool(sequences)))

        return enter

    def _leave(self, _module: nn.Module, _inputs: tuple[Any, ...], _output: Any) -> None:
        if self._calls:
            self._calls.pop()


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Tensor) and value.ndim == SEQUENCE_AXES and value.is_floating_point()
