"""Read files of weights that other programs wrote. Nothing in them is ever executed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from headlapse.errors import CorruptFileError, IncompatibleFileError, InvalidValueError, MissingFileError

Tensors = Mapping[str, Tensor]
REMEDY = "export it again from the program that made it, as safetensors if it can"
SUFFIXES = (".safetensors", ".pth", ".pt")
_CONFIG_CLASSES = (  # pickled beside the weights by the public demo; read as plain attributes
    "transformer_lens.HookedTransformerConfig.HookedTransformerConfig",
    "transformer_lens.config.HookedTransformerConfig.HookedTransformerConfig",
    "transformer_lens.config.hooked_transformer_config.HookedTransformerConfig",
)


class PlainConfig:
    """Stands in for a pickled configuration: attributes and no behaviour."""


def read_file(path: Path) -> dict[str, Any]:
    """What a `.safetensors`, `.pth` or `.pt` file holds: tensors by name, or a training script's dictionary.

    Raises `MissingFileError`, `CorruptFileError`, `IncompatibleFileError` or `InvalidValueError`.
    """
    if path.suffix not in SUFFIXES:
        raise InvalidValueError(f"{path}: cannot tell its format; known endings: {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise MissingFileError(path, "is not a file", "check the path")
    content = _read_safetensors(path) if path.suffix == ".safetensors" else _read_pickle(path)
    if not isinstance(content, dict):
        raise IncompatibleFileError(path, f"holds a {type(content).__name__}, not weights by name", REMEDY)
    return content


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file that any program may have written. Raises `CorruptFileError`."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise CorruptFileError(path, f"is not JSON ({error})", "repair or remove it") from error
    if not isinstance(content, dict):
        raise CorruptFileError(path, f"must hold a JSON object, holds a {type(content).__name__}", "repair or remove it")
    return content


def _read_safetensors(path: Path) -> Any:
    try:
        return load(path.read_bytes())
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CorruptFileError(path, f"is not a whole safetensors file ({error})", REMEDY) from error


def _read_pickle(path: Path) -> Any:
    with _plain_configs():
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise CorruptFileError(path, f"cannot be read as weights alone ({reason[0]})", REMEDY) from error


def _plain_configs() -> contextlib.AbstractContextManager[Any]:
    return torch.serialization.safe_globals([(PlainConfig, name) for name in _CONFIG_CLASSES])
