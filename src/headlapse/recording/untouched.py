"""Run a model in evaluation mode and restore everything, so that later training gives the same numbers, bit for bit."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import numpy as np
import torch
from torch import nn


@contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """Within the block, the model is in evaluation mode and no gradients are recorded.

    Afterwards the mode of every module, all buffers, the states of the random number generators of Python, numpy and torch on
    every device, and the allowed attention kernels are as before. The cache of autocast stays empty.
    """
    with ExitStack() as stack:
        stack.enter_context(_same_random_numbers())
        stack.enter_context(_same_modes(model))
        stack.enter_context(_same_buffers(model))
        stack.enter_context(_plain_attention())
        stack.enter_context(_eager())
        for device in ("cpu", "cuda"):
            stack.enter_context(_autocast_without_cache(device))
        stack.enter_context(torch.no_grad())
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
    """Some modules may be in evaluation mode while the model trains."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        yield
    finally:
        for module, mode in modes:
            module.training = mode


@contextmanager
def _same_buffers(model: nn.Module) -> Iterator[None]:
    """Values that a forward pass writes into a buffer, such as a counter, are restored; other buffers are not touched."""
    before = [(buffer, buffer._version, buffer.detach().clone()) for buffer in model.buffers()]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, version, content in before:
                if buffer._version != version:
                    buffer.copy_(content)


@contextmanager
def _plain_attention() -> Iterator[None]:
    """Encoder layers take a fast path in evaluation mode, which bypasses torch's functions."""
    was = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(was)


@contextmanager
def _eager() -> Iterator[None]:
    """A compiled model runs its own Python code, and its compiled code stays."""
    if "torch._dynamo" not in sys.modules:  # nothing is compiled
        yield
        return
    with torch.compiler.set_stance("force_eager"):
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
