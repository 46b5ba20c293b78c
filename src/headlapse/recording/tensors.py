"""Tensors among the arguments of a call, and the functions of torch that are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from headlapse.errors import InvalidValueError

INSTEAD = "pass attention=, a function of (model, probe) that returns (layers, batch, heads, to, from)"


def tensors_in(arguments: Any) -> list[Tensor]:
    """The tensors among arguments, including those in tuples, lists and dicts."""
    if isinstance(arguments, Tensor):
        return [arguments]
    if isinstance(arguments, Mapping):
        arguments = list(arguments.values())
    if isinstance(arguments, list | tuple):
        return [tensor for each in arguments for tensor in tensors_in(each)]
    return []


def name_of(func: Callable[..., Any]) -> str:
    """The name of a function, or of the attribute that it reads."""
    name = getattr(func, "__name__", "")
    return str(getattr(func, "__self__").__name__ if name == "__get__" else name)  # noqa: B009


def check_readable(tensor: Tensor) -> None:
    """Raise `InvalidValueError` for a tensor within `torch.vmap`, which hides an axis, and for a nested tensor."""
    if tensor.is_nested:
        raise InvalidValueError(f"attention of nested tensors cannot be read; pad the inputs, or {INSTEAD}")
    if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        raise InvalidValueError(f"attention within torch.vmap cannot be read; {INSTEAD}")
