"""The file operations behind all writing and reading, and their failures in words."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from headlapse.errors import CorruptFileError, MissingFileError, WriteFailedError, in_one_line
from headlapse.system import refusals
from headlapse.system.refusals import AGAIN


class Disk:
    """One method per operation that changes the disk, so that a test can count them and make each of them fail."""

    def make_folder(self, path: Path) -> None:
        """Create the folder unless it exists. Its parent must exist."""
        path.mkdir(exist_ok=True)

    def create(self, path: Path) -> int:
        """A handle to write a new file. Raises `FileExistsError` if it exists."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)

    def open(self, path: Path) -> int:
        """A handle to write an existing file."""
        return os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))

    def write(self, file: int, content: memoryview) -> int:
        """Write `content`, or the first part of it, and return the number of written bytes."""
        return os.write(file, content)

    def truncate(self, file: int, size: int) -> None:
        """Cut the file to `size` bytes."""
        os.ftruncate(file, size)

    def sync(self, file: int) -> None:
        """Flush the content of the file to the disk."""
        os.fsync(file)

    def replace(self, source: Path, target: Path) -> None:
        """Rename `source` to `target` in one step, replacing an existing file."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Remove the file if it exists."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove the folder, which must be empty."""
        path.rmdir()

    def sync_folder(self, path: Path) -> None:
        """Flush the names in the folder to the disk, if the system can."""
        if os.name == "nt":  # Windows has no handle for syncing a folder
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_file(path: Path, remedy: str, limit: int | None = None) -> bytes:
    """The bytes of a regular file of at most `limit` bytes, or at most the memory of the machine.

    Raises `MissingFileError` or `CorruptFileError` before memory is allocated.
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


def read_end(path: Path, remedy: str, most: int) -> bytes:
    """At most this many last bytes of a regular file. Raises `MissingFileError` or `CorruptFileError`."""
    with open_file(path, remedy) as file:
        file.seek(max(os.fstat(file.fileno()).st_size - most, 0))
        return file.read(most)


def file_size(path: Path) -> int:
    """Bytes of the file; 0 if unknown."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


@cache
def _memory() -> int:
    """Bytes of memory of the machine."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):  # Windows
        return sys.maxsize


@contextmanager
def open_file(path: Path, otherwise: str, missing: str | None = None) -> Iterator[BufferedReader]:
    """Open a regular file for reading. Raises `MissingFileError`, whose remedy is `missing`, or `CorruptFileError`.

    The remedy is `otherwise` unless the reason suggests a better one.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise CorruptFileError(path, "is not a regular file", f"move it away, then {otherwise}")
        with open(descriptor, "rb") as file:  # noqa: PTH123 -- without O_NONBLOCK a named pipe would wait for ever
            yield file
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFileError(path, "does not exist", missing or otherwise) from error
    except OSError as error:
        remedy = refusals.remedy_to_read(error, otherwise)
        raise CorruptFileError(path, f"cannot be read ({error.strerror})", remedy) from error


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """Turn an `OSError` in the block into a `WriteFailedError` that names the path and the remedy."""
    try:
        yield
    except WriteFailedError:
        raise
    except OSError as error:
        raise WriteFailedError(f"cannot write {path}: {_in_words(path, error)}", error.errno) from error


def free_bytes(path: Path) -> int:
    """Bytes free for users on the disk that holds or would hold `path`."""
    return shutil.disk_usage(_existing(path)).free


class Obstacle(NamedTuple):
    """The obstacle to making a folder, and its kind."""

    path: Path
    problem: str


def obstacle(folder: Path) -> Obstacle | None:
    """Why the folder cannot exist: a part of its path is a file or a broken link. None if it can."""
    with suppress(OSError):  # opening it gives the reason
        for part in (*reversed(folder.parents), folder):
            if part.is_symlink() and not part.exists():
                return Obstacle(part, f"is a link to {in_one_line(part.readlink())}, which does not exist")
            if part.exists() and not part.is_dir():
                return Obstacle(part, "is a file, not a folder")
    return None


def _in_words(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return no_space(path)
    if error.errno in (errno.EEXIST, errno.ENOTDIR) and (found := obstacle(path.parent)):
        return f"{in_one_line(found.path)} {found.problem}; name another folder, or move that away"
    if error.errno == errno.ENOENT:
        return f"its folder is gone; it may have been moved or removed: put it back, or {AGAIN} for a new one"
    return f"{error.strerror}; {refusals.remedy(error, f'check the disk and {AGAIN}')}"


def no_space(path: Path | None) -> str:
    """A message that names the resource that ran out when `path` could not be written; `path` is None if unknown."""
    if path is None:
        return f"the disk is full; free some space and {AGAIN}"
    with suppress(OSError, AttributeError):  # Windows has no statvfs
        found = os.statvfs(_existing(path))
        if found.f_files and not found.f_favail:  # file systems that create inodes on demand report 0 of 0
            room = f"{free_bytes(path):,} bytes free, but no inodes"
            return f"the disk holds as many files as it can ({room}); remove files you do not need and {AGAIN}"
    return f"the disk is full ({free_bytes(path):,} bytes free); free some space and {AGAIN}"


def _existing(path: Path) -> Path:
    """`path`, or its nearest existing parent folder."""
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())
