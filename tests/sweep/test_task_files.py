"""Tasks of a user's own reach every process that trains: sweep workers, Ray, scripts for Slurm, and jobs of the page."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from headlapse.families.task_files import VARIABLE
from headlapse.jobs import AnalyzeRequest, JobQueue
from headlapse.sweep.api import sweep
from headlapse.sweep.measure import Measured
from headlapse.sweep.order import Order
from headlapse.sweep.processes import Batches
from headlapse.sweep.recipe import Recipe
from headlapse.workbench import FamilyRegistry, Variant
from tests.own_tasks import forget_tasks_later, write_package, write_task_file
from tests.waiting import SECONDS, until

SETTINGS = {"prime": 5, "train_fraction": 0.6}
RECIPE = Recipe(epochs=2, checkpoint_every=2, analyze=False)
FULFIL = """
import json, sys
from headlapse.sweep.places.ray import fulfil_order
print(json.dumps([fulfil_order(order) for order in json.load(sys.stdin)]))
"""


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`shifted`, whose task file this process was told of, and `doubled`, whose package is installed."""
    folder = tmp_path_factory.mktemp("my families")
    file = write_task_file(folder / "families")
    write_package(folder / "families", folder / "site")
    with pytest.MonkeyPatch.context() as patch:
        forget_tasks_later(patch)
        patch.setenv(VARIABLE, str(file))
        known = [str(folder / "site"), *filter(None, [os.environ.get("PYTHONPATH")])]
        patch.setenv("PYTHONPATH", os.pathsep.join(known))
        patch.syspath_prepend(folder / "site")
        yield folder / "families"


@pytest.fixture(scope="module")
def orders(families: Path) -> list[Order]:
    """To train a run of `shifted` and one of `doubled`; a worker of this machine has done so."""
    results = families.parent / "results"
    made = [
        Order.for_(variant(families, name, results), RECIPE, threads=1, products=None, forced=False)
        for name in ("shifted", "doubled")
    ]
    workers = Batches()
    for order in made:
        workers.start(order)
    assert not list(workers.ended(0)), "the process starts"
    assert [outcome.ending for _, outcome in workers.ended(SECONDS)] == ["finished", "finished"]
    return made


def variant(families: Path, family: str, results: Path, seed: int = 0) -> Variant:
    return FamilyRegistry(families).get(family).variant(results=results, seed=seed, **SETTINGS)


def unnamed() -> dict[str, str]:
    """The environment of a process that was not told of the file."""
    return {name: value for name, value in os.environ.items() if name != VARIABLE}


def test_workers_train_on_them(families: Path, orders: list[Order]) -> None:
    for order, (factor, shift) in zip(orders, [(1, 1), (2, 0)], strict=True):
        run = order.variant()
        assert run.epochs == [0, 2]
        assert run.task.labels(run.settings).tolist() == [(factor * (a + b) + shift) % 5 for a in range(5) for b in range(5)]


def test_an_order_to_another_node_names_the_files(families: Path, orders: list[Order]) -> None:
    shifted = replace(orders[0], settings={**orders[0].settings, "seed": 2})
    lost = replace(shifted, task_files=[str(families / "gone.py")])
    outcomes = fulfilled([replace(shifted, task_files=[]), lost, shifted])
    assert [each["ending"] for each in outcomes] == ["failed", "failed", "finished"], outcomes
    assert "unknown task 'shifted_addition'" in str(outcomes[0]["reason"])
    assert "gone.py is not a file; --task-file names a Python file" in str(outcomes[1]["reason"])
    assert shifted.variant().epochs == [0, 2]


def fulfilled(orders: list[Order]) -> list[Mapping[str, object]]:
    """What a Ray worker answers that was told nothing else."""
    asked = json.dumps([order.to_json() for order in orders])
    worker = [sys.executable, "-P", "-c", FULFIL]
    ended = subprocess.run(worker, input=asked, env=unnamed(), check=True, capture_output=True, text=True)
    answers: list[Mapping[str, object]] = json.loads(ended.stdout.splitlines()[-1])
    return answers


def test_the_script_for_slurm_names_the_files(families: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headlapse.sweep.api.measure", lambda *_: Measured(1e-3, 1e-3, 1.0, 2**20, "mkl"))
    family = FamilyRegistry(families).get("shifted")
    sweep(family, {"seed": [0]}, on="slurm", results=tmp_path, say=lambda _: None, epochs=2, **SETTINGS)
    (script,) = tmp_path.glob(".sweeps/*/sweep.sh")
    (step,) = [shlex.split(line) for line in script.read_text().splitlines() if line.startswith("srun")]
    for option, value in (("--task-file", families / "shifted" / "task.py"), ("--families", families / "shifted")):
        assert step[step.index(option) + 1] == str(value)


def test_jobs_of_the_page_know_them(families: Path, orders: list[Order]) -> None:
    queue = JobQueue(families.parent / "results")
    for run in (order.variant() for order in orders):
        job = queue.submit(AnalyzeRequest(run.family_name, run.name, dict(run.settings), families=[str(families)]))
        until(lambda name=job.name: not queue.get(name).is_alive, said=lambda name=job.name: queue.log(name))
        assert queue.get(job.name).state == "finished", queue.get(job.name)
        assert run.artifacts.get_epochs("attention_patterns") == [0, 2]
