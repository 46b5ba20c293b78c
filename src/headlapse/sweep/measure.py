"""The cost of a run on this machine, measured by training its first epochs in a temporary folder.

`python -m headlapse.sweep.measure` answers an order.

The splits of all runs are computed, too, so that a run without training pairs is refused before anything starts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from subprocess import PIPE
from typing import Any

from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.extras import need
from headlapse.sweep.order import Order
from headlapse.system.interrupts import end_on_sigterm
from headlapse.training.interruption import Interruption
from headlapse.workbench import Variant

SECONDS = 1.0  # of training, approximately
PAUSE = 0.1  # seconds between looks for an interruption
FEWEST_EPOCHS, MOST_EPOCHS = 4, 400


@dataclass(frozen=True)
class Measured:
    """Seconds of one epoch and of one analysed checkpoint of the run that was measured, and of starting its process.

    `memory` is the peak of the process in bytes; `products` names the library of matrix products that it chose.
    """

    epoch: float
    checkpoint: float
    start: float
    memory: int
    products: str


def measure(order: Order, settings: Sequence[Mapping[str, Any]], interruption: Interruption) -> Measured:
    """Measure the run of `order` in its own process, which also makes the splits of all `settings`.

    An interruption ends it early and is raised. Raises `InvalidValueError` for settings that no run can have,
    `HeadlapseError` if the process ends otherwise.
    """
    need("torch")
    began = time.monotonic()
    asked = json.dumps({"order": order.to_json(), "settings": [dict(each) for each in settings]})
    code, said, errors = _ended(asked, interruption)
    interruption.raise_if_asked()
    lines = said.splitlines()
    if code != 0 or not lines:
        last = (errors.strip().splitlines() or [f"it ended with {code}"])[-1]
        raise HeadlapseError(f"a trial run failed here: {last}")
    answer = json.loads(lines[-1])
    if "refused" in answer:
        raise InvalidValueError(answer["refused"])
    found = Measured(**answer)
    return replace(found, start=time.monotonic() - began - found.start)


def _ended(asked: str, interruption: Interruption) -> tuple[int, str, str]:
    """The exit code, output and errors of the trial, which an interruption ends. In its own session, it gets no Ctrl-C."""
    command = [sys.executable, "-P", "-m", "headlapse.sweep.measure"]
    trial = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True)
    unsent: str | None = asked
    try:
        while True:
            try:
                said, errors = trial.communicate(unsent, timeout=PAUSE)
                return trial.returncode, said, errors
            except subprocess.TimeoutExpired:
                unsent = None
                if interruption:
                    trial.terminate()
    except BaseException:
        trial.kill()
        trial.communicate()
        raise


class _Clock:
    """A progress display that notes when each epoch ended."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def start(self, epoch: int, epochs: int) -> None: ...

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:  # noqa: ARG002 -- as the protocol has it
        self.moments.append(time.monotonic())

    def note(self, text: str) -> None: ...

    def stop(self) -> None: ...


def _measured(order: Order) -> Measured:
    """Train twice in a temporary folder: a few epochs to time one, then as many as fit, with a checkpoint in the middle."""
    from headlapse.models.matmul import libraries

    began, variant = time.monotonic(), order.variant()
    epoch, _ = _try(order, variant, FEWEST_EPOCHS)
    epoch, checkpoint = _try(order, variant, max(FEWEST_EPOCHS, min(MOST_EPOCHS, int(SECONDS / max(epoch, 1e-6)))))
    return Measured(epoch, checkpoint, time.monotonic() - began, _most_memory(), libraries()[0])


def _try(order: Order, variant: Variant, epochs: int) -> tuple[float, float]:
    """Seconds of an epoch, and of the checkpoint in the middle: the delay of the epoch after it."""
    clock, middle = _Clock(), epochs // 2
    with tempfile.TemporaryDirectory() as folder:
        aside = Variant(variant.family, variant.settings, Path(folder))
        try:
            aside.train(
                epochs,
                checkpoint_epochs=[0, middle, epochs],
                analyze=bool(order.recipe["analyze"]),
                device=order.recipe["device"],
                threads=order.threads if order.recipe["device"] == "cpu" else None,
                products=order.products,
                progress=clock,
            )
        except HeadlapseError as error:
            if folder not in str(error):
                raise
            raise InvalidValueError(f"the trial run before a sweep: {error}, or set TMPDIR to another folder for it") from error
    gaps = [after - before for before, after in zip(clock.moments, clock.moments[1:], strict=False)]
    usual = statistics.median(gaps)
    return usual, max(0.0, gaps[middle - 1] - usual)


def _most_memory() -> int:
    """Bytes; 0 if the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most) if sys.platform == "darwin" else int(most) * 1024


def main() -> int:
    """Answer the order on the input."""
    end_on_sigterm()  # and remove the temporary folder
    asked = json.loads(sys.stdin.read())
    order = Order(**asked["order"])
    try:
        task = order.variant().family.task
        for settings in asked["settings"]:
            task.split(settings)
        answer = asdict(_measured(order))
    except HeadlapseError as error:
        answer = {"refused": str(error)}
    print(json.dumps(answer), flush=True)  # noqa: T201 -- read by whoever started this
    return 0


if __name__ == "__main__":
    sys.exit(main())
