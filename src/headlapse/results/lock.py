"""One writer per variant. The operating system frees the lock of a process that died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from headlapse.errors import BusyError

SECONDS_TO_WAIT = 1.0  # longer than a reader holds the lock to see whether it is free


@contextmanager
def locked(path: Path, action: str) -> Iterator[None]:
    """Hold the lock at `path` while `action` (a word for the error message) runs. Raises `BusyError` if it is held."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=SECONDS_TO_WAIT)
    except Timeout as error:
        raise BusyError(f"cannot {action}: another process is working in {path.parent}; wait for it or stop it") from error
    try:
        yield
    finally:
        lock.release()


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock at `path`."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    except OSError:  # a read-only folder: nobody can be writing there
        return False
    lock.release()
    return False
