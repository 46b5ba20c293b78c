"""Sources of attention weights: the model's own computation, its hook points, or a function of the user's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor, nn

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.recording.call_stack import Call, CallStack
from headlapse.recording.capture import AttentionMode, are_shares
from headlapse.recording.layers import Seen
from headlapse.recording.parts import joined
from headlapse.recording.probes import run
from headlapse.recording.readings import Raw, guess, whole
from headlapse.recording.said import unread
from headlapse.recording.tensors import INSTEAD

OTHERWISE = f"{INSTEAD}, or the names of modules whose outputs are (batch, heads, to, from)"


class Found(NamedTuple):
    """The attention layers of one forward pass, and the modules of softmaxes and products of scores that were not read."""

    layers: Sequence[Raw]
    others: Sequence[str] = ()
    again: Sequence[str] = ()  # the modules in which weights that were read multiply something once more


@dataclass(frozen=True)
class Source:
    """Where attention comes from; `look` takes the model, inputs, and their number of rows."""

    look: Callable[[nn.Module, Any, int], Found]

    def __call__(self, model: nn.Module, inputs: Any, rows: int) -> list[Seen]:
        """The layers that can be read with the inputs as first axis."""
        return self.guessed(self.look(model, inputs, rows).layers, rows)

    def guessed(self, layers: Sequence[Raw], rows: int) -> list[Seen]:
        """Those of the layers that can be read with the inputs as first axis."""
        readings = [(raw, guess(raw, rows)) for raw in layers]
        read = [(raw, None if reading is None else reading.of(raw, rows)) for raw, reading in readings]
        return [Seen(raw.how, raw.call, weights) for raw, weights in read if weights is not None]


def source_of(attention: Any) -> Source:
    """The source for None (torch's functions), a function or names of modules. Raises `InvalidValueError` for others."""
    if attention is None:
        return computed
    if callable(attention):
        return _of_function(attention)
    if not isinstance(attention, list | tuple):
        raise checks.wrong("attention", "a function, or a list of the names of modules", attention)
    return _of_modules(checks.some(checks.text, "attention", attention, "name of a module"))


def _computed(model: nn.Module, inputs: Any, rows: int) -> Found:
    """Every attention layer that `model` computes on `inputs` through torch. Raises `InvalidValueError` if there is none."""
    stack = CallStack(model)
    with stack.watching(), AttentionMode(stack) as mode:
        run(model, inputs)
    found, others = mode.seen, mode.others
    if not found:
        raise InvalidValueError(f"no attention was found in {type(model).__name__}{_not_attention(others)}; {OTHERWISE}")
    return Found(joined(found, rows), others, mode.again)


def _not_attention(modules: Sequence[str]) -> str:
    why = "a softmax must be of scores of queries and keys, and multiply values"
    return f"; not read as attention: {unread(modules)}; {why}" if modules else ""


computed = Source(_computed)


def _of_function(function: Callable[..., Any]) -> Source:
    def look(model: nn.Module, inputs: Any, rows: int) -> Found:
        given = function(model, inputs)
        try:
            layers = list(given)
        except TypeError:
            layers = []
        if not layers:
            wanted = f"one or more layers of shares ({rows}, heads, to, from)"
            raise InvalidValueError(f"the function attention= must return {wanted}, got {checks.shown(given)}")
        return Found([_given("attention", "", layer, rows) for layer in layers])

    return Source(look)


def _of_modules(names: Sequence[str]) -> Source:
    def look(model: nn.Module, inputs: Any, rows: int) -> Found:
        found: dict[str, list[Any]] = {name: [] for name in names}
        modules = dict(model.named_modules())
        checks.known("module", names, modules if "" in names else filter(None, modules))
        with ExitStack() as hooks:
            for name in names:
                hook = modules[name].register_forward_hook(lambda _module, _in, out, name=name: found[name].append(out))
                hooks.callback(hook.remove)
            run(model, inputs)
        missing = [name for name in names if not found[name]]
        if missing:
            raise InvalidValueError(f"module {missing[0]} did not run; {OTHERWISE}")
        return Found([_given("module", name, output, rows) for name in names for output in found[name]])

    return Source(look)


def _given(how: str, name: str, weights: object, rows: int) -> Raw:
    if not isinstance(weights, Tensor) or not weights.is_floating_point():
        kind = weights.dtype if isinstance(weights, Tensor) else type(weights).__name__
        raise _wrong(name, rows, f"is not a tensor of floating-point numbers, but {kind}")
    raw = Raw(how, Call(name), whole(weights))
    if guess(raw, rows) is None:
        raise _wrong(name, rows, f"has the shape {tuple(weights.shape)}")
    if not are_shares(raw.weights):
        raise _wrong(name, rows, _not_shares(raw.weights))
    return raw


def _wrong(name: str, rows: int, problem: str) -> InvalidValueError:
    wanted = f"shares ({rows}, heads, to, from) that sum to at most 1 over from"
    return InvalidValueError(f"attention of {name or 'a layer'} must be {wanted}; it {problem}")


def _not_shares(weights: Tensor) -> str:
    if float(weights.min()) < 0:
        return f"has negative numbers, down to {float(weights.min()):.3g}"
    return f"has rows that sum to {float(weights.sum(dim=-1).max()):.3g}"
