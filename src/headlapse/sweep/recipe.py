"""How every run of a sweep is trained, besides its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from headlapse import checks
from headlapse.families.base import Family
from headlapse.training.limits import Plan
from headlapse.training.schedule import DEFAULT_BUDGET, check_kind, count_every


@dataclass(frozen=True)
class Recipe:
    """`headlapse.training.train` takes each of these under the same name."""

    epochs: int
    checkpoint_every: int | None = None
    checkpoints: str = "fixed"
    budget: int | None = None
    test_every: int = 1
    analyze: bool = True
    device: str = "cpu"

    @classmethod
    def of(cls, family: Family, given: Mapping[str, Any]) -> Recipe:
        """The recipe with these values, numbers also as texts; the rest is the family's. Raises `InvalidValueError`."""
        schedule = family.spec.schedule
        numbers = {
            "epochs": (schedule.epochs, schedule.epochs.default),
            "checkpoint_every": (schedule.checkpoint_every, None),
        }
        values: dict[str, Any] = {name: int(value) if _is_count(name, value) else value for name, value in given.items()}
        for name, (spec, default) in numbers.items():
            value = values.get(name)
            parsed = spec.parse(name, value) if isinstance(value, str) else value
            values[name] = default if parsed is None else int(spec.check(name, parsed))
        return cls(**{name: value for name, value in values.items() if value is not None})

    @classmethod
    def names(cls) -> list[str]:
        return [each.name for each in fields(cls)]

    def __post_init__(self) -> None:
        check_kind(self.checkpoints, self.checkpoint_every, None, self.budget)
        checks.one_of("device of a sweep", self.device, ("cpu", "cuda"))
        checks.whole("test_every", self.test_every, least=1)
        checks.flag("analyze", self.analyze)
        checks.optional(lambda name, value: checks.whole(name, value, least=3), "the budget of checkpoints", self.budget)

    def to_json(self) -> dict[str, Any]:
        """Its fields, from which the same recipe can be created."""
        return {name: getattr(self, name) for name in self.names()}

    def plan(self, family: Family) -> Plan:
        """Upper bounds of what a run computes and keeps."""
        every = self.checkpoint_every or int(family.spec.schedule.checkpoint_every.default)
        kept = count_every(self.epochs, every)
        most = kept if self.checkpoints == "fixed" else min(self.budget or DEFAULT_BUDGET, self.epochs + 1)
        return Plan(self.epochs, most, self.analyze)


def _is_count(name: str, value: object) -> bool:
    return name in ("budget", "test_every") and isinstance(value, str) and value.isascii() and value.isdigit()
