"""Keep freed memory in the process for the work that needs the same large arrays again and again."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

# source: mallopt(3). By default glibc returns every array of more than 128 KiB to the system when it is freed, and the next
# one of its size costs a page fault every 4 KiB: half of the time of analysing a checkpoint or of reading an artifact, and a
# sixth of that of training.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3
KEPT = {MMAP_THRESHOLD: 32 * 2**20, TRIM_THRESHOLD: 512 * 2**20, TOP_PAD: 64 * 2**20}


@cache
def keep_freed_memory() -> None:
    """Reuse freed memory, up to half a gigabyte, instead of returning it to the system. Without glibc nothing changes."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in KEPT.items():
            mallopt(option, value)
