"""Find family.json files: the packaged ones, then those in the folders of the user."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headlapse import checks, families
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.errors import BrokenFamilyError, UnknownNameError
from headlapse.families.spec import FamilySpec, read_family_spec, stated_name
from headlapse.families.tasks import TaskRegistry
from headlapse.registry import Registry
from headlapse.results.paths import RECORDED
from headlapse.workbench.family import ModelFamily

PACKAGED_DEFINITIONS = Path(families.__file__).parent / "definitions"
DEFAULT_FAMILY = "modulo_addition_1layer"
FOLDERS_VARIABLE = "HEADLAPSE_FAMILIES"


@dataclass(frozen=True)
class BrokenFamily:
    """A family.json that cannot be used, and why.

    `name` is the name in the file, or that of its folder if the file has none or another family has that name.
    """

    name: str
    path: Path
    reason: str

    def is_called(self, name: str) -> bool:
        """Whether `name` means this family: its own name, or that of its folder."""
        return name in (self.name, self.path.parent.name)


class FamilyRegistry:
    """The families that exist. A broken one is listed with its reason; the others can be used.

    Looks in the packaged definitions, then in `folders`, then in the folders of the environment variable
    `HEADLAPSE_FAMILIES` (separated as in PATH). A folder contains `<family>/family.json`, or is itself such a folder.
    """

    def __init__(self, *folders: str | Path) -> None:
        self._families: dict[str, ModelFamily] = {}
        self.broken: list[BrokenFamily] = []
        named = [checks.path("a folder of families", folder) for folder in folders]
        for folder in (PACKAGED_DEFINITIONS, *named, *_folders_from_environment()):
            self._add_folder(folder)

    def names(self) -> list[str]:
        """Names of the usable families, packaged ones first."""
        return list(self._families)

    def get(self, name: str) -> ModelFamily:
        """The family called `name`. Raises `BrokenFamilyError` or `UnknownNameError`, which lists the known ones."""
        checks.text("the name of a family", name)
        if name in self._families:
            return self._families[name]
        reasons = [broken.reason for broken in self.broken if broken.is_called(name)]
        if reasons:
            raise BrokenFamilyError(f"family {name!r} is broken: {'; '.join(reasons)}")
        names = ", ".join(sorted(broken.name for broken in self.broken))
        broken = f"; broken: {names} (headlapse families with the same --families says why)" if names else ""
        unknown = UnknownNameError.among("family", name, self._families)
        raise UnknownNameError(f"{unknown}{broken}; name the folder of your own families by --families or {FOLDERS_VARIABLE}")

    def _add_folder(self, folder: Path) -> None:
        try:
            if not folder.is_dir():
                reason = f"{folder}: is not a folder; name one that holds families"
                self.broken.append(BrokenFamily(folder.name, folder, reason))
            paths = sorted({*folder.glob("family.json"), *folder.glob("*/family.json")})
        except OSError as error:
            reason = f"{folder}: cannot be read ({error.strerror}); check its permissions"
            self.broken.append(BrokenFamily(folder.name, folder, reason))
        else:
            for path in paths:
                self._add_file(path)

    def _add_file(self, path: Path) -> None:
        try:
            spec = read_family_spec(path)
            _check_names(spec, path)
            self._check_unique(spec, path)
        except BrokenFamilyError as error:
            self.broken.append(BrokenFamily(self._name_of_broken(path), path, str(error)))
        else:
            self._families[spec.name] = ModelFamily(spec, path)

    def _name_of_broken(self, path: Path) -> str:
        name = stated_name(path)
        return path.parent.name if name is None or name in self._families else name

    def _check_unique(self, spec: FamilySpec, path: Path) -> None:
        if spec.name == RECORDED:
            raise BrokenFamilyError(f"{path}: name: {RECORDED!r} is the folder of recorded runs; choose another")
        other = self._families.get(spec.name)
        if other is not None:
            raise BrokenFamilyError(f"{path}: name: {spec.name!r} is taken by {other.path}; rename one")


def _check_names(spec: FamilySpec, path: Path) -> None:
    if not TaskRegistry.has(spec.task):
        reason = UnknownNameError.among("task", spec.task, TaskRegistry.names())
        raise BrokenFamilyError(f"{path}: task: {reason}; {_where_tasks_are(path)}")
    _check_known(path, "analyzers", spec.analyzers, AnalyzerRegistry)
    _check_known(path, "cross_epoch_analyzers", spec.cross_epoch_analyzers, CrossEpochRegistry)
    if not path.is_relative_to(PACKAGED_DEFINITIONS):
        from headlapse.visualization.views import ViewRegistry  # to know all views takes a third of a second

        _check_known(path, "visualizations", spec.visualizations, ViewRegistry)


def _where_tasks_are(path: Path) -> str:
    """What to do about a task that is not known, with the Python files beside its family.json."""
    files = sorted(path.parent.glob("*.py"))
    if not files:
        return "name the Python file that registers it by --task-file FILE"
    return f"headlapse runs a file with a task only if you name it: --task-file {files[0]}"


def _check_known(path: Path, key: str, names: Iterable[str], registry: type[Registry[Any]]) -> None:
    """Raise `BrokenFamilyError`, naming the field, if the file names a plug-in that does not exist."""
    for name in names:
        if not registry.has(name):
            raise BrokenFamilyError(f"{path}: {key}: {UnknownNameError.among(registry.kind, name, registry.names())}")


def _folders_from_environment() -> list[Path]:
    return [Path(folder) for folder in os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep) if folder]
