"""The user's object for a family: it makes variants."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headlapse import checks
from headlapse.families.base import Family
from headlapse.families.spec import Setting

if TYPE_CHECKING:
    from headlapse.workbench.variant import Variant


@dataclass(frozen=True, repr=False, eq=False)  # equal and hashed as the base says
class ModelFamily(Family):
    """A validated family.json with its task; it makes variants."""

    def variant(self, *, results: str | Path = "results", **settings: Setting) -> Variant:
        """The variant with these parameters and training settings; all others have the family's defaults.

        Nothing is written until it trains. Raises `InvalidValueError` for a value out of range, an unknown setting, or a wrong
        path.

        >>> family.variant(prime=31, weight_decay=0.5, seed=3).name
        'modulo_addition_1layer_p31_seed3_dseed598_wd0.5'
        """
        from headlapse.workbench.variant import Variant

        return Variant(self, self.resolve(settings), checks.path("results", results))
