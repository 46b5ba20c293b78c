"""The work of a sweep: its grid compared with the results folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headlapse import checks
from headlapse.errors import counted
from headlapse.results.paths import check_results
from headlapse.results.variant import Variant
from headlapse.storage.atomic import remove, write_json
from headlapse.sweep.grid import Grid
from headlapse.sweep.order import Order
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.runs import Standing, standing
from headlapse.training.limits import busy_threads


@dataclass(frozen=True)
class Sum:
    """The order in which sums are made, fixed for every run of a sweep before its first: threads, and library of products.

    `is_forced` if the user named the threads; `products` is None until a machine has listed its libraries.
    """

    threads: int
    products: str | None = None
    is_forced: bool = False


@dataclass(frozen=True)
class Part:
    """Every `of`-th run from number `index` on: the share of one job of an array.

    `sums` were fixed for the whole grid. Marks that ask runs to stop apply to a part, too: starting the array removes earlier
    marks.
    """

    index: int
    of: int
    sums: Sum

    def __post_init__(self) -> None:
        checks.whole("the number of parts", self.of, least=1)
        checks.whole("the part", self.index, most=self.of - 1)


@dataclass(frozen=True)
class SweepPlan:
    """Every run of the grid, or of a part of it, with its state. Creating a plan writes nothing."""

    grid: Grid
    recipe: Recipe
    results: Path
    runs: list[tuple[Variant, Standing]]
    part: Part | None = None

    @classmethod
    def of(cls, grid: Grid, recipe: Recipe, results: Path, part: Part | None = None) -> SweepPlan:
        """Raises `IncompatibleFileError` if the results cannot be a folder."""
        check_results(results)
        variants = grid.variants(results)
        chosen = variants if part is None else variants[part.index :: part.of]
        return cls(grid, recipe, results, [(variant, standing(variant, recipe)) for variant in chosen], part)

    @property
    def pending(self) -> list[Variant]:
        """Runs that are not done, including active ones on other machines, in the order of the grid."""
        return [variant for variant, found in self.runs if found.state in ("new", "begun", "busy")]

    @property
    def broken(self) -> list[tuple[Variant, str]]:
        """Runs that cannot continue, with the reason."""
        return [(variant, found.reason) for variant, found in self.runs if found.state == "broken"]

    def in_words(self) -> str:
        """E.g. "192 variants: 12 done, 3 to continue, 177 to begin"."""
        words = {"done": "done", "begun": "to continue", "busy": "under way elsewhere", "new": "to begin", "broken": "broken"}
        counts = Counter(found.state for _, found in self.runs)
        parts = [f"{counts[state]:,} {word}" for state, word in words.items() if counts[state]]  # type: ignore[index]
        return f"{counted(len(self.runs), 'variant')}: {', '.join(parts)}"

    def sums(self, cpus: int, threads: int | None = None) -> Sum:
        """How every run is computed: like the runs that have begun, if they agree, else by the whole grid; `threads` overrides.

        Each run gets one thread if there are at least as many runs as `cpus`, because threads of one run wait for each other.
        """
        if self.part is not None:
            return self.part.sums
        begun = [_recorded(found.config) for _, found in self.runs if found.config.get("arithmetic")]
        agreed = set(begun)
        before = agreed.pop() if len(agreed) == 1 else Sum(self._default_threads(cpus))
        return before if threads is None else Sum(threads, before.products, is_forced=True)

    def orders(self, sums: Sum) -> dict[str, Order]:
        """The order for each pending run, by the name of its variant."""
        return {
            variant.name: Order.for_(variant, self.recipe, sums.threads, sums.products, sums.is_forced)
            for variant in self.pending
        }

    def ask_to_stop(self, moment: float) -> int:
        """Mark every run that is not done; active ones see it within seconds, save and end. Returns their number."""
        for variant in self.pending:
            write_json(variant.paths.cancel, {"asked": moment})
        return len(self.pending)

    def forget_cancelling(self) -> None:
        """Remove the marks, so that the runs may begin."""
        remove(variant.paths.cancel for variant in self.pending if variant.paths.cancel.exists())

    def _default_threads(self, cpus: int) -> int:
        most = max(busy_threads(variant) for variant, _ in self.runs)
        return max(1, min(cpus // len(self.runs), most))


def _recorded(config: Mapping[str, Any]) -> Sum:
    newest = config["arithmetic"][-1]
    return Sum(int(newest["threads"]), str(newest["products"]))
