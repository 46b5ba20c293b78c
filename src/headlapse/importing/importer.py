"""Import checkpoints: everything is checked in a temporary folder, which becomes the variant only if all of it fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.importing.discovery import Unit, find_units, merged
from headlapse.importing.naming import checked_name, default_name
from headlapse.importing.options import Given, Options, chosen_paths
from headlapse.importing.planning import make_plan
from headlapse.importing.sources import read_source
from headlapse.importing.writing import Progress, write_variant
from headlapse.results.orphans import dead_imports
from headlapse.results.paths import staging_lock
from headlapse.storage.atomic import remove, staged_folder
from headlapse.storage.lock import in_turn
from headlapse.workbench import Variant


@dataclass(frozen=True)
class Imported:
    """The result of an import. `accuracy[epoch]` is that on `question` over all inputs; it reveals a wrong transposition."""

    variant: Variant
    layout: str
    notes: tuple[str, ...]
    accuracy: Mapping[int, float]
    question: str = ""

    def __str__(self) -> str:
        of = f" of {self.question}" if self.question else ""
        lines = [f"{self.variant.name}: layout {self.layout}", *self.notes]
        lines += [f"epoch {epoch:,}: accuracy {accuracy:.4f} over all inputs{of}" for epoch, accuracy in self.accuracy.items()]
        return "\n".join(lines)


def import_checkpoints(
    paths: str | Path | Sequence[str | Path],
    *,
    name: str | None = None,
    progress: Progress | None = None,
    **options: Unpack[Given],
) -> Imported:
    """Import files or folders of weights as one variant.

    Formats, layouts and prefixes are recognised from the content of the files; docs/import.md lists them. Options: `family` (a
    name or a `Family`), `results` (a folder), `epoch` (of a single state which does not say it, or one for each state in their
    order), `epochs_every` (epochs between two states of a list without epochs; `epoch` is then that of the first), `prime`,
    `heads` (needed if fused weights hide their number and it is not the family's), `settings` (by name, if the files do not
    state them), `weights` (the key of the weights to use if a file has several), `losses_every` (epochs between two losses, if
    their number leaves it open; "1/5" for five losses per epoch, 0 to leave them out). `progress` is called with (done, total,
    epoch). Raises a `HeadlapseError` if anything does not fit; then nothing is written.
    """
    chosen = Options.of(**options)
    checks.optional(checks.function, "progress", progress)
    unit = _one_unit(chosen_paths(paths))
    own = checked_name(default_name(unit.name) if name is None else name, chosen.family.name)
    return import_unit(unit, own, chosen, progress)


def import_unit(unit: Unit, name: str, options: Options, progress: Progress | None = None) -> Imported:
    """Import one variant under `name`. Raises a `HeadlapseError`; then nothing is written."""
    source = read_source(unit, options.epochs, options.weights, options.epochs_every)
    plan = make_plan(source, options.family, options.given, name, options.results)
    folder = plan.variant.paths.root
    if folder.exists():
        raise InvalidValueError(f"{folder} exists; choose another --name, or remove it first")
    remove(dead_imports(options.results))
    with ExitStack() as after, staged_folder(folder, options.results) as aside:
        after.enter_context(in_turn(staging_lock(aside)))
        written = write_variant(replace(plan.variant, results=aside), source, plan.n_heads, options.losses_every, progress)
    variant = replace(written.variant, results=options.results)
    notes = (*plan.notes, *written.notes, *source.notes)
    return Imported(variant, plan.layout, notes, written.accuracy, options.family.question(variant.settings))


def _one_unit(paths: Sequence[Path]) -> Unit:
    """The states in all of `paths`; each folder must hold one variant. Raises `InvalidValueError` naming several."""
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if path not in folders]
    groups = ([files] if files or not folders else []) + [[folder] for folder in folders]
    found = [(group, find_units(group)) for group in groups]
    for group, units in found:
        if len(units) > 1:
            names = ", ".join(str(unit.path) for unit in units[:3]) + (", ..." if len(units) > 3 else "")
            wanted = "import one of them, or all with import_variants"
            raise InvalidValueError(f"{group[0]} holds {len(units)} variants: {names}; {wanted}")
    return merged([unit for _, units in found for unit in units])
