"""A sweep in a file, `sweep.toml`, instead of on the command line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headlapse.errors import InvalidValueError, UnknownNameError, shown
from headlapse.storage.atomic import write_bytes

TABLES = ("grid", "zip", "set", "option", "sums")
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class SweepFile:
    """A family, three tables of settings by name, and options of the place.

    `sums` (`threads`, `products`, `is_forced`) are for parts: a job array stores there the decisions for the whole grid.
    """

    family: str | None = None
    grid: Mapping[str, Any] = field(default_factory=dict)
    zip: Mapping[str, Any] = field(default_factory=dict)
    set: Mapping[str, Any] = field(default_factory=dict)
    option: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, Any] = field(default_factory=dict)


def read_sweep_file(path: Path) -> SweepFile:
    """The sweep in a TOML file. Raises `InvalidValueError` for an invalid file, `UnknownNameError` for an unknown key."""
    content = _content(path)
    for name in content:
        if name not in ("family", *TABLES):
            raise UnknownNameError.among("key", name, ("family", *TABLES))
    family, tables = content.pop("family", None), {name: content.get(name, {}) for name in TABLES}
    wrong = next((name for name, table in tables.items() if not isinstance(table, dict)), None)
    if wrong is not None or not isinstance(family, str | None):
        what = "family must be a text" if wrong is None else f"{wrong} must be a table"
        raise InvalidValueError(f"{path}: {what}, got {shown(family if wrong is None else tables[wrong])}")
    tables["option"] = {name: str(value) for name, value in tables["option"].items()}
    return SweepFile(family, **tables)


def _content(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            read = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidValueError(f"{path} cannot be read: {error.strerror or error}; give the path of a TOML file") from error
    if len(read) > MOST_BYTES:
        raise InvalidValueError(f"{path} is larger than {MOST_BYTES:,} bytes, so it is not the file of a sweep")
    try:
        return tomllib.loads(read.decode())
    except ValueError as error:
        raise InvalidValueError(f"{path} is not valid TOML: {error}") from error


def write_sweep_file(path: Path, sweep: SweepFile) -> None:
    """Write `sweep` so that `read_sweep_file` returns it. Raises `WriteFailedError`."""
    lines = [] if sweep.family is None else [f"family = {_toml(sweep.family)}"]
    for name in TABLES:
        table: Mapping[str, Any] = getattr(sweep, name)
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())] if table else []
    write_bytes(path, ("\n".join(lines) + "\n").encode())


def _toml(value: Any) -> str:
    """Texts, numbers, truth values and lists of them, for which JSON and TOML are the same."""
    return json.dumps(value, ensure_ascii=False)
