"""A grid of settings: which variants a sweep trains."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from headlapse.errors import InvalidValueError, UnknownNameError, shown
from headlapse.families.spec import Setting
from headlapse.sweep.values import check_count, check_values
from headlapse.workbench import ModelFamily, Variant

Settings = dict[str, Setting]


@dataclass(frozen=True)
class Grid:
    """Every combination of the values in `axes`; those in `together` are taken in parallel, as by `zip`.

    `fixed` settings are the same for all. Create grids with `Grid.of`, which checks them.
    """

    family: ModelFamily
    axes: Mapping[str, list[Setting]]
    together: Mapping[str, list[Setting]]
    fixed: Settings

    @classmethod
    def of(
        cls,
        family: ModelFamily,
        axes: Mapping[str, Any],
        together: Mapping[str, Any] | None = None,
        fixed: Mapping[str, Any] | None = None,
    ) -> Grid:
        """The grid of these values, which may be texts such as `0..63` or lists of numbers.

        Raises `InvalidValueError` for an unknown setting, one given twice, no value, a value that is out of range or comes
        twice, zipped settings of different length, and more variants than one sweep takes.
        """
        together, fixed = together or {}, fixed or {}
        _check_names(family, axes, together, fixed)
        specs = family.settings
        grid = cls(
            family,
            {name: check_values(name, specs[name], given) for name, given in axes.items()},
            {name: check_values(name, specs[name], given) for name, given in together.items()},
            {name: _one(family, name, given) for name, given in fixed.items()},
        )
        grid._check_zipped()
        check_count("the grid", "variants", len(grid))
        return grid

    def __len__(self) -> int:
        return math.prod(map(len, self.axes.values())) * self._zipped_length

    def variants(self, results: Path) -> list[Variant]:
        """The variants, the last axis varying fastest, in `results`."""
        return [self.family.variant(results=results, **settings) for settings in self._combinations()]

    @property
    def varied(self) -> list[str]:
        """Names of the settings that differ from variant to variant."""
        return [name for name, values in ({**self.axes, **self.together}).items() if len(values) > 1]

    def _combinations(self) -> Iterator[Settings]:
        rows = [dict(zip(self.together, row, strict=True)) for row in zip(*self.together.values(), strict=True)] or [{}]
        for values in itertools.product(*self.axes.values()):
            for row in rows:
                yield self.fixed | dict(zip(self.axes, values, strict=True)) | row

    @cached_property
    def _zipped_length(self) -> int:
        return max(map(len, self.together.values()), default=1)

    def _check_zipped(self) -> None:
        lengths = {name: len(values) for name, values in self.together.items()}
        if len(set(lengths.values())) > 1:
            counts = ", ".join(f"{name} has {length}" for name, length in lengths.items())
            raise InvalidValueError(f"zipped settings need equally many values: {counts}")


def _check_names(family: ModelFamily, *groups: Mapping[str, Any]) -> None:
    names = [name for group in groups for name in group]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidValueError(f"{twice} is given twice; give each setting once, in the grid, zipped or fixed")
    for name in names:
        if name in ("epochs", "checkpoint_every"):
            raise InvalidValueError(f"{name} does not tell variants apart; give one number for all, with --set {name}=N")
        if name not in family.settings:
            raise UnknownNameError(f"{family.name} has no setting {shown(name)}; it has {', '.join(family.settings)}")
    if not any(groups[:2]):
        raise InvalidValueError("the grid is empty; name a setting and its values, e.g. seed=0..7")


def _one(family: ModelFamily, name: str, given: Any) -> Setting:
    spec = family.settings[name]
    return spec.parse(name, given) if isinstance(given, str) else spec.check(name, given)
