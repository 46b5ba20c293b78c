"""Threads wait briefly, and not at all in the tests; what the user has set stays; and it is set before torch is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from headlapse.system.openmp import ALONE, CHOICES, SHARED, choice, limit_spinning
from tests.waiting import SECONDS

ROOT = Path(__file__).parents[2]
AT_LOADING = f"""
import json, os, sys
class Watching:
    '''Prints the variables at the moment that torch is first looked for, and ends the process.'''
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            print("seen", json.dumps(dict((key, os.environ.get(key)) for key in {sorted(CHOICES)})), flush=True)
            os._exit(0)
sys.meta_path.insert(0, Watching())
"""
TRAIN = ["train", "modulo_addition_1layer", "--prime", "5", "--epochs", "1", "--results", "results"]
WAYS = {
    "command": ["-m", "headlapse", *TRAIN],
    "python": ["-c", "import headlapse; headlapse.load_family('modulo_addition_1layer').variant(prime=5).train(1)"],
    "job": [
        "-c",
        """
import sys
from pathlib import Path
from headlapse.jobs import JobQueue, TrainRequest
import headlapse
settings = dict(headlapse.load_family("modulo_addition_1layer").variant(prime=5).settings)
queue = JobQueue(Path("results"))
job = queue.submit(TrainRequest("modulo_addition_1layer", "any", settings, 1, 1))
queue._waiting[0].join()
print(queue.log(job.name))
""",
    ],
}


def environment(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in CHOICES} | variables


def seen_at_loading(folder: Path, way: str, **variables: str) -> dict[str, str]:
    """The variables as torch finds them in a process that is started this way, and in that which it starts."""
    (folder / "sitecustomize.py").write_text(AT_LOADING)
    paths = os.pathsep.join([str(folder), str(ROOT / "src")])
    done = subprocess.run(
        [sys.executable, *WAYS[way]],
        cwd=folder,
        env=environment(PYTHONPATH=paths, **variables),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("seen ")]
    found = json.loads(line.removeprefix("seen "))
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_set_before_torch_is_loaded(way: str, tmp_path: Path) -> None:
    assert seen_at_loading(tmp_path, way) == ALONE


@pytest.mark.parametrize("way", WAYS)
def test_what_the_user_has_set_stays(way: str, tmp_path: Path) -> None:
    assert seen_at_loading(tmp_path, way, OMP_WAIT_POLICY="active") == {"OMP_WAIT_POLICY": "active"}


@pytest.mark.parametrize("name", sorted(CHOICES))
@pytest.mark.parametrize("shared", [False, True])
def test_any_choice_of_the_user_is_enough(name: str, shared: bool) -> None:
    assert choice({name: "1", "HOME": "/"}, shared=shared) == {}


def test_without_one_threads_wait_briefly_or_not_at_all() -> None:
    assert choice({"OMP_NUM_THREADS": "3"}) == ALONE and choice({}, shared=True) == SHARED
    assert 0 < int(ALONE["GOMP_SPINCOUNT"]) < 300_000, "the usual number of libgomp"


def test_what_this_program_has_set_is_replaced() -> None:
    code = f"""
import os, headlapse
from headlapse.system.openmp import limit_spinning
assert limit_spinning(shared=True)
print(dict((name, value) for name, value in os.environ.items() if name in {sorted(CHOICES)}))
"""
    assert _printed(code, environment(PYTHONPATH=str(ROOT / "src"))) == str(SHARED)


def test_where_torch_is_loaded_nothing_changes() -> None:
    import torch  # noqa: F401 -- as a notebook may, before it imports this program

    before = dict(os.environ)
    assert not limit_spinning()
    assert dict(os.environ) == before


def test_the_suite_shares_its_machine() -> None:
    assert CHOICES & os.environ.keys()


def _printed(code: str, variables: Mapping[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", code], env=dict(variables), capture_output=True, text=True, check=True)
    return done.stdout.strip()
