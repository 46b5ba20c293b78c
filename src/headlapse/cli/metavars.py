"""What stands for a value on help pages: INTEGER, NUMBER, TEXT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, get_type_hints

from typer.models import OptionInfo

METAVARS: dict[object, str] = {int: "INTEGER", float: "NUMBER", str: "TEXT"}


def with_metavars(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command; options that do not say what stands for their value say it by their type."""
    hints = get_type_hints(command, include_extras=True)
    for hint in hints.values():
        kind, *infos = get_args(hint) or (hint,)
        for info in infos:
            if isinstance(info, OptionInfo) and info.metavar is None and info.parser is None:
                info.metavar = next((METAVARS[part] for part in _parts(kind) if part in METAVARS), None)
    command.__annotations__ = hints  # evaluated: Typer would make others
    return command


def _parts(kind: object) -> list[object]:
    """The types in `int | None` or `list[str] | None`."""
    inner = get_args(kind)
    return [kind] if not inner else [part for each in inner for part in _parts(each)]
