"""Python files with the user's own tasks.

They are code, so they run only if the user names them. The names are in the environment, so that child processes know them,
too.
"""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from headlapse.errors import HeadlapseError, InvalidValueError, in_one_line
from headlapse.registry import Registry

VARIABLE = "HEADLAPSE_TASK_FILES"
_loaded: dict[str, list[str]] = {}  # by file: the tasks it registered


def name_task_files(paths: Iterable[Path]) -> None:
    """Add files to run, for this process and its child processes. Raises `InvalidValueError`."""
    known = named_task_files()
    for path in paths:
        if not path.is_file():
            raise InvalidValueError(f"{path} is not a file; --task-file names a Python file that registers a task")
        known.append(str(path.absolute()))
    if known:
        os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys(known))


def named_task_files() -> list[str]:
    """The files that the user named."""
    return [path for path in os.environ.get(VARIABLE, "").split(os.pathsep) if path]


def run_named(registry: type[Registry[Any]]) -> None:
    """Run each named file, once per process. Raises `HeadlapseError` for one that fails or registers nothing."""
    for path in named_task_files():
        if path not in _loaded:
            _run(path, registry)


def file_of(task: str) -> str | None:
    """The file that registered `task`; None if none did."""
    return next((path for path, tasks in _loaded.items() if task in tasks), None)


def _run(path: str, registry: type[Registry[Any]]) -> None:
    before = set(registry.registered())
    _loaded[path] = []
    try:
        runpy.run_path(path, run_name=f"headlapse_task_file_{Path(path).stem}")
    except Exception as error:  # a user's code may raise anything: name the file
        del _loaded[path]
        raise HeadlapseError(f"task file {path} does not run: {type(error).__name__}: {in_one_line(str(error))}") from error
    _loaded[path] = sorted(set(registry.registered()) - before)
    if not _loaded[path]:
        del _loaded[path]
        raise HeadlapseError(f"task file {path} registers no task; end it with TaskRegistry.register(YourTask())")
