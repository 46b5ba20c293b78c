"""Put the commands together: every module of `headlapse.cli.commands` contributes its function `command`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Annotated

import typer

from headlapse.cli import commands
from headlapse.cli.metavars import Command, Group, with_metavars
from headlapse.cli.task_files import with_task_files
from headlapse.version import installed_version

ORDER = ("demo", "train", "analyze", "list", "dashboard", "export")  # on the help page; other commands follow


def build_app() -> typer.Typer:
    """The Typer application with all commands."""
    app = typer.Typer(
        name="headlapse",
        cls=Group,
        help="Watch attention heads form while a transformer learns.",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_globals)
    for name in sorted(_command_names(), key=_place):
        module = importlib.import_module(f"{commands.__name__}.{name}_")
        app.command(name.replace("_", "-"), cls=Command)(with_task_files(with_metavars(module.command)))
    return app


def _place(name: str) -> tuple[int, str]:
    """The place of a command on the help page."""
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def _command_names() -> list[str]:
    """Command `list` lives in `list_.py`: the trailing underscore keeps keywords and builtins usable as commands."""
    modules = (module.name for module in pkgutil.iter_modules(commands.__path__))
    return [name.removesuffix("_") for name in modules if name.endswith("_")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"headlapse {installed_version()}")
        raise typer.Exit


def _globals(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; allowed anywhere on the line.")
    ] = False,
) -> None:
    """Options before the command."""
