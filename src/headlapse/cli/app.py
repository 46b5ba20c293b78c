"""Put the verbs together: every module of `headlapse.cli.verbs` contributes its function `command`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Annotated

import typer

from headlapse import __version__
from headlapse.cli import verbs

ORDER = ("demo", "train", "analyze", "list", "dashboard", "export")  # of the help page; any other verb follows


def build_app() -> typer.Typer:
    """The Typer application with all verbs."""
    app = typer.Typer(
        name="headlapse",
        help="Watch attention heads form while a transformer learns.",
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_globals)
    for name in sorted(_verb_names(), key=lambda verb: (ORDER.index(verb) if verb in ORDER else len(ORDER), verb)):
        module = importlib.import_module(f"{verbs.__name__}.{name}_")
        app.command(name.replace("_", "-"))(module.command)
    return app


def _verb_names() -> list[str]:
    """Verb `list` lives in `list_.py`: the trailing underscore keeps keywords and builtins usable as verbs."""
    modules = (module.name for module in pkgutil.iter_modules(verbs.__path__))
    return [name.removesuffix("_") for name in modules if name.endswith("_")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"headlapse {__version__}")
        raise typer.Exit


def _globals(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; may stand anywhere.")
    ] = False,
) -> None:
    """Options before the verb."""
