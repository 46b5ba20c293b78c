"""Names of files and folders on disk. What the disk refuses to list is a `CorruptFileError`."""

from __future__ import annotations

import os
import re
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


def unreadable(folder: Path, error: OSError) -> CorruptFileError:
    """The error for a folder that the system refuses to read."""
    return CorruptFileError(folder, f"cannot be read ({error.strerror})", refusals.remedy_to_read(error, "check the disk"))
