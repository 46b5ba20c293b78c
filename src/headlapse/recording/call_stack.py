"""The running module of a model, whether it attends to another sequence, and on which attention its tensors build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import torch
from torch import Tensor, nn

from headlapse.errors import InvalidValueError
from headlapse.recording.tensors import INSTEAD, check_not_mapped, tensors_in

SEQUENCE_AXES = 3  # (batch, position, feature)
ATTENTION = 0  # the origin of what attention gives; calls of modules are numbered from 1


class Call(NamedTuple):
    """The name of a running module, e.g. `encoder.layers.0.self_attn`, and whether its arguments are two sequences, or any.

    `given` are the numbers of these sequences, `lengths` all sizes of the arguments of this and the outer modules that may be
    numbers of positions.
    """

    name: str = ""
    is_cross: bool = False
    given: frozenset[int] = frozenset()
    number: int = 0
    lengths: frozenset[int] = frozenset()

    @property
    def has_sequence(self) -> bool:
        """Whether a sequence is among the arguments."""
        return bool(self.given)


class CallStack:
    """The modules of a model that run within `watching`."""

    def __init__(self, model: nn.Module) -> None:
        self._modules = dict(model.named_modules())
        self._calls: list[Call] = []
        self._numbers = count(1)
        self._sequences: WeakValueDictionary[int, Tensor] = WeakValueDictionary()
        self._alive: WeakValueDictionary[int, Tensor] = WeakValueDictionary()
        self._origins: dict[int, frozenset[tuple[int, int]]] = {}  # (number of the call, its argument)

    @property
    def top(self) -> Call:
        """The innermost call with a sequence as argument, e.g. the one around a mere softmax; else the innermost."""
        return self._innermost()

    def around(self, scores: Tensor) -> Call:
        """As `top`, leaving out a module whose argument is `scores`, such as `nn.Softmax`."""
        return self._innermost(self._number(scores))

    def _innermost(self, beside: int | None = None) -> Call:
        with_sequence = (call for call in reversed(self._calls) if call.has_sequence and beside not in call.given)
        return next(with_sequence, self._calls[-1] if self._calls else Call())

    def is_cross(self, query: Tensor, key: Tensor) -> bool:
        """Whether the running module compares two of its sequences: the query comes from one from which the key does not."""
        top = self.top
        if not top.is_cross:
            return False
        one, other = (self._arguments(each, top.number) for each in (query, key))
        return not one <= other if one and other else True

    def pass_on(self, given: Sequence[Tensor], result: object) -> None:
        """What is computed from arguments of a call comes from all of them."""
        if not self._alive:
            return
        origins = frozenset().union(*(self._origin(each) for each in given))
        if origins:
            for each in [*tensors_in(result), *(given[:1] if result is None else ())]:
                self._add(each, origins)
                if each is given[0] and each._base is not None:  # a part was written
                    self._add(each._base, origins)

    def attended(self, result: object, place: int) -> None:
        """`result` is what the attention computed at `place` gives."""
        for each in tensors_in(result):
            self._add(each, frozenset({(ATTENTION, place)}))

    def builds_on(self, *tensors: Tensor) -> frozenset[int]:
        """The places of all attention that the tensors come from."""
        return frozenset().union(*(self._arguments(each, ATTENTION) for each in tensors))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within the block, calls of the modules are tracked. The hooks are removed afterwards."""
        with ExitStack() as hooks:
            for name, module in self._modules.items():
                if isinstance(module, torch.jit.ScriptModule):
                    raise InvalidValueError(
                        f"the calculations of {name or 'the model'} cannot be seen, since it is scripted (torch.jit); record "
                        f"the model without scripting, or {INSTEAD}"
                    )
                hooks.callback(module.register_forward_pre_hook(self._entering(name), with_kwargs=True).remove)
                hooks.callback(module.register_forward_hook(self._leave, always_call=True).remove)
            yield
        self._calls.clear()

    def _entering(self, name: str) -> Any:
        def enter(_module: nn.Module, inputs: tuple[Any, ...], named: Mapping[str, Any]) -> None:
            given = [*inputs, *(value for key, value in named.items() if "pos" not in key)]
            sequences: dict[int, list[Tensor]] = {}
            for value in filter(_is_sequence, given):
                check_not_mapped(value)
                sequences.setdefault(value.data_ptr(), []).append(value)
            outer = self._calls[-1].lengths if self._calls else frozenset()
            lengths = outer.union(*map(_lengths, tensors_in(given)))
            numbers = frozenset(self._number(each) for same in sequences.values() for each in same)
            call = Call(name, len(sequences) > 1, numbers, next(self._numbers), lengths)
            self._calls.append(call)
            if call.is_cross:
                for place, same in enumerate(sequences.values()):
                    for each in same:
                        self._add(each, frozenset({(call.number, place)}))

        return enter

    def _leave(self, _module: nn.Module, _inputs: tuple[Any, ...], _output: Any) -> None:
        if self._calls:
            self._calls.pop()

    def _number(self, sequence: Tensor) -> int:
        """The same for every call that is given this tensor; an address may be used again."""
        number = next((number for number, each in self._sequences.items() if each is sequence), None)
        if number is None:
            number = next(self._numbers)
            self._sequences[number] = sequence
        return number

    def _origin(self, tensor: Tensor) -> frozenset[tuple[int, int]]:
        known = self._alive.get(id(tensor)) is tensor
        return self._origins[id(tensor)] if known else frozenset()

    def _arguments(self, tensor: Tensor, number: int) -> set[int]:
        return {place for call, place in self._origin(tensor) if call == number}

    def _add(self, tensor: Tensor, origins: frozenset[tuple[int, int]]) -> None:
        if isinstance(tensor, nn.Parameter):
            return
        self._origins[id(tensor)] = self._origin(tensor) | origins
        self._alive[id(tensor)] = tensor


def _lengths(tensor: Tensor) -> tuple[int, ...]:
    """The sizes that may be numbers of positions: the last one is that of the features."""
    return tuple(tensor.shape[: SEQUENCE_AXES - 1] if tensor.is_floating_point() else tensor.shape)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Tensor) and value.ndim == SEQUENCE_AXES and value.is_floating_point()
