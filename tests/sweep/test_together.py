"""Runs of a sweep that train in one process: each as it would alone, none stopped by what goes wrong with another."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import torch

from headlapse.storage.atomic import write_json
from headlapse.sweep.driver import Driver, Row
from headlapse.sweep.order import Order, Outcome
from headlapse.sweep.places.local import Local
from headlapse.sweep.processes import Batches, Processes
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.together import fulfil_together
from headlapse.sweep.worker import fulfil
from headlapse.workbench import ModelFamily, Variant
from tests.sweep.runs import SETTINGS, swept, tiny, write_family
from tests.waiting import until

RECIPE = Recipe(epochs=24, checkpoint_every=12)


class Quiet:
    def show(self, rows: list[Row]) -> None: ...

    def note(self, text: str) -> None: ...


@pytest.fixture
def family(tmp_path: Path) -> ModelFamily:
    return tiny(tmp_path / "families")


def made(family: ModelFamily, results: Path, *differing: dict[str, float]) -> list[Variant]:
    return [family.variant(**{**SETTINGS, **each}, results=results) for each in differing]


def order(variant: Variant) -> Order:
    return Order.for_(variant, RECIPE, 1, None, forced=False)


def test_each_run_ends_in_its_own_way(family: ModelFamily, tmp_path: Path) -> None:
    diverges, done, cancelled, damaged = ({"seed": 2, "lr": 1e30}, {"seed": 3}, {"seed": 4}, {"seed": 5})
    variants = made(family, tmp_path / "results", {"seed": 1}, diverges, done, cancelled, damaged)
    variants[2].train(RECIPE.epochs, checkpoint_every=12, threads=1)
    before = variants[2].paths.training_state.read_bytes()
    write_json(variants[3].paths.cancel, {"asked": 1.0})
    variants[4].train(12, checkpoint_every=12, threads=1)
    state = variants[4].paths.training_state
    state.write_bytes(state.read_bytes()[:-40])

    outcomes = fulfil_together([order(variant) for variant in variants], fulfil)

    assert [each.ending for each in outcomes] == ["finished", "failed", "finished", "cancelled", "failed"]
    assert "the train loss is" in outcomes[1].reason and "--restart" in outcomes[4].reason
    assert variants[2].paths.training_state.read_bytes() == before, "what is done is not done again"
    (alone,) = made(family, tmp_path / "alone", {"seed": 1})
    alone.train(RECIPE.epochs, checkpoint_every=12, threads=1)
    np.testing.assert_allclose(variants[0].losses.test, alone.losses.test, rtol=1e-4)


def test_what_cannot_train_together_trains_alone(family: ModelFamily, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr("headlapse.training.train_many", exhausted)
    variants = made(family, tmp_path / "results", {"seed": 1}, {"seed": 2})
    outcomes = fulfil_together([order(variant) for variant in variants], fulfil)
    assert [each.ending for each in outcomes] == ["finished"] * 2
    assert all(len(variant.losses.train) == RECIPE.epochs for variant in variants)


@pytest.mark.parametrize(("device", "hands"), [("cuda", Batches), ("cpu", Processes)])
def test_only_on_a_gpu_runs_share_a_process(device: str, hands: type) -> None:
    work = Mock()
    work.plan.recipe.device, work.sums.threads, work.estimate.memory = device, 1, 0
    Local().run(work)
    assert type(work.drive.call_args.args[0]) is hands


def test_one_process_trains_what_waits(family: ModelFamily, tmp_path: Path) -> None:
    variants = made(family, tmp_path / "results", {"seed": 1}, {"seed": 2}, {"seed": 3})
    variants[0].train(12, checkpoint_every=12, threads=1)  # goes on beside those that begin
    rows = [Row(variant, order(variant)) for variant in variants]
    batches = Batches(slots=2)
    try:
        Driver(rows, RECIPE, batches, Quiet(), lambda: False).run()
    finally:
        batches.kill()
    assert [row.phase for row in rows] == ["finished"] * 3
    assert all(variant.state == "analysed" and len(variant.losses.train) == RECIPE.epochs for variant in variants)


def test_a_run_that_waits_for_its_process_does_not_begin_after_the_stop(family: ModelFamily, tmp_path: Path) -> None:
    first, second = made(family, tmp_path / "results", {"seed": 1}, {"seed": 2})
    batches = Batches()
    try:
        running = batches.start(order(first))
        assert not list(batches.ended(0.0))
        waiting = batches.start(order(second))  # while the process of the first trains
        batches.stop()
        ended: dict[int, Outcome] = {}
        until(lambda: ended.update(batches.ended(0.1)) or len(ended) == 2)
    finally:
        batches.kill()
    assert set(ended) == {running, waiting} and ended[waiting].ending == "cancelled"
    assert not second.was_trained_here


def test_a_gpu_that_is_not_there_is_told_before_anything_starts(tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    families = write_family(tmp_path / "families")
    ended = swept(families, tmp_path / "results", "--grid", "seed=0,1", "--set", "device=cuda")
    assert ended.returncode == 2 and "unexpected" not in ended.stderr and "cuda" in ended.stderr.lower()
    assert not (tmp_path / "results").exists()
