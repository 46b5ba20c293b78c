"""JSON that any program may have written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError
from headlapse.storage.filesystem import read_file

REMEDY = "repair or remove it"
MOST_BYTES = 2**28


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in the file at `path`. Raises `MissingFileError` or `CorruptFileError`."""
    try:
        content = json.loads(read_file(path, REMEDY, limit=MOST_BYTES))
    except (ValueError, RecursionError) as error:
        raise CorruptFileError(path, f"is not JSON ({error})", REMEDY) from error
    if not isinstance(content, dict):
        raise CorruptFileError(path, f"must hold a JSON object, holds a {type(content).__name__}", REMEDY)
    return content
