"""Find the runs in a results folder: variants and recorded ones. A broken one is listed with its reason and hides no other."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from headlapse import checks
from headlapse.errors import FileStateError, HeadlapseError, UnknownNameError
from headlapse.results.other_programs import check_ours
from headlapse.results.paths import RECORDED, variant_folders
from headlapse.results.variant import Variant

if TYPE_CHECKING:
    from headlapse.families import Family
    from headlapse.results.run import Run

TRAIN_OR_NAME_ANOTHER = "train one first, e.g. headlapse demo, or name another folder by --results"


@dataclass(frozen=True)
class BrokenVariant:
    """A folder that should hold a variant, and why it cannot be read."""

    folder: Path
    reason: str


@dataclass(frozen=True)
class Listing:
    """The content of a results folder."""

    variants: list[Run] = field(default_factory=list)
    broken: list[BrokenVariant] = field(default_factory=list)

    def get(self, name: str) -> Run:
        """The run called `name`. Raises `UnknownNameError` with the closest names, or with the reason why it is broken."""
        for variant in self.variants:
            if variant.name == name:
                return variant
        for broken in self.broken:
            if broken.folder.name == name:
                raise HeadlapseError(broken.reason)
        names = [variant.name for variant in self.variants]
        close = difflib.get_close_matches(name, names, n=5, cutoff=0.3) or names[:5]
        remedy = "headlapse list shows all" if names else TRAIN_OR_NAME_ANOTHER
        raise UnknownNameError(f"{UnknownNameError.among('variant', name, close)}; {remedy}")


def discover(results: Path, family: Callable[[str], Family]) -> Listing:
    """The runs under `results`, sorted by family and name; `family` returns the family with a name or raises."""
    listing = Listing()
    for folder in variant_folders(results):
        try:
            listing.variants.append(open_run(folder, family))
        except HeadlapseError as error:
            listing.broken.append(BrokenVariant(folder, why_unusable(folder, error)))
    return listing


def open_run(folder: Path, family: Callable[[str], Family]) -> Run:
    """The run in `folder`, a variant or a recorded run. Raises what `Variant.open`, `RecordedRun.open` or `family` raises."""
    kind = folder.parent.name
    if kind != RECORDED:
        return Variant.open(folder, family(kind))
    from headlapse.results.recorded import RecordedRun  # listing variants does not import modules that read arrays

    return RecordedRun.open(folder)


def check_run(value: object) -> Run:
    """`value` if it is a run. Raises `InvalidValueError` otherwise."""
    from headlapse.results.recorded import RecordedRun

    if isinstance(value, Variant | RecordedRun):
        return value
    raise checks.wrong("variant", "a variant, as family.variant(...), load_variant(...) or a recording gives it", value)


def why_unusable(folder: Path, error: HeadlapseError) -> str:
    """Why opening the variant in `folder` raised `error`; that another program wrote it comes first."""
    try:
        check_ours(folder)
    except FileStateError as foreign:
        return str(foreign)
    return str(error)
