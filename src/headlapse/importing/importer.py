"""Import checkpoints: everything is read and checked in a folder aside, which becomes the variant only when all fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from headlapse.errors import InvalidValueError
from headlapse.families import Family
from headlapse.importing.planning import make_plan
from headlapse.importing.sources import read_sources
from headlapse.importing.writing import write_variant
from headlapse.results.import_source import check_name
from headlapse.results.orphans import dead_imports
from headlapse.results.paths import staging_lock
from headlapse.storage.atomic import remove, staged_folder
from headlapse.storage.lock import in_turn
from headlapse.workbench import FamilyRegistry, Variant


@dataclass(frozen=True)
class Imported:
    """What an import made. `accuracy[epoch]` is over all inputs: a wrong transposition shows at once."""

    variant: Variant
    layout: str
    notes: tuple[str, ...]
    accuracy: Mapping[int, float]

    def __str__(self) -> str:
        lines = [f"{self.variant.name}: layout {self.layout}", *self.notes]
        lines += [f"epoch {epoch:,}: accuracy {accuracy:.4f} over all inputs" for epoch, accuracy in self.accuracy.items()]
        return "\n".join(lines)


def import_checkpoints(
    paths: str | Path | Sequence[str | Path],
    *,
    family: str | Family = "modulo_addition_1layer",
    epoch: int | None = None,
    prime: int | None = None,
    heads: int | None = None,
    name: str | None = None,
    results: str | Path = "results",
) -> Imported:
    """Import files or folders of weights as one variant of `family`.

    Layouts are recognised: `HookedTransformer` state dicts, TransformerLens 4 bridge state dicts, the files of the progress
    measures paper, folders of numbered checkpoints with config.json and metadata.json, and files of many checkpoints. `epoch`
    is that of a single state which does not say it; `heads` is needed where fused weights hide it and it is not the family's.
    Raises a `HeadlapseError` for what does not fit, and then nothing is written.
    """
    chosen = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not chosen:
        raise InvalidValueError("name at least one file or folder to import")
    family = FamilyRegistry().get(family) if isinstance(family, str) else family
    name = check_name(name or f"imported_{(chosen[0].stem if chosen[0].is_file() else chosen[0].name)}")
    if name.startswith(f"{family.name}_"):
        reserved = f"names that begin with {family.name}_ are for variants trained here"
        raise InvalidValueError(f"{reserved}; choose another --name than {name}")
    source = read_sources(chosen, epoch)
    given = {name: value for name, value in (("prime", prime), ("n_heads", heads)) if value is not None}
    plan = make_plan(source, family, given, name, Path(results))
    folder = plan.variant.paths.root
    if folder.exists():
        raise InvalidValueError(f"{folder} exists; choose another --name, or remove it first")
    remove(dead_imports(Path(results)))
    with ExitStack() as after, staged_folder(folder, Path(results)) as aside:
        after.enter_context(in_turn(staging_lock(aside)))
        accuracy = write_variant(replace(plan.variant, results=aside), source, plan.n_heads)
    return Imported(plan.variant, plan.layout, plan.notes, accuracy)
