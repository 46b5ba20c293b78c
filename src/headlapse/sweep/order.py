"""The order to the process of a run, and its answer. Both are JSON, so they can be sent to any process on any node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from headlapse.families.spec import Setting, parse_family_spec
from headlapse.families.task_files import name_task_files, named_task_files
from headlapse.results.variant import Variant as StoredVariant
from headlapse.sweep.recipe import Recipe
from headlapse.workbench import ModelFamily, Variant

Ending = Literal["finished", "cancelled", "busy", "failed", "died"]


@dataclass(frozen=True)
class Order:
    """Train one variant. The order contains the whole family, so it does not depend on files of the node.

    `threads` and `products` are for a run that has not begun; one that goes on keeps its own, unless `threads` are `forced`.
    `silent` is the token of a lease that was watched until its owner was treated as dead, so that nobody waits for it again.
    `task_files` are those that the user named; their content is read on the node.
    """

    family: Mapping[str, Any]
    family_path: str
    results: str
    settings: Mapping[str, Setting]
    recipe: Mapping[str, Any]
    threads: int
    products: str | None
    forced: bool = False
    silent: str = ""
    task_files: list[str] = field(default_factory=list)

    @classmethod
    def for_(cls, variant: StoredVariant, recipe: Recipe, threads: int, products: str | None, forced: bool) -> Order:
        """The order to train `variant` as `recipe` says."""
        family, results = variant.family, str(variant.results.absolute())
        spec = family.spec.model_dump(mode="json", exclude_unset=True)
        return cls(
            spec,
            str(family.path),
            results,
            dict(variant.settings),
            recipe.to_json(),
            threads,
            products,
            forced,
            task_files=named_task_files(),
        )

    def to_json(self) -> dict[str, Any]:
        """Its fields, from which the same order can be created."""
        return asdict(self)

    def variant(self) -> Variant:
        """The variant to train. Raises a `HeadlapseError` if this node has no such task, family or task file."""
        name_task_files(map(Path, self.task_files))
        path = Path(self.family_path)
        family = ModelFamily(parse_family_spec(dict(self.family), path), path)
        return family.variant(results=self.results, **self.settings)


@dataclass(frozen=True)
class Outcome:
    """How a run ended, the reason if it did not finish, and remarks on the way."""

    ending: Ending
    reason: str = ""
    notes: list[str] = field(default_factory=list)
