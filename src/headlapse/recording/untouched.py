"""Run a model in evaluation mode and restore everything, so that later training gives the same numbers, bit for bit."""

from __future__ import annotations

import random
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch._ops import HigherOrderOperator
from torch.utils._python_dispatch import TorchDispatchMode

from headlapse.recording.tensors import tensors_in


@contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """Within the block, the model is in evaluation mode and no gradients are recorded.

    Afterwards the mode of every module, all parameters and buffers, the states of the random number generators of Python, numpy
    and torch on every device, and the allowed attention kernels are as before. The cache of autocast stays empty.
    """
    with ExitStack() as stack:
        stack.enter_context(_same_random_numbers())
        stack.enter_context(_same_modes(model))
        stack.enter_context(_same_buffers(model))
        stack.enter_context(_FAST_PATH)
        stack.enter_context(_eager())
        for device in ("cpu", "cuda"):
            stack.enter_context(_autocast_without_cache(device))
        stack.enter_context(torch.no_grad())
        stack.enter_context(_same_parameters(model))
        yield


@contextmanager
def _same_random_numbers() -> Iterator[None]:
    plain, of_numpy = random.getstate(), np.random.get_state()
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else []
    try:
        with torch.random.fork_rng(devices=devices):
            yield
    finally:
        random.setstate(plain)
        np.random.set_state(of_numpy)


@contextmanager
def _same_modes(model: nn.Module) -> Iterator[None]:
    """Some modules may be in evaluation mode while the model trains.

    The attribute is set instead of calling `eval`, where some modules, such as LoRA's, change their weights.
    """
    modes = [(module, module.training) for module in model.modules()]
    try:
        for module, _ in modes:
            module.training = False
        yield
    finally:
        for module, mode in modes:
            module.training = mode


@contextmanager
def _same_buffers(model: nn.Module) -> Iterator[None]:
    """Buffers that a forward pass writes or replaces, such as counters, are restored; other buffers are not touched."""
    owners = [(module, dict(module._buffers)) for module in model.modules() if isinstance(module._buffers, dict)]
    before = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
    try:
        yield
    finally:
        for module, buffers in owners:
            for name, buffer in buffers.items():
                if _is_successor(module._buffers.get(name), buffer):
                    module._buffers[name] = buffer
        for buffer, content in before:
            _restore(buffer, content)


def _is_successor(now: Tensor | None, before: Tensor | None) -> bool:
    """Whether a buffer was replaced by its next value. One of another shape is a cache that has grown, which stays."""
    if now is None or before is None:
        return now is not before and now is None
    return now is not before and now.shape == before.shape and now.dtype == before.dtype


def _restore(tensor: Tensor, content: Tensor) -> None:
    """Write `content` back if it differs, unseen by autograd, which may have saved the tensor for a backward pass."""
    with torch.inference_mode(tensor.is_inference()), torch.no_grad():
        if not torch.equal(tensor, content):
            tensor.data.copy_(content)


@contextmanager
def _same_parameters(model: nn.Module) -> Iterator[None]:
    """Parameters that a forward pass writes, such as embeddings with a largest norm, are restored."""
    writes = _Writes(model.parameters())
    try:
        with writes:
            yield
    finally:
        for parameter, content in writes.before:
            _restore(parameter, content)


class _Writes(TorchDispatchMode):
    """Keeps a copy of each of some tensors before it is first written; `before` are these tensors and their copies."""

    supports_higher_order_operators = True  # such as flex_attention, which writes nothing

    def __init__(self, tensors: Iterable[Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.before: list[tuple[Tensor, Tensor]] = []
        self._unwritten: dict[int, list[Tensor]] = {}
        for tensor in tensors:
            self._unwritten.setdefault(_place(tensor), []).append(tensor)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = kwargs or {}
        for place, argument in enumerate([] if isinstance(func, HigherOrderOperator) else func._schema.arguments):
            if argument.alias_info is not None and argument.alias_info.is_write:
                given = args[place] if place < len(args) else named.get(argument.name)
                for tensor in tensors_in(given):
                    self._keep(tensor)
        return func(*args, **named)

    def _keep(self, written: Tensor) -> None:
        self.before += [(tensor, tensor.detach().clone()) for tensor in self._unwritten.pop(_place(written), [])]


def _place(tensor: Tensor) -> int:
    """The address of the values, which views share."""
    try:
        return tensor.untyped_storage().data_ptr()
    except (NotImplementedError, RuntimeError):  # a tensor without a storage of its own
        return -1


class _FastPath:
    """Encoder layers take a fast path in evaluation mode, which bypasses torch's functions. It is off while anyone looks."""

    def __init__(self) -> None:
        self._lock, self._users, self._was = threading.Lock(), 0, True

    def __enter__(self) -> None:
        with self._lock:
            if self._users == 0:
                self._was = torch.backends.mha.get_fastpath_enabled()
                torch.backends.mha.set_fastpath_enabled(False)
            self._users += 1

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                torch.backends.mha.set_fastpath_enabled(self._was)


_FAST_PATH = _FastPath()  # torch has one switch for all threads


@contextmanager
def _eager() -> Iterator[None]:
    """A compiled model runs its own Python code, and its compiled code stays."""
    if "torch._dynamo" not in sys.modules:  # nothing is compiled
        yield
        return
    with torch.compiler.set_stance("force_eager"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "flex_attention called without torch.compile")
        yield


@contextmanager
def _autocast_without_cache(device: str) -> Iterator[None]:
    """A weight cast without gradients must not be left in the cache, where training would find it."""
    if not torch.is_autocast_enabled(device):
        yield
        return
    dtype = torch.get_autocast_dtype(device)
    with torch.autocast(device, dtype=dtype, cache_enabled=False):
        yield
