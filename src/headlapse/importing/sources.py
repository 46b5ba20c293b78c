"""What there is to import: states of weights with their epochs, and what is told beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from headlapse.errors import IncompatibleFileError, InvalidValueError, MissingFileError
from headlapse.importing.files import REMEDY, SUFFIXES, Tensors, read_file, read_object

_NUMBER_AT_END = re.compile(r"(?:^|\D)([0-9]+)$", re.ASCII)
_RECORDED = ("train_losses", "test_losses", "train_indices", "test_indices")


@dataclass(frozen=True)
class State:
    """The weights of one epoch; `read` may have to open a file."""

    path: Path
    epoch: int
    read: Callable[[], Tensors]


class _Found(NamedTuple):
    """A state whose epoch is still to be checked."""

    path: Path
    epoch: Any
    read: Callable[[], Tensors]


@dataclass
class Source:
    """States to import, ascending by epoch; `recorded` losses and split rows; `facts` such as prime, seed and n_heads."""

    states: list[State] = field(default_factory=list)
    recorded: dict[str, list[Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def read_sources(paths: Sequence[Path], epoch: int | None) -> Source:
    """The states in files and folders; `epoch` is that of a single state. Raises a `HeadlapseError` for what does not fit."""
    source = Source()
    found = [state for path in paths for state in (_add_folder if path.is_dir() else _add_file)(source, path)]
    if epoch is not None:
        if len(found) != 1:
            raise InvalidValueError(f"an epoch can be given for one state, but {len(found)} were found; leave it out")
        found = [found[0]._replace(epoch=epoch)]
    _check_epochs(found)
    source.states = [State(*state) for state in sorted(found, key=lambda state: state.epoch)]
    return source


def _add_folder(source: Source, folder: Path) -> list[_Found]:
    """A folder of numbered weights, directly or under `checkpoints`, with config.json and metadata.json where they are."""
    files = _numbered(folder) or _numbered(folder / "checkpoints")
    if not files:
        expected = "files such as checkpoint_epoch_00100.safetensors"
        raise MissingFileError(folder, f"holds no {expected}", "name the folder or the files to import")
    for name in ("config.json", "metadata.json"):
        if (folder / name).is_file():
            _add_facts(source, read_object(folder / name), folder / name)
    return [_Found(file, _epoch_in_name(file), partial(_read_one, file)) for file in files]


def _add_file(source: Source, path: Path) -> list[_Found]:
    """One file: a state, or a training script's dictionary of one or many."""
    content = read_file(path)
    if not _is_state(content):
        _add_facts(source, content, path)
    if "checkpoints" in content:
        return _many_states(content, path)
    weights = _one_state(content, path)
    epoch = None if _is_state(content) else content.get("epoch")
    return [_Found(path, _epoch_in_name(path) if epoch is None else epoch, partial(dict, weights))]


def _many_states(content: Mapping[str, Any], path: Path) -> list[_Found]:
    states, epochs = content["checkpoints"], content.get("checkpoint_epochs")
    if not isinstance(states, list) or not isinstance(epochs, list) or len(states) != len(epochs) or not states:
        raise IncompatibleFileError(path, "must hold as many checkpoint_epochs as checkpoints, both as lists", REMEDY)
    weights = [_one_state(state, path) for state in states]
    return [_Found(path, epoch, partial(dict, state)) for epoch, state in zip(epochs, weights, strict=True)]


def _read_one(file: Path) -> Tensors:
    return _one_state(read_file(file), file)


def _one_state(content: Any, path: Path) -> Tensors:
    """The weights in `content`: itself, or under `model` or `state_dict`."""
    for candidate in (content, *(content.get(key) for key in ("model", "state_dict") if isinstance(content, Mapping))):
        if _is_state(candidate):
            return dict(candidate)
    places = "directly or under model, state_dict or checkpoints"
    raise IncompatibleFileError(path, f"holds no dictionary of tensors, {places}", REMEDY)


def _is_state(content: Any) -> bool:
    return isinstance(content, Mapping) and bool(content) and all(isinstance(value, Tensor) for value in content.values())


def _add_facts(source: Source, content: Mapping[str, Any], path: Path) -> None:
    for name in _RECORDED:
        if name in content:
            source.recorded[name] = _plain_list(content[name], name, path)
    for name in ("config", "settings", "model", "parameters", "params"):
        inner = content.get(name)
        inner = inner if isinstance(inner, Mapping) else getattr(inner, "__dict__", {})
        source.facts |= {key: value for key, value in inner.items() if isinstance(value, int | float)}
    source.facts |= {key: value for key, value in content.items() if isinstance(value, int | float) and key != "epoch"}


def _plain_list(values: Any, name: str, path: Path) -> list[Any]:
    if isinstance(values, list) and all(value is None or isinstance(value, int | float) for value in values):
        return values
    with suppress(TypeError, ValueError, RuntimeError):
        tensor = torch.as_tensor(values, dtype=torch.float64)
        if tensor.ndim == 1:
            plain: list[Any] = tensor.tolist()
            return plain
    raise IncompatibleFileError(path, f"{name} must be a list of numbers", "repair or remove it")


def _numbered(folder: Path) -> list[Path]:
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(file for file in files if _is_weights(file) and _epoch_in_name(file) is not None)


def _is_weights(file: Path) -> bool:
    return file.is_file() and file.suffix in SUFFIXES and not file.name.startswith((".", "training_state"))


def _epoch_in_name(path: Path) -> int | None:
    match = _NUMBER_AT_END.search(path.stem)
    return int(match[1]) if match else None


def _check_epochs(states: Iterable[_Found]) -> None:
    seen: dict[int, Path] = {}
    for state in states:
        epoch = state.epoch
        if epoch is None:
            raise InvalidValueError(f"{state.path}: neither its name nor its content says which epoch it is; give --epoch")
        if isinstance(epoch, bool) or not isinstance(epoch, int) or epoch < 0:
            raise InvalidValueError(f"{state.path}: an epoch must be a whole number from 0 on, got {epoch!r}")
        if epoch in seen:
            raise InvalidValueError(f"two states are of epoch {epoch:,}: {seen[epoch]} and {state.path}; import one of them")
        seen[epoch] = state.path
