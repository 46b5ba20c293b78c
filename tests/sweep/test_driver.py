"""The driver, with hands that do what a test says."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headlapse.errors import InvalidValueError
from headlapse.results.records import write_config, write_status
from headlapse.storage.lock import locked
from headlapse.sweep.board import Lines
from headlapse.sweep.driver import MOST_DEATHS, Driver, Row, tally
from headlapse.sweep.grid import Grid
from headlapse.sweep.order import Order, Outcome
from headlapse.sweep.places import PlaceRegistry, check_options
from headlapse.sweep.plan import Part, Sum, SweepPlan
from headlapse.sweep.recipe import Recipe
from headlapse.workbench import ModelFamily, Variant


class Board:
    def __init__(self) -> None:
        self.notes: list[str] = []

    def show(self, rows: list[Row]) -> None: ...

    def note(self, text: str) -> None:
        self.notes.append(text)


class Hands:
    """Each run ends at once, as `end` says; at most two at a time."""

    slots = 2

    def __init__(self, end: Callable[[Variant], Outcome]) -> None:
        self._end, self._started = end, []
        self.begun: list[str] = []
        self.most_at_once = 0

    def start(self, order: Order) -> int:
        self._started.append(order)
        self.begun.append(order.variant().name)
        self.most_at_once = max(self.most_at_once, len(self._started))
        return id(order)

    def ended(self, seconds: float) -> Iterator[tuple[int, Outcome]]:
        order = self._started.pop(0)
        yield id(order), self._end(order.variant())

    def stop(self) -> None: ...


@pytest.fixture
def grid(family: ModelFamily) -> Grid:
    return Grid.of(family, {"seed": "0..4"}, fixed={"prime": 7, "train_fraction": 0.6})


def drive(grid: Grid, results: Path, end: Callable[[Variant], Outcome], stopped: Callable[[], bool] = lambda: False):
    recipe = Recipe(2, checkpoint_every=2)
    plan = SweepPlan.of(grid, recipe, results)
    orders = plan.orders(Sum(1))
    rows, hands, board = [Row(variant, orders[variant.name]) for variant in plan.pending], Hands(end), Board()
    Driver(rows, recipe, hands, board, stopped).run()
    return tally(rows, 0, {}), hands, board


def train_part(variant: Variant) -> None:
    from headlapse.training.progress import Silent

    variant.train(1, checkpoint_every=1, progress=Silent())


def finish(variant: Variant) -> Outcome:
    from headlapse.training.progress import Silent

    variant.train(2, checkpoint_every=2, progress=Silent())
    return Outcome("finished")


def test_each_is_begun_once_and_no_more_at_once_than_there_are_slots(grid: Grid, tmp_path: Path) -> None:
    ended, hands, _ = drive(grid, tmp_path, finish)
    names = [variant.name for variant in grid.variants(tmp_path)]
    assert hands.begun == ended.finished == names and hands.most_at_once == 2


def test_a_run_that_dies_again_and_again_without_an_epoch_gained_is_given_up(grid: Grid, tmp_path: Path) -> None:
    def end(variant: Variant) -> Outcome:
        return Outcome("died", "killed") if variant.settings["seed"] == 1 else finish(variant)

    ended, hands, board = drive(grid, tmp_path, end)
    (failed,) = ended.failed
    assert "_seed1_" in failed and hands.begun.count(failed) == MOST_DEATHS and len(ended.finished) == 4
    assert f"{failed}: failed: killed, {MOST_DEATHS} times in a row" in board.notes


def test_a_run_that_gains_an_epoch_each_time_is_not_given_up(grid: Grid, tmp_path: Path) -> None:
    lives: list[int] = []

    def end(variant: Variant) -> Outcome:
        if variant.settings["seed"] != 3 or len(lives) > 2 * MOST_DEATHS:
            return finish(variant)
        lives.append(len(lives))
        write_config(variant, {}, {})
        write_status(variant, {"state": "training", "epoch": len(lives)})
        return Outcome("died", "killed")

    ended, *_ = drive(grid, tmp_path, end)
    assert len(ended.finished) == 5 and len(lives) == 2 * MOST_DEATHS + 1


def test_what_ended_without_its_last_epoch_did_not_finish(grid: Grid, tmp_path: Path) -> None:
    ended, *_ = drive(grid, tmp_path, lambda _: Outcome("finished"))
    assert len(ended.failed) == 5 and set(ended.failed.values()) == {"it ended before its last epoch"}


def test_a_mark_keeps_a_run_from_beginning(grid: Grid, tmp_path: Path) -> None:
    plan = SweepPlan.of(grid, Recipe(2, checkpoint_every=2), tmp_path)

    def end(variant: Variant) -> Outcome:
        if not list(tmp_path.glob("*/*/cancel.json")):
            plan.ask_to_stop(0.0)
        return Outcome("cancelled")

    ended, hands, _ = drive(grid, tmp_path, end)
    assert len(hands.begun) == 2 and len(ended.untrained) == 5 and not ended.cancelled


def test_a_stopped_sweep_tells_runs_that_began_from_those_that_did_not(grid: Grid, tmp_path: Path) -> None:
    begun, busy, *_ = grid.variants(tmp_path)
    stopped: list[bool] = []

    def end(variant: Variant) -> Outcome:
        if variant.name != begun.name:
            return Outcome("cancelled")  # by a signal, before it wrote anything
        stopped.append(True)
        train_part(variant)
        return Outcome("cancelled")

    with locked(busy.paths.lock, "train"):
        ended, hands, _ = drive(grid, tmp_path, end, lambda: bool(stopped))
    assert ended.cancelled == [begun.name] and ended.elsewhere == [busy.name] and len(ended.untrained) == 3
    assert str(ended) == "0 finished, 0 failed, 1 cancelled, 3 untrained, 1 under way elsewhere" and ended.is_incomplete
    assert len(hands.begun) == 2, "nothing is started after the stop"
    again, *_ = drive(grid, tmp_path, finish)
    assert len(again.finished) == 5 and not again.is_incomplete


@pytest.mark.parametrize("phase", ["waiting", "begun"])
def test_a_marked_run_is_untrained_until_it_has_begun(grid: Grid, tmp_path: Path, phase: str) -> None:
    variant = grid.variants(tmp_path)[0]
    write_config(variant, {}, {})
    if phase == "begun":
        train_part(variant)
    write_status(variant, {"state": "cancelled", "epoch": 0})
    plan = SweepPlan.of(grid, Recipe(2, checkpoint_every=2), tmp_path)
    assert variant.state == ("untrained" if phase == "waiting" else "cancelled")
    assert plan.in_words() == ("5 variants: 5 to begin" if phase == "waiting" else "5 variants: 1 to continue, 4 to begin")


def test_parts_do_every_run_once(grid: Grid, tmp_path: Path) -> None:
    parts = [SweepPlan.of(grid, Recipe(2), tmp_path, Part(index, 3, Sum(1))) for index in range(3)]
    done = [variant.name for part in parts for variant in part.pending]
    assert sorted(done) == sorted(variant.name for variant in grid.variants(tmp_path)) and len(parts[0].runs) == 2
    with pytest.raises(InvalidValueError, match="the part must be a whole number from 0 to 2, got 3"):
        Part(3, 3, Sum(1))


def test_places_are_discovered() -> None:
    assert PlaceRegistry.names() == ["local", "ray", "slurm"]
    for name in PlaceRegistry.names():
        place = PlaceRegistry.get(name)
        assert place.name == name and place.cpus() >= 1
        with pytest.raises(InvalidValueError, match=f"--on {name} has no option 'colour'"):
            check_options(place, {"colour": "red"}, Recipe(2), None)


def test_ray_refuses_gpus_that_cannot_be() -> None:
    with pytest.raises(InvalidValueError, match="option gpus must be a number >= 0"):
        check_options(PlaceRegistry.get("ray"), {"gpus": "x"}, Recipe(2), None)
    with pytest.raises(InvalidValueError, match="runs on the CPU use no GPU"):
        check_options(PlaceRegistry.get("ray"), {"gpus": "1"}, Recipe(2), None)


def test_a_board_that_nobody_reads_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    Lines(1, ()).note("a line")
