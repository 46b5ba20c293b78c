"""Import every variant in files and folders. If one fails, the others are still imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from headlapse import checks
from headlapse.errors import HeadlapseError
from headlapse.importing.discovery import Unit, find_units
from headlapse.importing.importer import Imported, import_unit
from headlapse.importing.naming import checked_name, default_name, different
from headlapse.importing.options import Given, Options, chosen_paths
from headlapse.importing.writing import Progress


@dataclass(frozen=True)
class Outcome:
    """The outcome for one variant: the import, or the reason for its failure."""

    path: Path
    name: str
    imported: Imported | None = None
    error: HeadlapseError | None = None

    def __str__(self) -> str:
        return f"{self.name}: error: {self.error}" if self.imported is None else summary(self.imported)


def import_variants(
    paths: str | Path | Sequence[str | Path],
    *,
    name: str | None = None,
    progress: Progress | None = None,
    **options: Unpack[Given],
) -> list[Outcome]:
    """Import each variant in `paths`; the options are those of `import_checkpoints`.

    `name` is the name of a single variant, or the beginning of the names of several. Raises a `HeadlapseError` if the paths or
    options themselves are wrong, before anything is imported.
    """
    chosen = Options.of(**options)
    checks.optional(checks.function, "progress", progress)
    outcomes = []
    for unit, own in named_units(chosen_paths(paths), checks.optional(checks.text, "name", name), chosen):
        try:
            outcomes.append(Outcome(unit.path, own, imported=import_unit(unit, own, chosen, progress)))
        except HeadlapseError as error:
            outcomes.append(Outcome(unit.path, own, error=error))
    return outcomes


def named_units(paths: Sequence[Path], name: str | None, options: Options) -> list[tuple[Unit, str]]:
    """The variants in `paths` with the names they will have. Raises a `HeadlapseError`."""
    units = find_units(paths)
    if name is None:
        names = different(default_name(unit.name) for unit in units)
    elif len(units) == 1:
        names = [name]
    else:
        names = different(f"{name}_{default_name(unit.name).removeprefix('imported_')}" for unit in units)
    return [(unit, checked_name(own, options.family.name)) for unit, own in zip(units, names, strict=True)]


def summary(imported: Imported) -> str:
    """Name, checkpoints and the last accuracy, in one line."""
    epochs = list(imported.accuracy)
    several = f"{len(epochs):,} checkpoints, epochs {epochs[0]:,} to {epochs[-1]:,}"
    span = f"epoch {epochs[0]:,}" if len(epochs) == 1 else several
    accuracy = f"accuracy {imported.accuracy[epochs[-1]]:.4f} over all inputs of {imported.question}"
    return f"{imported.variant.name}: {span}, {accuracy}"
