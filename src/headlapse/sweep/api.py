"""A sweep from Python: `headlapse.sweep(family, grid={"seed": range(8)}, epochs=5_000)`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from headlapse import checks
from headlapse.errors import counted
from headlapse.sweep.board import board
from headlapse.sweep.driver import Tally
from headlapse.sweep.estimate import Estimate, check_fits, estimate, largest
from headlapse.sweep.grid import Grid
from headlapse.sweep.measure import measure
from headlapse.sweep.order import Order
from headlapse.sweep.places import Place, PlaceRegistry, check_options
from headlapse.sweep.plan import Part, Sum, SweepPlan
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.work import Work
from headlapse.system.cpus import MOST_THREADS
from headlapse.training.interruption import Interruption, interruptible
from headlapse.workbench import ModelFamily

Say = Callable[[str], object]


def sweep(
    family: ModelFamily,
    grid: Mapping[str, Any] | None = None,
    *,
    zip: Mapping[str, Any] | None = None,
    on: str = "local",
    results: str | Path = "results",
    threads: int | None = None,
    options: Mapping[str, str] | None = None,
    part: Part | None = None,
    dry_run: bool = False,
    cancel: bool = False,
    say: Say = print,
    **settings: Any,
) -> Tally | None:
    """Train every variant of `grid`, continuing unfinished runs; finished variants cost nothing.

    `grid` maps names of settings to values, e.g. `{"seed": range(64), "weight_decay": [0, 0.5, 1]}` or `{"seed": "0..63"}`:
    every combination is trained, and values in `zip` are taken in parallel. `settings` are the same for all runs: those of the
    family, and `epochs`, `checkpoint_every`, `checkpoints`, `budget`, `test_every`, `analyze`, `device` as in `Variant.train`.
    `on` names the place: local, ray or slurm, which takes `options`. `threads` is the number per run; None chooses it from the
    grid. `part` is the part of one job of a job array. `dry_run` stops after the estimate; `cancel` asks unfinished runs, on
    any machine, to save and end.

    Returns how the sweep ended, or None if nothing was run here. Raises `InvalidValueError` for an impossible grid, setting or
    option, and, with figures, if memory or disk are too small.
    """
    checks.instance("family", family, ModelFamily, "a family, as load_family(...) gives it")
    fixed = {name: value for name, value in settings.items() if name not in Recipe.names()}
    recipe = Recipe.of(family, {name: value for name, value in settings.items() if name not in fixed})
    chosen = Grid.of(family, grid or {}, zip, fixed)
    place = PlaceRegistry.get(on)
    threads = checks.optional(lambda name, value: checks.whole(name, value, 1, MOST_THREADS), "threads", threads)
    check_options(place, options or {}, recipe, threads)
    plan = SweepPlan.of(chosen, recipe, checks.absolute_path("results", results), part)
    say(plan.in_words())
    for variant, reason in plan.broken:
        say(f"{variant.name}: {reason}")
    if cancel:
        untrained = sum(found.state == "new" for _, found in plan.runs)
        marked = counted(plan.ask_to_stop(time.time()), "run")
        say(f"asked {marked} ({untrained:,} untrained) to stop; the same sweep without cancel continues them")
        return None
    if not plan.pending:
        return Tally(len(plan.runs) - len(plan.broken), failed={variant.name: reason for variant, reason in plan.broken})
    with interruptible() as asked:
        ended = _carry_out(plan, place, threads, options or {}, dry_run, say, asked)
    return ended if ended is None else replace(ended, signal=asked.signal)


def _carry_out(
    plan: SweepPlan,
    place: Place,
    threads: int | None,
    options: Mapping[str, str],
    dry_run: bool,
    say: Say,
    asked: Interruption,
) -> Tally | None:
    sums, found = _estimate(plan, plan.sums(place.cpus(), threads), asked)
    say(f"{found.in_words(place.at_once(sums.threads, found.memory, plan.recipe.device))}; threads of each run: {sums.threads}")
    asked.raise_if_asked()
    if dry_run:
        return None
    if plan.part is None:
        plan.forget_cancelling()
    with board(len(plan.runs), plan.grid.varied) as shown:
        return place.run(Work(plan, sums, found, options, shown, asked.__bool__))


def _estimate(plan: SweepPlan, sums: Sum, asked: Interruption) -> tuple[Sum, Estimate]:
    """The cost of the remaining runs, measured on the largest one, and `Sum` with the library of products of this machine."""
    disk = check_fits(plan.pending, plan.recipe)
    first = largest(plan.pending)
    order = Order.for_(first, plan.recipe, sums.threads, sums.products, sums.is_forced)
    measured = measure(order, [variant.settings for variant in plan.pending], asked)
    return replace(sums, products=sums.products or measured.products), estimate(plan.pending, plan.recipe, measured, disk)
