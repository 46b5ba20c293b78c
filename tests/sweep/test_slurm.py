"""The script for Slurm: jobs do their parts, also after they were stopped, and bash reads it as it is meant."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import headlapse
from headlapse.errors import InvalidValueError
from headlapse.sweep.file import SweepFile, read_sweep_file, write_sweep_file
from headlapse.sweep.places.slurm import _ranges
from tests.sweep.conftest import EVERY, LONG, whole_sweeps
from tests.sweep.runs import SETTINGS, command, content, swept

STUB = Path(__file__).with_name("slurm_stub.py")
ON_SLURM = ("--grid", "seed=0,1", "--on", "slurm")


@pytest.fixture
def slurm(tmp_path: Path) -> dict[str, str]:
    """An environment in which the stub is found under the names of Slurm's programs."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sbatch", "srun", "scontrol"):
        path = tools / name
        path.write_text(f"#!{sys.executable}\n{STUB.read_text()}")
        path.chmod(0o755)
    return {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "STUB_FOLDER": str(tools)}


def script_in(results: Path) -> Path:
    (path,) = results.glob(".sweeps/*/sweep.sh")
    return path


def test_the_script_is_written_and_nothing_runs(families: Path, tmp_path: Path) -> None:
    options = ("--option", "cpus=2", "--option", "time=1:30:00", "--option", "at_once=4", "--option", "partition=long")
    ended = swept(families, tmp_path, *ON_SLURM, *options)
    assert ended.returncode == 0 and "1 job of up to 2 runs" in ended.stderr and "sbatch " in ended.stderr
    lines = script_in(tmp_path).read_text().splitlines()
    for line in ("--array=0%4", "--cpus-per-task=2", "--time=1:30:00", "--partition=long", "--requeue", "--signal=TERM@60"):
        assert f"#SBATCH {line}" in lines
    assert not list(tmp_path.glob("tiny/*"))


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_script_is_sound(families: Path, tmp_path: Path) -> None:
    results = tmp_path / "a folder's name"
    swept(families, results, *ON_SLURM)
    checked = subprocess.run(["shellcheck", str(script_in(results))], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@whole_sweeps
def test_jobs_do_their_parts_and_one_that_was_stopped_goes_on(
    families: Path, tmp_path: Path, slurm: dict[str, str], undisturbed: Mapping[str, bytes]
) -> None:
    results = tmp_path / "results"
    begun = str(results / "tiny/*_seed1_*/checkpoints/*_00100.safetensors")
    sweep = command(families, results, *ON_SLURM, "--submit", epochs=LONG, every=EVERY)
    environment = slurm | {"STUB_STOP": "1", "STUB_WHEN": begun}
    ended = subprocess.run(sweep, capture_output=True, text=True, env=environment, check=False)
    assert ended.returncode == 0 and "Submitted batch job 7" in ended.stderr, ended.stderr
    assert (Path(slurm["STUB_FOLDER"]) / "stopped").exists()
    assert content(results) == undisturbed
    again = subprocess.run(sweep, capture_output=True, text=True, env=slurm, check=False)
    assert again.returncode == 0 and "2 done before" in again.stdout


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("time=1 #SBATCH --wrap=x", "option time must be one word"),
        ("cpus=two", "option cpus must be a whole number >= 1"),
        ("at_once=0", "option at_once must be a whole number >= 1"),
        ("submit=maybe", "option submit must be"),
        ("colour=red", "--on slurm has no option 'colour'; it has cpus, runs"),
    ],
)
def test_an_option_that_cannot_be_is_refused_before_anything_is_measured(
    families: Path, tmp_path: Path, option: str, message: str
) -> None:
    name, _, value = option.partition("=")
    family, said = headlapse.load_family("tiny", families), list[str]()
    with pytest.raises(InvalidValueError, match=re.escape(message)):
        headlapse.sweep(family, {"seed": [0]}, on="slurm", results=tmp_path, options={name: value}, say=said.append, **SETTINGS)
    assert said == [] and not list(tmp_path.iterdir())


def test_too_few_cpus_for_the_threads_of_a_run_are_refused(families: Path, tmp_path: Path) -> None:
    ended = swept(families, tmp_path, *ON_SLURM, "--threads", "3", "--option", "cpus=2")
    assert ended.returncode == 2 and "option cpus must be a whole number >= 3" in ended.stderr
    assert not list(tmp_path.glob(".sweeps/*/sweep.sh"))
    local = swept(families, tmp_path, "--grid", "seed=0", "--submit")
    assert local.returncode == 2 and "--on local has no option 'submit'; it has none" in local.stderr


def test_a_sweep_survives_its_file(tmp_path: Path) -> None:
    grid, zipped = {"seed": [0, 2**62], "lr": [1e-05, 0.5]}, {"data_seed": [1, 2]}
    sweep = SweepFile("tiny", grid, zipped, {"analyze": True, "device": "cpu"}, sums={"threads": 1})
    write_sweep_file(tmp_path / "sweep.toml", sweep)
    assert read_sweep_file(tmp_path / "sweep.toml") == sweep


def test_numbers_of_jobs() -> None:
    assert [_ranges(numbers) for numbers in ([0], [0, 1, 2, 5], [1, 3, 4])] == ["0", "0-2,5", "1,3-4"]
