"""Matrix products of numpy and torch in one thread, while our own threads work in parallel.

Their threads would compete with ours. Sums of large matrices also round differently in two threads than in one, so the same
checkpoint would give other last bits from one command, or one machine, to the next.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from threading import Lock

from threadpoolctl import OpenBLASController, ThreadpoolController


class _OneThread:
    """A context for several threads at once. The setting is global: the first thread sets it, the last restores it."""

    def __init__(self) -> None:
        self._lock, self._inside, self._limit = Lock(), 0, ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._limit.enter_context(_controller().limit(limits=1, user_api="blas"))
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                OpenBLASController.clear_controlling_thread(force=True)  # else only the thread that set it could restore it
                self._limit.close()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


one_blas_thread = _OneThread()


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Keep torch in one thread if it is loaded; only for the Python thread that enters. Whoever loads it enters afterwards."""
    if "torch" not in sys.modules:  # callers without torch must not pay for its import
        yield
        return
    torch = import_module("torch")  # another thread may be loading it: this waits until it has
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
