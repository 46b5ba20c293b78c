"""The page of all commands, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from headlapse.cli.app import build_app


def commands_as_markdown() -> str:
    """A section for each command: what it does, its arguments and its options with their defaults."""
    program: Any = typer.main.get_command(build_app())
    return "\n".join(line for name, command in program.commands.items() for line in _section(name, command))


def _section(name: str, command: Any) -> Iterator[str]:
    yield from ("", f"## headlapse {name}", "", command.help or "", "")
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    if arguments:
        yield from ("| argument | meaning |", "|---|---|")
        yield from (f"| `{each.name.upper()}` | {_words(each)} |" for each in arguments)
        yield ""
    options = [each for each in command.params if each.param_type_name == "option"]
    yield from ("| option | meaning | default |", "|---|---|---|")
    yield from (f"| {_names(each)} | {_words(each)} | {_default(each)} |" for each in options)


def _names(option: Any) -> str:
    return ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))


def _words(parameter: Any) -> str:
    return " ".join((parameter.help or "").split()).replace("|", "\\|")


def _default(option: Any) -> str:
    default = option.show_default if isinstance(option.show_default, str) else option.default
    return "" if default is None or default is False or default == () or callable(default) else f"`{default}`"
