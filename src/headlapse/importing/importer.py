"""Import checkpoints: everything is read and checked in a folder aside, which becomes the variant only when all fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from headlapse.errors import InvalidValueError
from headlapse.families import Family
from headlapse.importing.discovery import Unit, find_units, merged
from headlapse.importing.naming import default_name
from headlapse.importing.planning import make_plan
from headlapse.importing.sources import read_source
from headlapse.importing.writing import write_variant
from headlapse.results.import_source import check_name
from headlapse.results.orphans import dead_imports
from headlapse.results.paths import staging_lock
from headlapse.storage.atomic import remove, staged_folder
from headlapse.storage.lock import in_turn
from headlapse.workbench import FamilyRegistry, Variant

Number = int | float


@dataclass(frozen=True)
class Imported:
    """What an import made. `accuracy[epoch]` is that of `question` over all inputs: a wrong transposition shows at once."""

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


@dataclass(frozen=True)
class Options:
    """What is told about an import besides its files. `given` are settings and, as `n_heads`, the number of heads."""

    family: Family
    results: Path
    epochs: tuple[int, ...] = ()
    given: Mapping[str, Number] | None = None
    weights: str | None = None
    losses_every: Fraction | None = None


def import_checkpoints(
    paths: str | Path | Sequence[str | Path],
    *,
    family: str | Family = "modulo_addition_1layer",
    epoch: int | Sequence[int] | None = None,
    prime: int | None = None,
    heads: int | None = None,
    name: str | None = None,
    results: str | Path = "results",
    settings: Mapping[str, Number] | None = None,
    weights: str | None = None,
    losses_every: float | str | Fraction | None = None,
) -> Imported:
    """Import files or folders of weights as one variant of `family`.

    Formats, layouts and prefixes are recognised from what the files hold; docs/import.md lists them. `epoch` is that of a
    single state which does not say it, or one for each state in their order; `heads` is needed where fused weights hide it
    and it is not the family's; `weights` is the key of the weights where a file holds several; `losses_every` how many epochs
    lie between two losses where their number leaves it open, "1/5" for five losses per epoch, 0 to leave them out.
    Raises a `HeadlapseError` for what does not fit, and then nothing is written.
    """
    chosen = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    options = options_of(family, epoch, {"prime": prime, "n_heads": heads}, settings, weights, losses_every, results)
    units = [merged(_one_variant(found, path)) for path, found in _units_of(chosen)]
    unit = merged(units)
    return import_unit(unit, checked_name(default_name(unit.name) if name is None else name, options.family), options)


def options_of(
    family: str | Family,
    epoch: int | Sequence[int] | None,
    given: Mapping[str, Number | None],
    settings: Mapping[str, Number] | None,
    weights: str | None,
    losses_every: float | str | Fraction | None,
    results: str | Path,
) -> Options:
    """The options of an import, checked. Raises `InvalidValueError` or `UnknownNameError`."""
    family = FamilyRegistry().get(family) if isinstance(family, str) else family
    epochs = () if epoch is None else (epoch,) if isinstance(epoch, int) else tuple(epoch)
    known = {**(settings or {}), **{key: value for key, value in given.items() if value is not None}}
    every = None if losses_every is None else _distance(losses_every)
    return Options(family, Path(results), epochs, known, weights, every)


def import_unit(unit: Unit, name: str, options: Options) -> Imported:
    """Import one variant under `name`. Raises a `HeadlapseError`, and then nothing is written."""
    source = read_source(unit, options.epochs, options.weights)
    plan = make_plan(source, options.family, options.given or {}, name, options.results)
    folder = plan.variant.paths.root
    if folder.exists():
        raise InvalidValueError(f"{folder} exists; choose another --name, or remove it first")
    remove(dead_imports(options.results))
    with ExitStack() as after, staged_folder(folder, options.results) as aside:
        after.enter_context(in_turn(staging_lock(aside)))
        written = write_variant(replace(plan.variant, results=aside), source, plan.n_heads, options.losses_every)
    variant = replace(written.variant, results=options.results)
    notes = (*plan.notes, *written.notes, *source.notes)
    return Imported(variant, plan.layout, notes, written.accuracy, options.family.question(variant.settings))


def checked_name(name: str, family: Family) -> str:
    """`name` if an imported variant may have it. Raises `InvalidValueError`."""
    if check_name(name).startswith(f"{family.name}_"):
        reserved = f"names that begin with {family.name}_ are for variants trained here"
        raise InvalidValueError(f"{reserved}; choose another --name than {name}")
    return name


def _units_of(paths: Sequence[Path]) -> list[tuple[Path, list[Unit]]]:
    """The variants in each path; several files are looked at together."""
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if path not in folders]
    groups = ([files] if files or not folders else []) + [[folder] for folder in folders]
    return [(group[0] if group else Path(), find_units(group)) for group in groups]


def _one_variant(units: Sequence[Unit], path: Path) -> Sequence[Unit]:
    if len(units) > 1:
        names = ", ".join(str(unit.path) for unit in units[:3]) + (", ..." if len(units) > 3 else "")
        raise InvalidValueError(f"{path} holds {len(units)} variants: {names}; import one of them, or all with import_variants")
    return units


def _distance(value: float | str | Fraction) -> Fraction:
    try:
        found = Fraction(str(value) if isinstance(value, float) else value)
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        found = Fraction(-1)
    if found < 0:
        raise InvalidValueError(f"--losses-every must be a number of epochs, 1/5 for five per epoch, or 0, got {value!r}")
    return found
