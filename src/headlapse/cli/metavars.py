"""Placeholders for values on help pages: INTEGER, NUMBER, PATH, or the name of the option in capitals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.models import OptionInfo

METAVARS: dict[object, str] = {int: "INTEGER", float: "NUMBER", Path: "PATH"}


def with_metavars(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command; options without a placeholder get one from their type, or, for texts, from their name."""
    hints = get_type_hints(command, include_extras=True)
    for name, hint in hints.items():
        kind, *infos = get_args(hint) or (hint,)
        for info in infos:
            if isinstance(info, OptionInfo) and info.metavar is None and info.parser is None:
                info.metavar = _metavar(name, _parts(kind))
    command.__annotations__ = hints  # evaluated; Typer would evaluate them again
    return command


def _metavar(name: str, kinds: list[object]) -> str | None:
    found = next((METAVARS[kind] for kind in kinds if kind in METAVARS), None)
    return name.strip("_").upper() if found is None and str in kinds else found


def _parts(kind: object) -> list[object]:
    """The types in `int | None` or `list[str] | None`."""
    inner = get_args(kind)
    return [kind] if not inner else [part for each in inner for part in _parts(each)]


def _without_types(params: list[Any]) -> list[Any]:
    """The same parameters; flags and arguments no longer show a Python type. Typer has no setting for this."""
    for param in params:
        if isinstance(param, TyperOption) and param.is_flag:
            param.metavar = ""
        if isinstance(param, TyperArgument):
            vars(param)["display_type_rich"] = lambda ctx: None  # noqa: ARG005 -- a method of Typer's
    return params


class Command(TyperCommand):
    """A command whose help page shows no Python types."""

    def get_params(self, ctx: Any) -> list[Any]:
        """All options and arguments."""
        return _without_types(super().get_params(ctx))


class Group(TyperGroup):
    """The program itself, likewise."""

    def get_params(self, ctx: Any) -> list[Any]:
        """All options and arguments."""
        return _without_types(super().get_params(ctx))
