"""What is told about an import besides its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self, TypedDict, Unpack

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.families import Family
from headlapse.importing.epochs import LAST
from headlapse.workbench import FamilyRegistry

Number = int | float


DEFAULT_FAMILY = "modulo_addition_1layer"


class Given(TypedDict, total=False):
    """The options of an import as a user gives them; `import_checkpoints` says what each means."""

    family: str | Family
    results: str | Path
    epoch: int | Sequence[int] | None
    prime: int | None
    heads: int | None
    settings: Mapping[str, Number] | None
    weights: str | None
    losses_every: float | str | Fraction | None


@dataclass(frozen=True)
class Options:
    """`given` are settings and, as `n_heads`, the number of heads; `losses_every` the epochs between two losses."""

    family: Family
    results: Path
    epochs: tuple[int, ...]
    given: Mapping[str, Number]
    weights: str | None
    losses_every: Fraction | None

    @classmethod
    def of(cls, **given: Unpack[Given]) -> Self:
        """The options that `import_checkpoints` takes, checked. Raises `InvalidValueError` or `UnknownNameError`."""
        family = given.get("family", DEFAULT_FAMILY)
        chosen = family if isinstance(family, Family) else FamilyRegistry().get(checks.text("family", family))
        known = {"prime": given.get("prime"), "n_heads": given.get("heads")}
        every = given.get("losses_every")
        return cls(
            family=chosen,
            results=checks.path("results", given.get("results", "results")),
            epochs=_epochs(given.get("epoch")),
            given=dict(given.get("settings") or {}) | {name: value for name, value in known.items() if value is not None},
            weights=checks.optional(checks.text, "weights", given.get("weights")),
            losses_every=None if every is None else _distance(every),
        )


def _epochs(epoch: int | Sequence[int] | None) -> tuple[int, ...]:
    if epoch is None:
        return ()
    values = list(epoch) if isinstance(epoch, list | tuple | range) else [epoch]
    return tuple(checks.whole("epoch", value, most=LAST) for value in values)


def _distance(value: float | str | Fraction) -> Fraction:
    try:
        found = Fraction(str(value) if isinstance(value, float) else value)
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        found = Fraction(-1)
    if found < 0:
        raise InvalidValueError(f"--losses-every must be a number of epochs, 1/5 for five per epoch, or 0, got {value!r}")
    return found
