"""Sources of attention weights: the model's own computation, its hook points, or a function of the user's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor, nn

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.recording.call_stack import Call, CallStack
from headlapse.recording.capture import AttentionMode, Seen, as_layer, whole
from headlapse.recording.probes import run

Source = Callable[[nn.Module, Any, int], list[Seen]]  # (model, inputs, number of rows) -> the layers
OTHERWISE = (
    "pass attention=, a function of (model, probe) that returns (layers, batch, heads, to, from), "
    "or the names of modules whose outputs are (batch, heads, to, from)"
)


def source_of(attention: Any) -> Source:
    """The source for None (torch's functions), a function or names of modules. Raises `InvalidValueError` for others."""
    if attention is None:
        return computed
    if callable(attention):
        return _of_function(attention)
    return _of_modules(checks.some(checks.text, "attention", attention, "name of a module"))


def computed(model: nn.Module, inputs: Any, rows: int) -> list[Seen]:
    """Every attention layer that `model` computes on `inputs` through torch. Raises `InvalidValueError` if there is none."""
    stack = CallStack(model)
    with stack.watching(), AttentionMode(stack, rows) as mode:
        run(model, inputs)
    if not mode.seen:
        others = f" ({mode.n_others} softmax calls are not attention)" if mode.n_others else ""
        raise InvalidValueError(f"no attention was found in {type(model).__name__}{others}; {OTHERWISE}")
    seen: list[Seen] = mode.seen
    return seen


def _of_function(function: Callable[..., Any]) -> Source:
    def source(model: nn.Module, inputs: Any, rows: int) -> list[Seen]:
        return [_given("attention", "", layer, rows) for layer in function(model, inputs)]

    return source


def _of_modules(names: Sequence[str]) -> Source:
    def source(model: nn.Module, inputs: Any, rows: int) -> list[Seen]:
        found: dict[str, Any] = {}
        modules = dict(model.named_modules())
        checks.known("module", names, modules)
        with ExitStack() as hooks:
            for name in names:
                hook = modules[name].register_forward_hook(lambda _module, _in, out, name=name: found.update({name: out}))
                hooks.callback(hook.remove)
            run(model, inputs)
        missing = [name for name in names if name not in found]
        if missing:
            raise InvalidValueError(f"module {missing[0]} did not run; {OTHERWISE}")
        return [_given("module", name, found[name], rows) for name in names]

    return source


def _given(how: str, name: str, weights: object, rows: int) -> Seen:
    shaped = as_layer(weights, rows) if isinstance(weights, Tensor) and weights.is_floating_point() else None
    if shaped is None or not _are_shares(shaped):
        found = tuple(weights.shape) if isinstance(weights, Tensor) else weights
        raise InvalidValueError(
            f"attention of {name or 'a layer'} must be shares ({rows}, heads, to, from) that sum to at most 1, "
            f"got {checks.shown(found)}"
        )
    return Seen(how, Call(name), whole(shaped))


def _are_shares(weights: Tensor) -> bool:
    """Whether every number is in [0, 1] and no row sums to more than 1; NaN stands for a row without any key."""
    known = torch.nan_to_num(weights.detach().float())
    return bool((known >= -1e-3).all() and (known.sum(dim=-1) <= 1 + 1e-2).all())
