"""Weights split into several files: `model-00001-of-00003.safetensors`, with or without an index.

Source: the index of Hugging Face's libraries, `weight_map` from a tensor's name to its file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError, IncompatibleFileError, MissingFileError
from headlapse.importing.reading import read_content
from headlapse.importing.reading.objects import read_object
from headlapse.importing.reading.standins import fields

INDEX = ".index.json"
REMEDY = "put all shards of the model into one folder"
_SHARD = re.compile(r"(?P<name>.+?)[-_](?P<number>[0-9]+)[-_]of[-_](?P<count>[0-9]+)(?P<ending>\.\w+)?", re.ASCII)


def grouped(files: Sequence[Path]) -> list[list[Path]]:
    """`files` in their order, grouped by model; an index stands for its shards."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    indexed = {shard for file in files if file.name.endswith(INDEX) for shard in _shards(file)}
    for file in files:
        shard = _SHARD.fullmatch(file.name)
        if file.name.endswith(INDEX):
            groups[file, ""] = _shards(file)
        elif file not in indexed:
            key = (file.parent, f"{shard['name']} of {shard['count']}{shard['ending']}") if shard else (file, "")
            groups.setdefault(key, []).append(file)
    return list(groups.values())


def label_of(files: Sequence[Path]) -> str:
    """The label of a file, or of all shards of a model together."""
    shard = _SHARD.fullmatch(files[0].name)
    return files[0].name if shard is None else f"{shard['name']}{shard['ending'] or ''}"


def read_parts(files: Sequence[Path]) -> Any:
    """The content of a file, or the tensors of all shards of one model. Raises a `HeadlapseError`."""
    _check_whole(files)
    if len(files) == 1:
        content = read_content(files[0])
        _check_index(files, fields(content) or {})
        return content
    found: dict[Any, Any] = {}
    for file in files:
        part = fields(read_content(file))
        if part is None:
            raise IncompatibleFileError(file, "holds no tensors by name", REMEDY)
        found |= part
    _check_index(files, found)
    return found


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
    shard = _SHARD.fullmatch(files[0].name)
    for file in files:
        if not file.exists():
            raise MissingFileError(file, "does not exist", REMEDY)
    if shard and len(files) != int(shard["count"]):
        problem = f"holds {len(files)} of {int(shard['count'])} shards of {shard['name']}"
        raise MissingFileError(files[0].parent, problem, REMEDY)
