"""The running module of a model, whether it attends to another sequence, and from what its tensors come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from headlapse.errors import InvalidValueError
from headlapse.recording.tensors import INSTEAD, check_readable, tensors_in

SEQUENCE_AXES = 3  # (batch, position, feature)
ATTENTION = 0  # the origin of what attention gives; calls of modules are numbered from 1
INPUT, LOOKUP, OWN = -1, -2, -3  # origins: what the model is given, what it looks up for that, its own parameters and buffers
ARGUMENT = -4  # the origin of an argument of the running call, whatever its number

Sources = tuple[frozenset[tuple[int, int]], ...]  # the origins of queries, keys and values


class Call(NamedTuple):
    """The name of a running module, e.g. `encoder.layers.0.self_attn`, and whether its arguments are two sequences, or any.

    `given` are the numbers of these sequences, `lengths` all sizes of the arguments of this and the outer modules that may be
    numbers of positions. A module that `has_weights` may compute the queries and keys; another only compares them.
    """

    name: str = ""
    is_cross: bool = False
    given: frozenset[int] = frozenset()
    number: int = 0
    lengths: frozenset[int] = frozenset()
    has_weights: bool = True

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
        self._thread = threading.get_ident()
        self._apart: str | None = None  # a module that ran in another thread
        self._add_own(model)

    @property
    def top(self) -> Call:
        """The innermost call of a module with weights and a sequence as argument, e.g. the one around a mere softmax.

        If there is none, the innermost of a module with weights, else the innermost.
        """
        return self._innermost()

    def around(self, scores: Tensor) -> Call:
        """As `top`, leaving out a module whose argument is `scores`, such as `nn.Softmax`."""
        return self._innermost(self._number(scores))

    def _innermost(self, beside: int | None = None) -> Call:
        calls = [call for call in reversed(self._calls) if call.has_weights] or self._calls[::-1]
        with_sequence = (call for call in calls if call.has_sequence and beside not in call.given)
        return next(with_sequence, calls[0] if calls else Call())

    def is_cross(self, query: Tensor, key: Tensor) -> bool:
        """Whether the running module compares two of its sequences: the query comes from one from which the key does not.

        A module without sequences, such as a model of tokens, compares two inputs of the model.
        """
        top = self.top
        if top.has_sequence and not top.is_cross:
            return False
        one, other = (self._arguments(each, top.number if top.has_sequence else INPUT) for each in (query, key))
        return not one <= other if one and other else top.is_cross

    def pass_on(self, func: Callable[..., Any], given: Sequence[Tensor], result: object) -> None:
        """What is computed from arguments of a call comes from all of them, and from what is looked up."""
        origins = frozenset().union(*(self._origin(each, place > 0) for place, each in enumerate(given)))
        if func is F.embedding:
            is_of_input = any(kind == INPUT for kind, _ in origins)
            origins |= {(LOOKUP, next(self._numbers))} if is_of_input else self._origin(given[-1])
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

    def sources(self, *tensors: Tensor) -> Sources:
        """For each tensor the arguments of the running call, inputs and embeddings of inputs from which it comes.

        A tensor that comes from nothing of the kind comes from parameters or buffers of the model.
        """
        kinds = {self.top.number: ARGUMENT, INPUT: INPUT, LOOKUP: LOOKUP}
        origins = [self._origin(each) for each in tensors]
        known = [frozenset((kinds[kind], place) for kind, place in each if kind in kinds) for each in origins]
        return tuple(
            each or frozenset(own for own in origin if own[0] == OWN) for each, origin in zip(known, origins, strict=True)
        )

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
                has_weights = next(module.parameters(), None) is not None
                enter = self._entering(name, has_weights)
                hooks.callback(module.register_forward_pre_hook(enter, with_kwargs=True).remove)
                hooks.callback(module.register_forward_hook(self._leave, always_call=True).remove)
            yield
        self._calls.clear()
        if self._apart is not None:  # an error in that thread could end a training that shares the model
            name = self._apart or "the model"
            raise InvalidValueError(
                f"the calculations of {name} cannot be seen, since it runs in a thread of its own; {INSTEAD}"
            )

    def _entering(self, name: str, has_weights: bool) -> Any:
        def enter(_module: nn.Module, inputs: tuple[Any, ...], named: Mapping[str, Any]) -> None:
            if self._is_elsewhere():
                self._apart = name
                return
            if not self._calls:
                for each in tensors_in((inputs, named)):
                    self._add(each, frozenset({(INPUT, self._number(each))}))
            given = [*inputs, *(value for key, value in named.items() if "pos" not in key)]
            sequences: dict[int, list[Tensor]] = {}
            for value in filter(_is_sequence, given):
                check_readable(value)
                sequences.setdefault(value.data_ptr(), []).append(value)
            outer = self._calls[-1].lengths if self._calls else frozenset()
            lengths = outer.union(*map(_lengths, tensors_in(given)))
            numbers = frozenset(self._number(each) for same in sequences.values() for each in same)
            call = Call(name, len(sequences) > 1, numbers, next(self._numbers), lengths, has_weights)
            self._calls.append(call)
            if call.is_cross:
                for place, same in enumerate(sequences.values()):
                    for each in same:
                        self._add(each, frozenset({(call.number, place)}))

        return enter

    def _is_elsewhere(self) -> bool:
        return threading.get_ident() != self._thread

    def _leave(self, _module: nn.Module, _inputs: tuple[Any, ...], _output: Any) -> None:
        if self._calls and not self._is_elsewhere():
            self._calls.pop()

    def _number(self, sequence: Tensor) -> int:
        """The same for every call that is given this tensor; an address may be used again."""
        number = next((number for number, each in self._sequences.items() if each is sequence), None)
        if number is None:
            number = next(self._numbers)
            self._sequences[number] = sequence
        return number

    def _origin(self, tensor: Tensor, is_weight: bool = False) -> frozenset[tuple[int, int]]:
        """Where a tensor comes from. A parameter does not count as origin where it is the weight of a layer."""
        known = self._alive.get(id(tensor)) is tensor
        origins = self._origins[id(tensor)] if known else frozenset()
        return frozenset(each for each in origins if each[0] != OWN) if is_weight else origins

    def _arguments(self, tensor: Tensor, number: int) -> set[int]:
        return {place for call, place in self._origin(tensor) if call == number}

    def _add_own(self, model: nn.Module) -> None:
        """Parameters and buffers come from themselves. Those of modules in a list are alike."""
        numbers: dict[str, int] = {}
        for name, each in (*model.named_parameters(), *model.named_buffers()):
            alike = ".".join(part for part in name.split(".") if not part.isdecimal())
            self._origins[id(each)] = frozenset({(OWN, numbers.setdefault(alike, len(numbers)))})
            self._alive[id(each)] = each

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
