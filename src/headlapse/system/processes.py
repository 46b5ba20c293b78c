"""Processes of this host: whether a process is alive, and is still the same one."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

DEAD = "ZX"  # states of a process that has ended, but has not been waited for; source: proc(5)


@cache
def host() -> str:
    """An identifier of this host, boot and container, so that process numbers can be compared."""
    parts = [socket.gethostname()]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
    with suppress(OSError):
        parts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 -- it leads nowhere
    return " ".join(parts)


def started(pid: int) -> str:
    """When the process began, in ticks since the boot; empty if the system does not say."""
    return _state_and_start(pid)[1]


def is_alive(pid: int, began: str) -> bool:
    """Whether the process with this number that `began` at this time is still running."""
    if sys.platform == "win32":  # locks exclude, so a caller that holds the lock knows
        return False
    if not _exists(pid):
        return False
    state, now = _state_and_start(pid)
    if not now:  # the system does not say, or another process has waited for it meanwhile
        return _exists(pid)
    return state not in DEAD and now == began


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's process
        pass
    return True


def _state_and_start(pid: int) -> tuple[str, str]:
    try:
        _, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
        fields = rest.split()
        return fields[0], fields[19]
    except (OSError, IndexError):
        return "", ""
