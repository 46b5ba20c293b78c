"""The operations on files that all writing and reading is made of, and what their failures mean in words."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BufferedReader
from pathlib import Path

from headlapse.errors import CorruptFileError, MissingFileError, WriteFailedError

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


class Disk:
    """One method per operation that changes the disk, so that a test can count them and make any one of them fail."""

    def make_folder(self, path: Path) -> None:
        path.mkdir(exist_ok=True)

    def create(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)

    def open(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))

    def write(self, file: int, content: memoryview) -> int:
        return os.write(file, content)

    def truncate(self, file: int, size: int) -> None:
        os.ftruncate(file, size)

    def sync(self, file: int) -> None:
        os.fsync(file)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        path.rmdir()

    def sync_folder(self, path: Path) -> None:
        if os.name == "nt":  # Windows has no handle to sync a folder by
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_file(path: Path, remedy: str, limit: int | None = None) -> bytes:
    """The bytes of a regular file of at most `limit` bytes, or as many as the machine has memory.

    Raises `MissingFileError` or `CorruptFileError`, before memory is taken.
    """
    most = _memory() if limit is None else limit
    with open_file(path, remedy) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise CorruptFileError(path, f"holds {size:,} bytes, more than the {most:,} it may", remedy)
        try:
            return file.read()
        except MemoryError as error:
            raise CorruptFileError(path, f"holds {size:,} bytes, and there is no memory for them", remedy) from error


@cache
def _memory() -> int:
    """Bytes of memory that the machine has."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):  # Windows
        return sys.maxsize


@contextmanager
def open_file(path: Path, remedy: str, missing: str | None = None) -> Iterator[BufferedReader]:
    """A regular file, for reading. Raises `MissingFileError`, whose remedy is `missing`, or `CorruptFileError`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 -- without O_NONBLOCK a named pipe would wait for ever
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise CorruptFileError(path, "is not a regular file", remedy)
            yield file
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFileError(path, "does not exist", missing or remedy) from error
    except OSError as error:
        raise CorruptFileError(path, f"cannot be read ({error.strerror})", remedy) from error


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """Turn an `OSError` of the block into a `WriteFailedError` that says what could not be written, and what to do."""
    try:
        yield
    except WriteFailedError:
        raise
    except OSError as error:
        raise WriteFailedError(f"cannot write {path}: {_in_words(path, error)}", error.errno) from error


def free_bytes(path: Path) -> int:
    """Bytes free for users on the disk that holds `path`, or would hold it."""
    existing = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    return shutil.disk_usage(existing).free


def _in_words(path: Path, error: OSError) -> str:
    if error.errno in NO_SPACE:
        return f"the disk is full ({free_bytes(path):,} bytes free); free some space and run the same command again"
    if error.errno in NOT_ALLOWED:
        return f"{error.strerror}; check the path and its permissions"
    return f"{error.strerror}; check the disk and run the same command again"
