"""What there is to do is told by the results folder alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from headlapse.results.records import write_status
from headlapse.storage.lock import locked
from headlapse.sweep.grid import Grid
from headlapse.sweep.plan import Sum, SweepPlan
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.runs import standing
from headlapse.training.progress import Silent
from headlapse.workbench import Variant


def plan(family, results: Path, epochs: int = 60, seeds: str = "999,1", **recipe: object) -> SweepPlan:
    grid = Grid.of(family, {"seed": seeds}, fixed={"prime": 7, "train_fraction": 0.6})
    return SweepPlan.of(grid, Recipe.of(family, {"epochs": epochs, **recipe}), results)


def states(found: SweepPlan) -> list[str]:
    return [standing.state for _, standing in found.runs]


def test_done_begun_and_new(trained_copy: Variant) -> None:
    family, results = trained_copy.family, trained_copy.results
    assert states(plan(family, results)) == ["done", "new"]
    assert states(plan(family, results, epochs=40)) == ["done", "new"], "it has more than is asked"
    assert states(plan(family, results, epochs=80)) == ["begun", "new"]
    assert plan(family, results).in_words() == "2 variants: 1 done, 1 to begin"


def test_a_run_is_done_when_its_checkpoints_are_analysed(trained_copy: Variant) -> None:
    family, results = trained_copy.family, trained_copy.results
    shutil.rmtree(trained_copy.paths.artifacts.folder("attention_lock_in"))
    assert states(plan(family, results)) == ["begun", "new"]
    assert states(plan(family, results, analyze=False)) == ["done", "new"]


def test_a_run_under_way_elsewhere(trained_copy: Variant) -> None:
    write_status(trained_copy, {"state": "training", "epoch": 20, "epochs": 60})
    with locked(trained_copy.paths.lock, "train"):
        assert standing(trained_copy, Recipe(60)).state == "busy"
    assert standing(trained_copy, Recipe(60)).state == "begun"


def test_what_cannot_go_on_is_named_and_hides_no_other(trained_copy: Variant) -> None:
    config = json.loads(trained_copy.paths.config.read_text())
    trained_copy.paths.config.write_text(json.dumps(config | {"variant": "another"}))
    found = plan(trained_copy.family, trained_copy.results)
    assert states(found) == ["broken", "new"]
    assert "checksum" in found.broken[0][1] and [variant.settings["seed"] for variant in found.pending] == [1]


@pytest.mark.parametrize(("seeds", "cpus", "threads"), [("0..7", 2, 1), ("0,1", 8, 1), ("0", 2, 1)])
def test_threads_come_from_the_whole_grid(family, tmp_path: Path, seeds: str, cpus: int, threads: int) -> None:
    assert plan(family, tmp_path, seeds=seeds).sums(cpus) == Sum(threads)


def test_large_runs_that_are_few_share_the_machine(family, tmp_path: Path) -> None:
    grid = Grid.of(family, {"seed": "0..3"}, fixed={"prime": 113})
    found = SweepPlan.of(grid, Recipe(10), tmp_path)
    assert (found.sums(cpus=2).threads, found.sums(cpus=8).threads) == (1, 2)
    assert found.sums(cpus=8, threads=3) == Sum(3, None, is_forced=True)


def test_a_sweep_that_goes_on_computes_as_it_began(family, tmp_path: Path) -> None:
    """Also on a machine with other CPUs, where the grid alone would have other threads."""
    grid = Grid.of(family, {"seed": "0..1"}, fixed={"prime": 113})
    first = family.variant(prime=113, seed=0, results=tmp_path)
    first.train(1, checkpoint_epochs=[0], analyze=False, threads=1, progress=Silent())
    recorded = first.config["arithmetic"][-1]
    found = SweepPlan.of(grid, Recipe(10), tmp_path)
    assert found.sums(cpus=64) == Sum(1, recorded["products"])


def test_cancelling_marks_what_is_not_done(trained_copy: Variant) -> None:
    found = plan(trained_copy.family, trained_copy.results)
    assert found.ask_to_stop(0.0) == 1
    (marked,) = trained_copy.results.glob("*/*/cancel.json")
    assert "_seed1_" in marked.parent.name
    assert states(plan(trained_copy.family, trained_copy.results)) == ["done", "new"], "a marked folder is no variant"
    found.forget_cancelling()
    assert not marked.exists()
