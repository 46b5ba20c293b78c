"""Options of an import, besides its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self, TypedDict, Unpack

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.families import Family
from headlapse.families.spec import Setting
from headlapse.importing.epochs import LAST
from headlapse.workbench import FamilyRegistry
from headlapse.workbench.families import DEFAULT_FAMILY


class Given(TypedDict, total=False):
    """The options of an import as a user gives them; `import_checkpoints` explains each."""

    family: str | Family
    results: str | Path
    epoch: int | Sequence[int] | None
    epochs_every: int | None
    prime: int | None
    heads: int | None
    settings: Mapping[str, Setting] | None
    weights: str | None
    losses_every: float | str | Fraction | None


@dataclass(frozen=True)
class Options:
    """`given` are settings and, as `n_heads`, the number of heads; `epochs_every` the epochs between two states of a list.

    `losses_every` are the epochs between two losses.
    """

    family: Family
    results: Path
    epochs: tuple[int, ...]
    given: Mapping[str, Setting]
    weights: str | None
    losses_every: Fraction | None
    epochs_every: int | None = None

    @classmethod
    def of(cls, **given: Unpack[Given]) -> Self:
        """The options that `import_checkpoints` takes, checked. Raises `InvalidValueError` or `UnknownNameError`."""
        checks.known("option", given, Given.__annotations__)
        family = given.get("family", DEFAULT_FAMILY)
        chosen = family if isinstance(family, Family) else FamilyRegistry().get(checks.text("family", family))
        known = {"prime": given.get("prime"), "n_heads": given.get("heads")}
        every, apart = given.get("losses_every"), given.get("epochs_every")
        return cls(
            family=chosen,
            results=checks.path("results", given.get("results", "results")),
            epochs=_epochs(given.get("epoch")),
            given=_settings(given.get("settings")) | {name: value for name, value in known.items() if value is not None},
            weights=checks.optional(checks.text, "weights", given.get("weights")),
            losses_every=None if every is None else _distance(every),
            epochs_every=None if apart is None else checks.whole("epochs_every", apart, least=1, most=LAST),
        )


def chosen_paths(paths: str | Path | Sequence[str | Path]) -> list[Path]:
    """One path, or several. Raises `InvalidValueError`."""
    if isinstance(paths, str | Path):
        return [checks.path("path", paths)]
    return checks.several(checks.path, "paths", paths, "paths")


def _settings(settings: Mapping[str, Setting] | None) -> dict[str, Setting]:
    if settings is None:
        return {}
    if not isinstance(settings, Mapping):
        raise checks.wrong("settings", "values by name, as {'lr': 0.001}", settings)
    return {checks.text("the name of a setting", name): value for name, value in settings.items()}


def _epochs(epoch: int | Sequence[int] | None) -> tuple[int, ...]:
    if epoch is None:
        return ()
    values = list(epoch) if isinstance(epoch, list | tuple | range) else [epoch]
    return tuple(checks.whole("epoch", value, most=LAST) for value in values)


def _distance(value: float | str | Fraction) -> Fraction:
    try:
        found = Fraction(-1 if isinstance(value, bool) else str(value) if isinstance(value, float) else value)
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        found = Fraction(-1)
    if found < 0:
        raise InvalidValueError(
            f"--losses-every must be a number of epochs, 1/5 for five per epoch, or 0, got {checks.shown(value)}"
        )
    return found
