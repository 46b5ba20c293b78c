"""Files with facts about weights: JSON of any program, or a file of any known format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError
from headlapse.importing.reading.content import read_content
from headlapse.storage.filesystem import read_file

LINES = ".jsonl"
REMEDY = "repair or remove it"
MOST_BYTES = 2**28


def read_told(path: Path) -> Any:
    """The content of the file at `path`, read as JSON if its ending says so. Raises a `HeadlapseError`."""
    return read_object(path) if path.suffix in (".json", LINES) else read_content(path)


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in the file at `path`; a list or the lines of a `.jsonl` file are put under the file's name.

    Raises `MissingFileError` or `CorruptFileError`.
    """
    text = read_file(path, REMEDY, limit=MOST_BYTES)
    try:
        content = [json.loads(line) for line in text.splitlines() if line.strip()] if path.suffix == LINES else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CorruptFileError(path, f"is not JSON ({error})", REMEDY) from error
    if isinstance(content, list):
        return {path.stem: content}
    if not isinstance(content, dict):
        raise CorruptFileError(path, f"must hold a JSON object or list, holds a {type(content).__name__}", REMEDY)
    return content
