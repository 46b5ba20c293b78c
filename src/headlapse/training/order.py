"""The options of a training run, checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headlapse import checks
from headlapse.results.variant import Variant
from headlapse.training.adaptive import AdaptiveSchedule
from headlapse.training.arithmetic import check_threads
from headlapse.training.run import resolve_device
from headlapse.training.schedule import DEFAULT_BUDGET, FixedSchedule, Schedule, check_kind


@dataclass(frozen=True)
class Order:
    """The options of every run; see `train`."""

    epochs: int | None = None
    checkpoint_epochs: Sequence[int] | None = None
    checkpoint_every: int | None = None
    checkpoints: str = "fixed"
    budget: int | None = None
    test_every: int = 1
    analyze: bool = True
    device: str = "auto"
    threads: int | None = None
    products: str | None = None
    restart: bool = False

    def checked(self) -> Order:
        """The same options with a device of this machine. Raises `InvalidValueError` for a value out of range."""
        for name, value in (("analyze", self.analyze), ("restart", self.restart)):
            checks.flag(name, value)
        device = resolve_device(self.device)
        test_every = checks.whole("test_every", self.test_every, least=1)
        return replace(self, device=device, threads=check_threads(self.threads, device), test_every=test_every)

    def schedule(self, variant: Variant) -> Schedule:
        """The epochs of `variant` that keep a checkpoint. Options that would have no effect are refused."""
        epochs, every, chosen, budget = self.total(variant), self.checkpoint_every, self.checkpoint_epochs, self.budget
        check_kind(self.checkpoints, every, chosen, budget)
        if self.checkpoints == "adaptive":
            return AdaptiveSchedule(variant, epochs, DEFAULT_BUDGET if budget is None else budget)
        spacing = variant.family.spec.schedule.checkpoint_every
        every = int(spacing.check("checkpoint_every", spacing.default if every is None else every))
        return FixedSchedule(epochs, every, chosen)

    def total(self, variant: Variant) -> int:
        """The epoch to which `variant` is trained."""
        planned = variant.family.spec.schedule.epochs
        return int(planned.check("epochs", planned.default if self.epochs is None else self.epochs))
