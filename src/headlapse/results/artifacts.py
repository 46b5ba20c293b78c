"""Arrays that an analyzer computed from a checkpoint: one `.npz` per analyzer and epoch, which states its origin."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from headlapse.errors import CorruptFileError, FileStateError, IncompatibleFileError, StaleFileError
from headlapse.results.expected import REMEDY, UNQUESTIONED_BYTES, Expected
from headlapse.results.lazy_arrays import LazyArray, LazyArrays
from headlapse.storage import npz
from headlapse.storage.atomic import write_bytes
from headlapse.storage.checksums import ChecksumError, Crc32, placeholder, verify_checksum, write_checksum
from headlapse.storage.filesystem import file_size, read_end, read_file
from headlapse.system.allocator import keep_freed_memory

Declared = Callable[[], Expected]
Layout = dict[str, list[Any]]  # by name: dtype and shape
_AFTER_CHECKSUM = b'"}'


@dataclass(frozen=True)
class Provenance:
    """The origin of an artifact. Two artifacts of equal provenance hold equal arrays.

    For an analyzer across epochs, `epoch` is the newest one, and `checkpoint_sha256` covers all epochs that it read.
    """

    family: str
    variant: str
    epoch: int
    analyzer: str
    version: int
    checkpoint_sha256: str
    probe_sha256: str


def write_artifact(path: Path, arrays: Mapping[str, np.ndarray], provenance: Provenance) -> None:
    """Write `arrays` atomically, with their provenance and layout and a checksum of the whole file in the zip comment.

    Raises `WriteFailedError`.
    """
    write_bytes(path, pack_artifact(arrays, provenance))


def pack_artifact(arrays: Mapping[str, np.ndarray], provenance: Provenance) -> bytearray:
    """The bytes of an artifact; equal arguments give equal bytes."""
    note = {"provenance": vars(provenance), "arrays": layout_of(arrays), "crc32": placeholder(Crc32)}
    content = npz.pack(arrays, json.dumps(note).encode())
    write_checksum(content, _checksum_at(content), Crc32)
    return content


@dataclass(frozen=True)
class Artifact:
    """The read-only arrays in a file, and whether the file states its origin."""

    arrays: dict[str, np.ndarray]
    says_origin: bool


def read_provenance(path: Path, declared: Declared | None = None) -> Provenance | None:
    """The origin of the artifact; None if it is not stated, or the file is damaged, too large, or unreadable."""
    declared = declared or partial(Expected, path)
    try:
        content = _content(path, declared)
        provenance = Provenance(**_note(content)["provenance"])
        _check_size(declared, npz.stated_bytes(content))
        return provenance
    except (FileStateError, npz.NpzError, KeyError, TypeError):
        return None


def read_artifact(path: Path, expected: Mapping[str, Any], declared: Declared | None = None) -> dict[str, np.ndarray]:
    """The arrays in `path`; see `open_artifact`."""
    return open_artifact(path, expected, declared).arrays


def open_artifact(path: Path, expected: Mapping[str, Any], declared: Declared | None = None) -> Artifact:
    """The artifact in `path`, whose provenance must match `expected` (any of the fields of `Provenance`).

    The arrays of a file without provenance (made by `np.savez`) must be as `declared`; this is checked before they are
    inflated. Raises `MissingFileError`, `CorruptFileError`, `IncompatibleFileError`, `StaleFileError` or `NonFiniteError`.
    """
    keep_freed_memory()
    declared = declared or partial(Expected, path)
    content = _content(path, declared)
    with _damage_named(path):
        note = _note(content)
        if not note:
            return Artifact(_foreign_arrays(content, declared()), says_origin=False)
        arrays = npz.unpack(content, partial(_check_size, declared))
    _check_note(path, note, expected, layout_of(arrays))
    return Artifact(arrays, says_origin=True)


def open_lazy(path: Path, expected: Mapping[str, Any], declared: Declared | None = None) -> LazyArrays:
    """The arrays of the artifact, as `open_artifact` gives them, but only the indexed parts are inflated.

    A file that does not state its origin is read and checked as a whole. Raises as `open_artifact` does; damage inside the
    arrays is found when they are read.
    """
    keep_freed_memory()
    declared = declared or partial(Expected, path)
    content = _content(path, declared)
    with _damage_named(path):
        note = _note(content)
        if not note:
            return LazyArrays.of(_foreign_arrays(content, declared()))
        layout = {name: (np.dtype(dtype), tuple(shape)) for name, (dtype, shape) in _stated_layout(note).items()}
        n_planes = max((math.prod(shape[:-2]) for _, shape in layout.values()), default=0)
        if n_planes > len(content):
            raise npz.NpzError(f"claims {n_planes:,} planes, more than it has bytes")
    _check_note(path, note, expected, _stated_layout(note))
    allow = partial(_check_size, declared)

    def planes(name: str, numbers: np.ndarray) -> np.ndarray:
        with _damage_named(path):
            return npz.unpack_planes(content, name, numbers, allow)

    def whole(name: str) -> np.ndarray:
        with _damage_named(path):
            return npz.unpack(content, allow)[name]

    return LazyArrays(layout, planes, whole)


def read_part(path: Path, expected: Mapping[str, Any], name: str, index: Any, declared: Declared | None = None) -> np.ndarray:
    """`arrays[name][index]` of an array with more than two axes; only the planes of the last two that it needs are inflated.

    Raises as `open_artifact` does, `IncompatibleFileError` if there is no such array, `OutOfRangeError` for a wrong index.
    """
    arrays = open_lazy(path, expected, declared)
    array = arrays.get(name)
    if not isinstance(array, LazyArray):
        raise IncompatibleFileError(path, f"holds {arrays.layout}, and no {name} of more than two axes", REMEDY)
    return array[index]


def is_of_unknown_origin(path: Path) -> bool:
    """Whether it is an `.npz` that does not state its origin. Reads only the end of the file."""
    try:
        return not npz.read_note(read_end(path, REMEDY, npz.END_BYTES))
    except (FileStateError, npz.NpzError):
        return False


def _content(path: Path, declared: Declared) -> bytes:
    is_large = file_size(path) > UNQUESTIONED_BYTES
    return read_file(path, REMEDY, limit=declared().most_bytes if is_large else None)


def _foreign_arrays(content: bytes, expected: Expected) -> dict[str, np.ndarray]:
    """The arrays of a file that does not state its origin, inflated only if their headers fit."""
    expected.check_headers(npz.describe(content), len(content))
    arrays = npz.unpack(content)
    expected.check_values(arrays)
    return arrays


def _check_size(declared: Declared, stated: int) -> None:
    most = declared().most_bytes if stated > UNQUESTIONED_BYTES else None
    if most is not None and stated > most:
        raise npz.NpzError(f"would take {stated:,} bytes of memory, more than the {most:,} it may")


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except npz.NpzError as error:
        raise CorruptFileError(path, str(error), REMEDY) from error


def _stated_layout(note: dict[str, Any]) -> Layout:
    layout = note.get("arrays")
    if isinstance(layout, dict) and all(_is_layout(entry) for entry in layout.values()):
        return layout
    raise npz.NpzError("has a note that does not describe its arrays")


def _is_layout(entry: object) -> bool:
    """Whether `entry` is a dtype and a shape."""
    match entry:
        case [str(dtype), [*sizes]]:
            return _is_dtype(dtype) and all(isinstance(size, int) and size >= 0 for size in sizes)
    return False


def _is_dtype(text: str) -> bool:
    try:
        np.dtype(text)
    except (TypeError, ValueError, SyntaxError):
        return False
    return True


def layout_of(arrays: Mapping[str, np.ndarray]) -> Layout:
    """Type and shape of each array, as in JSON."""
    return {name: [str(array.dtype), list(array.shape)] for name, array in arrays.items()}


def _note(content: bytes) -> dict[str, Any]:
    """The note in the file, after its checksum is verified; empty if there is none."""
    text = npz.read_note(content)
    if not text:
        return {}
    try:
        verify_checksum(content, _checksum_at(content), Crc32)
        note = json.loads(text)
    except (ChecksumError, ValueError, RecursionError) as error:
        raise npz.NpzError(str(error)) from error
    if not isinstance(note, dict):
        raise npz.NpzError("has an unreadable note")
    return note


def _checksum_at(content: bytes | bytearray) -> int:
    return len(content) - len(_AFTER_CHECKSUM) - len(placeholder(Crc32))


def _check_note(path: Path, note: dict[str, Any], expected: Mapping[str, Any], layout: Layout) -> None:
    found = note.get("provenance")
    stated = {key: found.get(key) for key in expected} if isinstance(found, dict) else {}
    wrong = [key for key in expected if stated.get(key) != expected[key]]
    if wrong == ["checkpoint_sha256"]:
        raise StaleFileError(path, "was made from other weights than those of its checkpoint", REMEDY)
    if wrong:
        says, wants = ({key: values.get(key) for key in wrong} for values in (stated, expected))
        raise IncompatibleFileError(path, f"says it was made from {says}, expected {wants}", REMEDY)
    if note.get("arrays") != layout:
        raise IncompatibleFileError(path, f"holds {layout}, expected {note.get('arrays')}", REMEDY)
