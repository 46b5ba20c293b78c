"""The only place that writes. A file exists if and only if it is whole.

`write_bytes` writes a temporary file of a unique name in the same folder, flushes it to the disk, and renames it over the
old one: readers see the old content or the new, never a part. `append_bytes` is for journals of fixed-size records, whose
readers ignore an incomplete last record.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError, MissingFileError

TEMPORARY_SUFFIX = ".tmp"


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, whole or not at all. Creates the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}{TEMPORARY_SUFFIX}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace `path` by `content` as JSON. NaN and infinity are refused with `ValueError`."""
    text = json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)
    write_bytes(path, (text + "\n").encode())


def append_bytes(path: Path, content: bytes, at: int) -> None:
    """Cut `path` to its first `at` bytes, then append `content`, flushed to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "xb") as file:
        file.truncate(at)
        file.seek(at)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def remove(paths: Iterable[Path]) -> None:
    """Delete files and folders; what does not exist is fine."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """The JSON object in `path`. Raises `MissingFileError` or `CorruptFileError` naming the remedy."""
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise MissingFileError(path, "does not exist", remedy) from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CorruptFileError(path, f"is not JSON ({error})", remedy) from error
    if not isinstance(content, dict):
        raise CorruptFileError(path, f"must hold a JSON object, holds a {type(content).__name__}", remedy)
    return content


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no handle to sync a folder by
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
