"""Import every variant in files and folders. One that fails hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from headlapse.errors import HeadlapseError
from headlapse.importing.discovery import Unit, find_units
from headlapse.importing.importer import Imported, Options, checked_name, import_unit
from headlapse.importing.naming import default_name, different

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one variant: it was imported, or why not."""

    path: Path
    name: str
    imported: Imported | None = None
    error: Exception | None = None

    def __str__(self) -> str:
        if self.imported is None:
            return f"{self.name}: error: {self.error}"
        epochs = list(self.imported.accuracy)
        count = "1 checkpoint" if len(epochs) == 1 else f"{len(epochs):,} checkpoints, {epochs[0]:,} to"
        last = f"{count}{' of' if len(epochs) == 1 else ''} epoch {epochs[-1]:,}"
        accuracy = f"accuracy {self.imported.accuracy[epochs[-1]]:.4f} of {self.imported.question}"
        return f"{self.name}: {last}, {accuracy} over all inputs"


def import_variants(
    paths: Sequence[Path], options: Options, name: str | None = None, progress: Progress = lambda *_: None
) -> Iterator[Outcome]:
    """Import each variant in `paths`, one after another; `progress` is told (done, total, name).

    `name` is that of a single variant; of several, what their names begin with. Raises a `HeadlapseError` where the paths
    themselves are wrong, before anything is imported.
    """
    units = find_units(paths)
    names = _names(units, name)
    for unit_name in names:
        checked_name(unit_name, options.family)
    for done, (unit, unit_name) in enumerate(zip(units, names, strict=True)):
        progress(done, len(units), unit_name)
        yield _outcome(unit, unit_name, options)
    progress(len(units), len(units), "")


def _names(units: Sequence[Unit], name: str | None) -> list[str]:
    if name is None:
        return different(default_name(unit.name) for unit in units)
    if len(units) == 1:
        return [name]
    return different(f"{name}_{default_name(unit.name).removeprefix('imported_')}" for unit in units)


def _outcome(unit: Unit, name: str, options: Options) -> Outcome:
    try:
        return Outcome(unit.path, name, imported=import_unit(unit, name, options))
    except (HeadlapseError, OSError) as error:
        return Outcome(unit.path, name, error=error)
