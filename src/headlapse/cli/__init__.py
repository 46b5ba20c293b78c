"""The command line: one command per module of this package, discovered. Heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from headlapse import checks
from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded


def main() -> None:
    """Entry point of the `headlapse` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names may have letters that the terminal lacks
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"] or ["--help"]
    sys.exit(run_guarded(lambda: _run(arguments), debug=debug))


def _run(arguments: list[str]) -> object:
    if arguments[0] not in ("-h", "--help", "--version"):
        checks.current_folder()
    return build_app()(arguments, standalone_mode=False)


__all__ = ["main"]
