"""Turn every end of a command into one line and an exit code."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from headlapse import extras
from headlapse.errors import HeadlapseError, InvalidValueError, OutOfRangeError, UnknownNameError, in_one_line
from headlapse.storage.filesystem import no_space
from headlapse.system import refusals

if TYPE_CHECKING:
    from headlapse.results.run import Run

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


class Interrupted(Exception):
    """Ctrl-C was pressed; the message says which epoch is saved and how to continue."""


def run_guarded(command: Callable[[], object], debug: bool) -> int:
    """Run `command`; its exit code. An error becomes one line on stderr, with a traceback only under `debug`."""
    try:
        result = command()
        code = result if isinstance(result, int) else 0
    except typer.Exit as exit_:
        code = exit_.exit_code
    except Interrupted as error:
        print(error, file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the boundary to the user
        if debug:
            traceback.print_exc()
        text, code = in_words(error)
        print(f"error: {' '.join(text.split())}", file=sys.stderr)  # noqa: T201
        return code
    if code == INTERRUPTED:  # Typer turns Ctrl-C into this code
        print("cancelled; run the same command again to continue", file=sys.stderr)  # noqa: T201
    return code


def unwell(variants: Sequence[Run], work: Callable[[Run], bool]) -> list[str]:
    """The names of variants for which `work` returned False or raised; of several, each gets its turn."""
    names = []
    for variant in variants:
        try:
            is_well = work(variant)
        except Exception as error:  # the boundary to the user
            if len(variants) == 1:
                raise
            typer.echo(f"{variant.name}: error: {in_words(error)[0]}", err=True)
            is_well = False
        if not is_well:
            names.append(variant.name)
    return names


def in_words(error: Exception) -> tuple[str, int]:
    """The message for the user, and the exit code."""
    match error:
        case typer.TyperException():
            return f"{_sentence(error.format_message())} See {_command_of(error)} --help.", WRONG_USE
        case InvalidValueError() | OutOfRangeError() | UnknownNameError():
            return str(error), WRONG_USE
        case HeadlapseError():
            return str(error), FAILED
        case _:
            return _of_system(error), FAILED


def _sentence(text: str) -> str:
    """`text` with a full stop, unless it ends as a sentence."""
    return text if text.endswith((".", "?")) else f"{text}."


def _command_of(error: typer.TyperException) -> str:
    """The command whose --help says how to use it; headlapse itself if none was reached."""
    context = getattr(error, "ctx", None)
    return f"headlapse {context.info_name}" if context is not None and context.parent is not None else "headlapse"


def _of_system(error: Exception) -> str:
    """The message for an error that Python or the system raised, not headlapse."""
    match error:
        case ModuleNotFoundError(name=str(module)) if module.partition(".")[0] != "headlapse":
            return str(extras.missing(module))
        case _ if refusals.is_out_of_memory(error):
            return refusals.in_words(error)
        case OSError():
            return _of_disk(error)
        case _:
            return f"unexpected {type(error).__name__}: {error}; run again with --debug to see where"


def _of_disk(error: OSError) -> str:
    where = "" if error.filename is None else f" ({in_one_line(error.filename)})"
    if error.errno == errno.ENOSPC:
        return no_space(None if error.filename is None else Path(error.filename)) + where
    return f"{error.strerror or error}{where}; {refusals.remedy(error, 'check the path and its permissions')}"
