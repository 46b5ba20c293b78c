"""How much memory this process may still take."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class _Names(NamedTuple):
    """The files of a control group."""

    folder: str
    limit: str
    used: str
    cached: tuple[str, str]


# sources: cgroups(7); cgroup-v1/memory.rst and cgroup-v2.rst of the kernel's documentation
FIRST = _Names("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", ("total_inactive_file", "total_active_file"))
SECOND = _Names("", "memory.max", "memory.current", ("inactive_file", "active_file"))
_ROOT = Path("/")


def free_memory(root: Path = _ROOT) -> int | None:
    """Bytes left by the system, the control groups of this process and its own limit; None if none of them is known."""
    found = [*_of_system(root / "proc/meminfo"), *_of_groups(root), *_of_process(root / "proc/self/statm")]
    return min(found, default=None)


def _of_system(meminfo: Path) -> Iterator[int]:
    with suppress(OSError):
        lines = meminfo.read_text().splitlines()
        yield from (int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
        return
    with suppress(ValueError, OSError, AttributeError):  # no Linux
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_groups(root: Path) -> Iterator[int]:
    """Bytes left in the control groups of this process and in their parents."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, own = line.split(":", 2)
        if not controllers or "memory" in controllers.split(","):
            names = FIRST if controllers else SECOND
            mount = root / "sys/fs/cgroup" / names.folder
            folder = mount / own.lstrip("/")
            groups = [group for group in (folder, *folder.parents) if group.is_relative_to(mount)]
            yield from (free for group in groups for free in _left(group, names))


def _left(group: Path, names: _Names) -> Iterator[int]:
    """The limit minus the memory in use; cached file pages do not count, because the system can drop them."""
    with suppress(OSError, ValueError):  # there is no such group, or its limit is "max"
        limit, used = (int((group / name).read_text()) for name in (names.limit, names.used))
        numbers = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        yield max(0, limit - used + sum(int(numbers.get(name, 0)) for name in names.cached))


def _of_process(statm: Path) -> Iterator[int]:
    """Bytes left under `ulimit -v`."""
    if sys.platform == "win32":
        return
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        with suppress(OSError):
            yield max(0, limit - int(statm.read_text().split()[0]) * resource.getpagesize())
