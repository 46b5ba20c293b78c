"""Processes of this host: whether one is alive, and is still the one it was."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

DEAD = "ZX"  # states of a process that has ended and was not waited for; source: proc(5)


@cache
def host() -> str:
    """What tells this host from all others, and numbers of its processes from those of containers and of earlier boots."""
    parts = [socket.gethostname()]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
    with suppress(OSError):
        parts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 -- it leads nowhere
    return " ".join(parts)


def started(pid: int) -> str:
    """When the process began, in ticks since the boot; empty where the system does not say."""
    return _state_and_start(pid)[1]


def is_alive(pid: int, began: str) -> bool:
    """Whether the process of this number, which `began` then, has not ended."""
    if sys.platform == "win32":  # where a lock excludes, so that whoever asks, holding it, knows
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        pass
    state, now = _state_and_start(pid)
    return state not in DEAD and now == began if now else True


def _state_and_start(pid: int) -> tuple[str, str]:
    try:
        _, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
        fields = rest.split()
        return fields[0], fields[19]
    except (OSError, IndexError):
        return "", ""
