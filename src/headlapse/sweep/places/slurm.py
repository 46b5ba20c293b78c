"""On a Slurm cluster: a script for a job array, in which each job trains a part of the grid; `--submit` passes it to sbatch."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import ClassVar

from headlapse import checks
from headlapse.errors import HeadlapseError, counted
from headlapse.families.base import Family
from headlapse.families.task_files import named_task_files
from headlapse.results.paths import SweepPaths
from headlapse.storage.atomic import write_bytes
from headlapse.sweep.file import SweepFile, write_sweep_file
from headlapse.sweep.places import PlaceRegistry
from headlapse.sweep.plan import SweepPlan
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.work import Work
from headlapse.workbench.families import PACKAGED_DEFINITIONS

WORD = re.compile(r"[A-Za-z0-9_.,:/+=%@\[\]-]+", re.ASCII)
COUNTS = ("cpus", "runs", "at_once")
SECONDS_TO_SAVE = 60  # before the time limit, when runs are asked to stop
AGAIN = 143  # of a sweep that SIGTERM ended: it has saved, and should continue

SCRIPT = """\
#!/bin/bash
{directives}
# Runs are asked to stop (SIGTERM) {seconds} s before the time limit, and on preemption; they save, and this script goes on.

srun --cpus-per-task={cpus} {command} --part "${{SLURM_ARRAY_TASK_ID}}/{parts}"
code=$?
if [ "$code" -eq {again} ]; then
    scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}"
fi
exit "$code"
"""


class Slurm:
    """Writes the script and prints how to use it. Nothing of the sweep runs in this process."""

    name: ClassVar[str] = "slurm"
    options: ClassVar[Mapping[str, str]] = {
        "cpus": "CPUs of each job; that many runs train at once",
        "runs": "runs of each job, one after another if there are more than its CPUs",
        "time": "time limit of a job, as for sbatch; a job that reaches it is requeued and continues",
        "memory": "memory of a job, as for sbatch --mem",
        "partition": "partition",
        "account": "account",
        "at_once": "maximum number of jobs that run at the same time",
        "submit": "yes submits the script with sbatch",
    }

    def check(self, given: Mapping[str, str], recipe: Recipe, threads: int | None) -> None:  # noqa: ARG002 -- Slurm takes any recipe
        for name, text in given.items():
            if name in COUNTS:
                _number(name, text, (threads or 1) if name == "cpus" else 1)
            elif name == "submit":
                checks.one_of("option submit", text, ("yes", "no"))
            elif not WORD.fullmatch(text):
                raise checks.wrong(f"option {name}", "one word, as sbatch takes it", text)

    def cpus(self) -> int:
        """Nothing is known about the jobs here; the grid is assumed to have more runs than a job has CPUs."""
        return 1

    def at_once(self, threads: int, memory: int, device: str) -> None:  # noqa: ARG002 -- the cluster decides
        return None

    def run(self, work: Work) -> None:
        jobs = _Jobs.of(work)
        paths = SweepPaths.under(work.plan.results, _name(work.plan))
        write_sweep_file(paths.file, _as_file(work))
        write_bytes(paths.script, jobs.script(work, paths).encode())
        work.board.note(f"{counted(len(jobs.numbers), 'job')} of up to {counted(jobs.runs, 'run')}: {paths.script}")
        if work.given.get("submit") == "yes":
            work.board.note(_submitted(paths))
        else:
            work.board.note(f"submit it with: sbatch {shlex.quote(str(paths.script))}")


class _Jobs:
    """The division of the grid into jobs, and the resources of each."""

    def __init__(self, cpus: int, runs: int, parts: int, numbers: list[int]) -> None:
        self.cpus, self.runs, self.parts, self.numbers = cpus, runs, parts, numbers

    @classmethod
    def of(cls, work: Work) -> _Jobs:
        """Only jobs with unfinished runs are requested. Raises `InvalidValueError` for fewer CPUs than a run has threads."""
        threads = work.sums.threads
        cpus = _number("cpus", work.given.get("cpus", str(threads)), threads)
        runs = _number("runs", work.given.get("runs", str(max(1, cpus // threads))), 1)
        parts = -(-len(work.plan.runs) // runs)
        pending = {variant.name for variant in work.plan.pending}
        names = [variant.name for variant, _ in work.plan.runs]
        return cls(cpus, runs, parts, [number for number in range(parts) if pending & set(names[number::parts])])

    def script(self, work: Work, paths: SweepPaths) -> str:
        command = [sys.executable, "-P", "-m", "headlapse", "sweep", "--file", str(paths.file)]
        command += ["--results", str(work.plan.results), *_families(work.plan.grid.family), *_task_files()]
        return SCRIPT.format(
            directives="\n".join(f"#SBATCH {line}" for line in self._directives(work, paths)),
            seconds=SECONDS_TO_SAVE,
            cpus=self.cpus,
            command=shlex.join(command),
            parts=self.parts,
            again=AGAIN,
        )

    def _directives(self, work: Work, paths: SweepPaths) -> list[str]:
        given = work.given
        most = f"%{given['at_once']}" if "at_once" in given else ""
        memory = work.estimate.memory * max(1, self.cpus // work.sums.threads)
        lines = {
            "job-name": "headlapse",
            "array": _ranges(self.numbers) + most,
            "cpus-per-task": str(self.cpus),
            "mem": given.get("memory", f"{memory // 2**20 + 1}M"),
            "time": given.get("time"),
            "partition": given.get("partition"),
            "account": given.get("account"),
            "output": shlex.quote(str(paths.log("%a"))),
            "open-mode": "append",
            "signal": f"TERM@{SECONDS_TO_SAVE}",
        }
        return [*(f"--{name}={value}" for name, value in lines.items() if value is not None), "--requeue"]


def _as_file(work: Work) -> SweepFile:
    """The complete sweep, so that a job needs nothing else."""
    grid, recipe = work.plan.grid, work.plan.recipe.to_json()
    same = {name: value for name, value in {**grid.fixed, **recipe}.items() if value is not None}
    sums = {name: value for name, value in asdict(work.sums).items() if value is not None}
    return SweepFile(grid.family.name, dict(grid.axes), dict(grid.together), same, sums=sums)


def _families(family: Family) -> list[str]:
    home = family.path.absolute().parent
    return [] if home.is_relative_to(PACKAGED_DEFINITIONS) else ["--families", str(home)]


def _task_files() -> list[str]:
    return [word for file in named_task_files() for word in ("--task-file", file)]


def _name(plan: SweepPlan) -> str:
    """A name that is the same for the same sweep, so that writing it again replaces its files."""
    said = repr((plan.grid.family.name, plan.grid.axes, plan.grid.together, plan.grid.fixed, plan.recipe))
    return f"{plan.grid.family.name}_{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _ranges(numbers: list[int]) -> str:
    """[0, 1, 2, 5] as sbatch takes it: '0-2,5'."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    return ",".join("-".join(map(str, part)) for part in parts)


def _number(name: str, text: str, least: int) -> int:
    if not (text.isascii() and text.isdigit()):
        raise checks.wrong(f"option {name}", f"a whole number >= {least}", text)
    return checks.whole(f"option {name}", int(text), least)


def _submitted(paths: SweepPaths) -> str:
    """The answer of sbatch. Raises `HeadlapseError` if it rejects the script."""
    sbatch = shutil.which("sbatch")
    if sbatch is None:
        raise HeadlapseError(f"sbatch is not installed here; submit the script on the cluster: sbatch {paths.script}")
    ended = subprocess.run([sbatch, str(paths.script)], capture_output=True, text=True, check=False, env=_environment())
    if ended.returncode != 0:
        raise HeadlapseError(f"sbatch rejected {paths.script}: {ended.stderr.strip() or ended.returncode}")
    return ended.stdout.strip()


def _environment() -> dict[str, str]:
    """The environment without variables of a surrounding allocation, which would mislead the new jobs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SLURM_")}


PlaceRegistry.register(Slurm())
