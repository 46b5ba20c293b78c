"""The products of numpy and of torch in one thread, while the work side by side is our own.

Threads of their own would wait for each other beside ours; and sums of large matrices are rounded otherwise in two threads
than in one, so that the same checkpoint would give other last bits from one command, or one machine, to the next.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import OpenBLASController, ThreadpoolController


class _OneThread:
    """A context for several threads at once: the number is one of the process, so the first sets and the last restores it."""

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
                OpenBLASController.clear_controlling_thread(force=True)  # else none but the thread that set it could restore it
                self._limit.close()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


one_blas_thread = _OneThread()


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Keep torch in one thread, where it is loaded; only for the thread of Python that enters."""
    torch = sys.modules.get("torch")  # looked up, for whoever does without torch must not pay for its import
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
