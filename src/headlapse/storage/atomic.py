"""The only module that writes files. A file exists if and only if it is complete.

`write_bytes` writes a temporary file of a unique name in the same folder, flushes it to the disk, and renames it over the old
one: readers see the old or the new content, never a part of it. `append_bytes` is for journals of fixed-size records, whose
readers recognise a torn last record by its checksum. JSON files end with their own sha256.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError, FileStateError, WriteFailedError
from headlapse.storage import lease
from headlapse.storage.checksums import ChecksumError, placeholder, verify_checksum, write_checksum
from headlapse.storage.filesystem import Disk, failures_named, read_file

MAX_JSON_BYTES = 2**28
RECORD_BYTES = 2**24  # limit of a file about a whole run or job
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{16}\.tmp", re.ASCII)
_AFTER_CHECKSUM = '"\n}\n'

GONE = "the folder is gone; it was moved or removed while it was in use: put it back and run the same command again"

Check = Callable[[], None]

disk = Disk()
_kept: list[Path] = []
_guards: dict[Path, Guard] = {}


@dataclass
class Guard:
    """The guard of a folder with one writer: `check` raises once that is another process. `own` are journals begun anew."""

    check: Check
    own: set[Path] = field(default_factory=set)


def write_bytes(path: Path, content: bytes | bytearray, for_good: bool = True) -> None:
    """Replace `path` by `content`, completely or not at all. Creates the folder. Raises `WriteFailedError`.

    Without `for_good`, a power cut may still undo the whole change, until `flush_folder`.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    with failures_named(path):
        make_folders(path.parent)
        try:
            _fill(disk.create(temporary), content)
            check_guards(path)
            disk.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                disk.unlink(temporary)
            raise
        if for_good:
            disk.sync_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush `folder`, so that a power cut no longer undoes changes in it. Raises `WriteFailedError`."""
    with failures_named(folder):
        disk.sync_folder(folder)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace `path` by `content` as JSON with a sha256. NaN and infinity are refused with `ValueError`."""
    text = json.dumps({**content, "sha256": placeholder()}, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    packed = bytearray(text.encode())
    write_checksum(packed, _checksum_at(packed))
    write_bytes(path, packed)


def append_bytes(path: Path, content: bytes, at: int) -> None:
    """Cut `path` to its first `at` bytes, then append `content`, flushed to the disk. Raises `WriteFailedError`.

    Nothing is changed if another process has taken the folder over (`guarded`).
    """
    begin_anew(path, at)
    with failures_named(path):
        make_folders(path.parent)
        if not path.exists():
            os.close(disk.create(path))
            disk.sync_folder(path.parent)
        file = disk.open(path)
        try:
            check_guards(path)
            disk.truncate(file, at)
            os.lseek(file, at, os.SEEK_SET)
        except BaseException:
            os.close(file)
            raise
        _fill(file, content)


def remove(paths: Iterable[Path]) -> None:
    """Delete files and folders in this order; what does not exist is fine. Raises `WriteFailedError`."""
    for path in paths:
        check_guards(path)
        with failures_named(path):
            if path.is_dir() and not path.is_symlink():
                remove(sorted(path.iterdir()))
                disk.remove_folder(path)
            elif path.exists() or path.is_symlink():
                disk.unlink(path)
                disk.sync_folder(path.parent)


def move(paths: Iterable[Path], folder: Path) -> None:
    """Move files and folders, in this order, into `folder` on the same disk. Raises `WriteFailedError`."""
    for path in paths:
        check_guards(path)
        with failures_named(folder):
            make_folders(folder)
            disk.replace(path, folder / path.name)
            disk.sync_folder(folder)
            disk.sync_folder(path.parent)


def temporaries(folder: Path) -> list[Path]:
    """Temporary files under `folder`, of interrupted or running calls of `write_bytes`.

    Leases are left out, because other processes work in them. Files that vanish meanwhile are left out, too.
    """
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.endswith(lease.SUFFIX)]
        found += [Path(parent, name) for name in (*folders, *names) if _TEMPORARY.fullmatch(name)]
    return sorted(found)


@contextmanager
def staged_folder(final: Path, root: Path) -> Iterator[Path]:
    """A temporary folder under `root`; its `final.relative_to(root)` becomes `final` if the block succeeds, or is removed."""
    aside = root / f".{final.name}.{secrets.token_hex(8)}.tmp"
    try:
        yield aside
        with failures_named(final):
            make_folders(final.parent)
            disk.replace(aside / final.relative_to(root), final)
            disk.sync_folder(final.parent)
    finally:
        remove([aside])


def read_json(path: Path, remedy: str, most_bytes: int = MAX_JSON_BYTES) -> dict[str, Any]:
    """The JSON object in `path`, as `write_json` wrote it; a file of more than `most_bytes` is not read.

    Raises `MissingFileError` or `CorruptFileError`.
    """
    raw = read_file(path, remedy, limit=most_bytes)
    try:
        verify_checksum(raw, _checksum_at(raw))
        content = json.loads(raw)
    except ChecksumError as error:
        raise CorruptFileError(path, str(error), remedy) from error
    except (ValueError, RecursionError) as error:
        raise CorruptFileError(path, f"is not JSON ({error})", remedy) from error
    if not isinstance(content, dict) or "sha256" not in content:
        raise CorruptFileError(path, "must hold a JSON object with a sha256", remedy)
    del content["sha256"]
    return content


def _checksum_at(content: bytes | bytearray) -> int:
    return len(content) - len(_AFTER_CHECKSUM) - len(placeholder())


def make_folders(folder: Path) -> None:
    """Create `folder` and its parents so that they outlive a power cut."""
    missing = takewhile(lambda path: not path.is_dir(), (folder, *folder.parents))
    for path in reversed(list(missing)):
        if any(kept.is_relative_to(path) for kept in _kept):
            raise WriteFailedError(f"cannot write into {folder}: {GONE}", errno.ENOENT)
        disk.make_folder(path)
        disk.sync_folder(path.parent)


@contextmanager
def guarded(folder: Path, check: Check) -> Iterator[None]:
    """Within the block, `check()` is called before every change in `folder`; it raises if another process writes there now."""
    _guards[folder] = Guard(check)
    try:
        yield
    finally:
        del _guards[folder]


def check_guards(path: Path) -> None:
    """To be called right before a change of `path`: raises if another process writes in its folder now."""
    for guard in _guards_of(path):
        guard.check()


def begin_anew(journal: Path, at: int) -> None:
    """Within `guarded`, replace a journal by a copy of its first `at` bytes, before this process first appends to it.

    A process that was paused during an append, and was taken for dead, then appends to a deleted file.
    """
    for guard in _guards_of(journal):
        if journal not in guard.own:
            if journal.exists():
                with journal.open("rb") as file:
                    kept = file.read(at)
                write_bytes(journal, kept)
            guard.own.add(journal)


def _guards_of(path: Path) -> list[Guard]:
    return [guard for folder, guard in _guards.items() if path.is_relative_to(folder)] if _guards else []


@contextmanager
def kept_in_place(folder: Path, witness: Path) -> Iterator[None]:
    """Within the block, `folder` is not created again if it was moved away: the run would then be in two places.

    Raises `WriteFailedError` about this if `witness`, a file in it, is gone when the block ends or fails.
    """
    _kept.append(folder)
    try:
        yield
        problem: BaseException | None = None
    except (FileStateError, OSError) as error:
        if witness.exists():
            raise
        problem = error
    finally:
        _kept.remove(folder)
    if not witness.exists():
        raise WriteFailedError(f"{folder}: {GONE}", errno.ENOENT) from problem


def _fill(file: int, content: bytes | bytearray) -> None:
    """Write all of `content`, flush it to the disk and close. A failed flush is a failed write: it is not tried again."""
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[disk.write(file, rest) :]
        disk.sync(file)
    finally:
        os.close(file)
