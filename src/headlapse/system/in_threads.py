"""The same work on several things at once, in threads of Python: for numpy, which leaves the interpreter while it computes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from headlapse.system.blas_threads import one_blas_thread

Item = TypeVar("Item")


def in_threads(work: Callable[[Item], object], items: Sequence[Item], threads: int) -> None:
    """Call `work` with each of `items`, with at most `threads` at once. Raises what `work` raises first."""
    if threads == 1 or len(items) == 1:
        for item in items:
            work(item)
        return
    with one_blas_thread, ThreadPoolExecutor(threads) as pool:
        deque(pool.map(work, items), maxlen=0)
