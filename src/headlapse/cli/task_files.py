"""The option `--task-file` of every command that reads families."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from headlapse.cli.options import typed_path

TaskFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--task-file",
        parser=typed_path,
        metavar="PATH",
        help="Python file that registers your own task; headlapse runs it. May be repeated.",
    ),
]
NAME, FAMILIES = "task_file", "families"


def with_task_files(command: Callable[..., Any]) -> Callable[..., Any]:
    """`command` with the option, if it reads families."""
    signature = inspect.signature(command, eval_str=True)
    if FAMILIES not in signature.parameters:
        return command

    @wraps(command)
    def run(**arguments: Any) -> Any:
        from headlapse.families.task_files import name_task_files
        from headlapse.families.tasks import TaskRegistry

        named = arguments.pop(NAME, None)
        if named:
            name_task_files(named)
            TaskRegistry.names()  # report a broken file before anything else
        return command(**arguments)

    option = inspect.Parameter(NAME, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=TaskFiles)
    parameters = [*signature.parameters.values(), option]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
