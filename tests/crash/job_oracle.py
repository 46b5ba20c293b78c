"""A job that is submitted, works or is cancelled, and what must be true of its files whatever happened to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from headlapse.errors import FileStateError, HeadlapseError
from headlapse.jobs import JobQueue, queue
from headlapse.jobs.queue import ENDED
from headlapse.results.paths import JobPaths
from headlapse.storage import atomic
from tests.crash.forks import in_child
from tests.crash.job_acts import ACTS, FAMILIES, FAMILY_NAME, STOPPED, Act, started, submit_and_work
from tests.crash.oracle import FAMILY, contents, differences

OTHER, DAMAGED = OTHERS = ("00000000000000000001_aaaaaa", "00000000000000000002_bbbbbb")
RECOVERED = ("finished", "failed")


class JobSubject:
    """An act, and the same request again: a `Subject`. What it does to the variant is disturbed as `Training`."""

    within = ".jobs"

    def __init__(self, act: Act, folder: Path) -> None:
        self._act, self.name, self.code = act, act.name, act.code
        self._prepared = folder / act.name
        self._prepare(self._prepared / "results")
        golden = self.begin(folder / "golden")
        assert in_child(partial(self.recover, golden)) == 0
        self._golden = contents(golden / FAMILY_NAME)
        golden = self.begin(folder / "golden")
        assert in_child(partial(self.work, golden)) == self.code
        assert not self.aftermath(golden)
        self._states = list(_states(golden).values())

    def _prepare(self, results: Path) -> None:
        """Two older jobs, of which one is damaged, then what comes before the act."""
        for name in OTHERS:
            paths = JobPaths.under(results, name)
            atomic.write_json(paths.status, {"state": "finished", "updated": 0.0})
            atomic.write_json(paths.request, {"kind": "analyze", "family": "x", "variant": "x", "settings": {}})
        paths.request.write_bytes(b"{")
        self._others = _others(results)
        started(results).touch()
        _ended(results).write_text("{}")
        for step in self._act.before:
            assert in_child(partial(step, results)) == 0

    def begin(self, folder: Path) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._prepared, folder)
        return folder / "results"

    def work(self, results: Path) -> None:
        self._act.disturbed(results)

    def aftermath(self, results: Path) -> list[str]:
        """The job of the act ends as the act allows; where it was only to be cancelled, its process still comes."""
        wrong = self._checked(results, ENDED)
        for step in self._act.after:
            if (code := in_child(partial(step, results))) not in (0, STOPPED):
                wrong.append(f"what came after it ended with {code}")
        _ended(results).write_text("{}")
        return wrong + self._checked(results, self._act.states)

    def unlike(self, results: Path) -> list[str]:
        states = list(_states(results).values())
        return [] if states == self._states else [f"the jobs are {states} and not {self._states}"]

    def lost(self, results: Path, committed: Iterable[Path]) -> list[str]:
        """A lock's note is removed on purpose, and so is the folder of a job that no process could be started for."""
        noted = [path for path in committed if ".jobs" in path.parts and not path.name.endswith("owner.json")]
        return [f"{path.parent.name}/{path.name}" for path in noted if path.parent.exists() and not path.exists()]

    def recover(self, results: Path) -> None:
        submit_and_work(results)

    def wrong_in(self, results: Path) -> list[str]:
        return self._checked(results, RECOVERED)

    def again(self, results: Path) -> list[str]:
        """The same request starts exactly one job, which finishes."""
        before = _started(results)
        code = in_child(partial(self.recover, results))
        new = _started(results)[len(before) :]
        if code != 0 or len(new) != 1:
            return [f"doing it again ended with {code} and started {len(new)} jobs{_said(results, new)}"]
        wrong = [] if _states(results).get(new[0]) == "finished" else [f"doing it again did not finish{_said(results, new)}"]
        differing = differences(self._golden, contents(results / FAMILY_NAME))
        wrong += [f"after doing it again these differ: {', '.join(differing)}"] if differing else []
        return wrong + self.wrong_in(results)

    def _checked(self, results: Path, states: tuple[str, ...]) -> list[str]:
        """What is damaged or in no right state: a job that had ended stays as it was, any other is in one of `states`."""
        found, ended = _states(results), json.loads(_ended(results).read_text())
        _ended(results).write_text(json.dumps(found))
        wrong = [f"a job that was {ended[name]} is {found.get(name)}" for name in ended if found.get(name) != ended[name]]
        wrong += [f"a job is {found[name]}" for name in found.keys() - ended.keys() if found[name] not in states]
        wrong += [f"the job {name} was started and is not listed" for name in _started(results) if name not in found]
        wrong += ["files of other jobs differ"] if _others(results) != self._others else []
        return wrong + _damaged(results) + _unreadable(results)


def job_subjects(folder: Path) -> list[JobSubject]:
    """Every act. Whatever works in them must lie in a folder in `folder`, for the definition of the family is found by that."""
    queue.SECONDS_TO_START = 0.0  # no process that was noted ever comes, and nobody waits for it
    (folder / FAMILIES).mkdir()
    definition = FAMILY.spec.model_dump(mode="json", exclude_unset=True) | {"name": FAMILY_NAME}
    (folder / FAMILIES / "family.json").write_text(json.dumps(definition))
    return [JobSubject(act, folder) for act in ACTS]


def _ended(results: Path) -> Path:
    """Where it is noted how jobs have ended."""
    return results.with_suffix(".ended")


def _started(results: Path) -> list[str]:
    return started(results).read_text().split()


def _states(results: Path) -> dict[str, str]:
    return {job.name: job.state for job in JobQueue(results).jobs() if job.name not in OTHERS}


def _said(results: Path, names: list[str]) -> str:
    """What the processes of jobs said."""
    return "".join(f": {JobQueue(results).log(name)}" for name in names)


def _others(results: Path) -> dict[str, bytes]:
    jobs = results / ".jobs"
    return {str(path.relative_to(jobs)): path.read_bytes() for name in OTHERS for path in (jobs / name).iterdir()}


def _damaged(results: Path) -> list[str]:
    """Files of jobs that are not whole."""
    damaged = []
    for path in [path for path in (results / ".jobs").glob("*/*.json") if path.parent.name not in OTHERS]:
        try:
            atomic.read_json(path, "")
        except FileStateError as error:
            damaged.append(str(error))
    return damaged


def _unreadable(results: Path) -> list[str]:
    """What a reader of all jobs does not see, or sees although it is damaged."""
    jobs = JobQueue(results)
    listed = [job.name for job in jobs.jobs()]
    for name in listed:
        jobs.log(name)
    wrong = [] if OTHER in listed else ["another job is not listed"]
    with suppress(HeadlapseError):
        wrong.append(f"a damaged job is {jobs.get(DAMAGED).state}")
    return wrong
