"""Weights split into several files: `model-00001-of-00003.safetensors`, with or without an index.

Source: the index of Hugging Face's libraries, `weight_map` from a tensor's name to its file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError, HeadlapseError, IncompatibleFileError, MissingFileError
from headlapse.importing.reading import read_content
from headlapse.importing.reading.objects import read_object
from headlapse.importing.reading.standins import fields
from headlapse.importing.states import segments, walk

INDEX = ".index.json"
OF_EPOCHS = ("epoch", "step", "iter", "iteration")  # epoch_10_of_100 is no shard
REMEDY = "put all shards of the model into one folder"
_SHARD = re.compile(r"(?P<name>.+?)[-_](?P<number>[0-9]+)[-_]of[-_](?P<count>[0-9]+)(?P<ending>\.\w+)?", re.ASCII)


def grouped(files: Sequence[Path]) -> list[list[Path]]:
    """`files` in their order, grouped by model; an index stands for its shards."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    indexed = {shard for file in files if file.name.endswith(INDEX) for shard in _shards(file)}
    for file in files:
        shard = _shard(file)
        if file.name.endswith(INDEX):
            groups[file, ""] = _shards(file)
        elif file not in indexed:
            key = (file.parent, f"{shard['name']} of {shard['count']}{shard['ending']}") if shard else (file, "")
            groups.setdefault(key, []).append(file)
    return list(groups.values())


def label_of(files: Sequence[Path]) -> str:
    """The label of a file, or of all shards of a model together."""
    shard = _shard(files[0])
    return files[0].name if shard is None else f"{shard['name']}{shard['ending'] or ''}"


def read_parts(files: Sequence[Path]) -> Any:
    """The content of a file, or the tensors of all shards of one model. Raises a `HeadlapseError`."""
    _check_whole(files)
    if len(files) == 1:
        content = read_content(files[0])
        _check_index(files, fields(content) or {})
        return content
    found: dict[Any, Any] = {}
    twice: dict[str, Path] = {}
    for file in files:
        part = fields(read_content(file))
        if part is None:
            raise IncompatibleFileError(file, "holds no tensors by name", REMEDY)
        twice |= dict.fromkeys(sorted(_tensors(found) & _tensors(part)), file)
        found |= part
    _check_index(files, found)
    for name, file in twice.items():
        raise IncompatibleFileError(file, f"holds {name}, as another shard does", "each tensor belongs in one shard")
    return found


def _shard(file: Path) -> re.Match[str] | None:
    """The parts of a shard's name; None for a whole state with such a name, which has the tensors of the file beside it."""
    shard = _SHARD.fullmatch(file.name)
    if shard is None or shard["name"].lower().endswith(OF_EPOCHS):
        return None
    other = next((path for path in sorted(file.parent.glob("*")) if path != file and _are_parts(shard, path)), None)
    return shard if other is None or not _tensors_of(file) & _tensors_of(other) else None


def _are_parts(shard: re.Match[str], path: Path) -> bool:
    """Whether the name of `path` is that of another shard of the same model."""
    other = _SHARD.fullmatch(path.name)
    return other is not None and all(other[part] == shard[part] for part in ("name", "count", "ending"))


def _tensors_of(file: Path) -> frozenset[str]:
    """The names of the tensors in a file; empty if it cannot be read."""
    try:
        return _tensors(read_content(file))
    except (HeadlapseError, OSError):
        return frozenset()


def _tensors(content: Any) -> frozenset[str]:
    try:
        return frozenset(".".join(segments(keys)) for keys, _ in walk(content))
    except RecursionError:
        return frozenset()


def _check_index(files: Sequence[Path], found: Mapping[Any, Any]) -> None:
    """Raise `CorruptFileError` if an index names a tensor that none of these files contains."""
    for index in sorted(files[0].parent.glob(f"*{INDEX}")):
        named = _weight_map(index)
        missing = sorted(named.keys() - found.keys())
        if missing and len(missing) < len(named) and {index.parent / file for file in named.values()} == set(files):
            raise CorruptFileError(index, f"names {missing[0]}, which no file that it names holds", REMEDY)


def _weight_map(index: Path) -> dict[str, str]:
    """The file that an index names for each tensor."""
    try:
        found = read_object(index)["weight_map"]
        return {str(name): str(file) for name, file in found.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise CorruptFileError(index, f"is no index of shards ({error})", "repair or remove it") from error


def _shards(index: Path) -> list[Path]:
    """The files that an index names, in its own folder."""
    names = sorted(set(_weight_map(index).values()))
    outside = [name for name in names if Path(name).name != name]
    if outside or not names:
        raise CorruptFileError(index, f"names {outside[0] if outside else 'no files'}", "an index names files beside itself")
    return [index.parent / name for name in names]


def _check_whole(files: Sequence[Path]) -> None:
    """Raise `MissingFileError` if a shard is missing."""
    shard = _shard(files[0])
    for file in files:
        if not file.exists():
            raise MissingFileError(file, "does not exist", REMEDY)
    if shard and len(files) != int(shard["count"]):
        problem = f"holds {len(files)} of {int(shard['count'])} shards of {shard['name']}"
        raise MissingFileError(files[0].parent, problem, REMEDY)
