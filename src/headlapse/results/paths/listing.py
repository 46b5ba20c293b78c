"""Names of files and folders on disk. What the disk refuses to list is a `CorruptFileError`."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from headlapse.errors import CorruptFileError
from headlapse.system import refusals


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link whose target cannot be determined."""
    try:
        return entry.is_dir()
    except OSError:
        return True


def numbered(folder: Path, pattern: re.Pattern[str]) -> list[int]:
    """The numbers in the names in `folder` that match `pattern`, ascending."""
    return sorted(int(match[1]) for match in map(pattern.fullmatch, names(folder)) if match)


def names(folder: Path) -> list[str]:
    """The names in `folder`, unordered; none if it is no folder."""
    try:
        return os.listdir(folder)  # noqa: PTH208 -- names are all that is needed, of thousands of files
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(folder, error) from error


def scan(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of `folder` that are not hidden; none if it is no folder."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(folder, error) from error


State = tuple[int, int, int]  # of a file: the time of its last change, its size, and its number on the disk


def state_of(path: Path) -> State | None:
    """A state that changes whenever the file is written or replaced; None if there is none."""
    try:
        return _state(path.stat())
    except OSError:
        return None


def states(folder: Path) -> dict[str, State]:
    """The state of each file in `folder` that is not hidden, by name."""
    found = {}
    for entry in scan(folder):
        with suppress(OSError):  # it was removed, or is a broken link
            found[entry.name] = _state(entry.stat())
    return found


def _state(status: os.stat_result) -> State:
    return status.st_mtime_ns, status.st_size, status.st_ino


def unreadable(folder: Path, error: OSError) -> CorruptFileError:
    """The error for a folder that the system refuses to read."""
    return CorruptFileError(folder, f"cannot be read ({error.strerror})", refusals.remedy_to_read(error, "check the disk"))
