"""Folders that another program wrote among the results. Those of the earlier public workbench use our names."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from headlapse.errors import FileStateError, IncompatibleFileError
from headlapse.results.headers import MAX_HEADER_BYTES, header_size
from headlapse.results.paths import VariantPaths
from headlapse.storage.atomic import MAX_JSON_BYTES
from headlapse.storage.filesystem import open_file, read_file

OURS = ("sha256", "format", "versions")  # the first is in every JSON file of this program, the others in config.json


def check_ours(folder: Path) -> None:
    """Raise `IncompatibleFileError`, which names `headlapse import`, if another program wrote `folder`.

    Damaged and missing files count as ours.
    """
    if _is_of_another_program(VariantPaths(folder)):
        command = shlex.join(["headlapse", "import", str(folder), "--results", str(folder.parent.parent)])
        remedy = f"to see it here, run `{command}`, which copies it and changes nothing in it"
        raise IncompatibleFileError(folder, "was written by another program than headlapse and is left as it is", remedy)


def _is_of_another_program(paths: VariantPaths) -> bool:
    """Decided by its records; if none can be read by its first checkpoint; without one by any file in its place."""
    for record in (paths.config, paths.metadata):
        content = _object(record)
        if content is not None:
            return content.keys().isdisjoint(OURS)
    epochs = paths.epochs()
    if epochs:
        stated = _said_in_header(paths.checkpoint(epochs[0]))
        return stated is not None and "headlapse" not in stated
    return not paths.config.exists() and any(paths.other_checkpoints())


def _object(path: Path) -> dict[str, Any] | None:
    """The JSON object in `path`; None if it cannot be read."""
    try:
        content = json.loads(read_file(path, "", limit=MAX_JSON_BYTES))
    except (FileStateError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _said_in_header(path: Path) -> dict[str, Any] | None:
    """The metadata of a safetensors file; None if it is damaged."""
    try:
        with open_file(path, "") as file:
            start = file.read(8)
            content = json.loads(file.read(min(header_size(start), MAX_HEADER_BYTES)))
    except (FileStateError, ValueError, RecursionError):
        return None
    stated = content.get("__metadata__", {}) if isinstance(content, dict) else None
    return stated if isinstance(stated, dict) else None
