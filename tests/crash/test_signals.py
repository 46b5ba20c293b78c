"""Asked to stop, a run finishes its epoch, saves, and says so by its exit code; the same command continues it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import headlapse
from headlapse.storage.lock import is_locked
from headlapse.workbench import Variant
from tests.waiting import SECONDS, running, until

ROOT = Path(__file__).parents[2]
PRIME, EPOCHS = 7, 100_000
AT_IMPORT = """
import os, pathlib, sys, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            pathlib.Path(os.environ["BEGUN"]).touch()
            time.sleep(120)
sys.meta_path.insert(0, Slow())
"""

LOST = """
import os, signal, sys, weakref
class Thing:
    pass
class Losing:
    '''Has a signal come where Python ignores what is raised.'''
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["AT"]:
            sys.meta_path.remove(self)
            thing = Thing()
            watching = weakref.ref(thing, lambda _: os.kill(os.getpid(), getattr(signal, os.environ["SIGNAL"])))
            del thing
sys.meta_path.insert(0, Losing())
"""


def variant_in(results: Path) -> Variant:
    return headlapse.load_family("modulo_addition_1layer").variant(prime=PRIME, results=results)


def train(results: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    options = ["--epochs", str(EPOCHS), "--checkpoint-every", "50", "--no-analyze", "--results", str(results)]
    return started("train", "modulo_addition_1layer", "--prime", str(PRIME), *options)


def started(*arguments: str, **variables: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """A process of the command; what it says can be read."""
    paths = os.pathsep.join([*filter(None, [variables.pop("PYTHONPATH", "")]), str(ROOT / "src")])
    environment = os.environ | variables | {"PYTHONPATH": paths}
    command = [sys.executable, "-m", "headlapse", *arguments]
    return running(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_a_checkpoint(variant: Variant, beside: int = 0) -> None:
    until(lambda: len(variant.epochs) > beside, said=lambda: "no checkpoint has landed")


def test_a_stopped_run_says_so_and_goes_on(tmp_path: Path) -> None:
    variant = variant_in(tmp_path)
    for number, code, state in (
        (signal.SIGTERM, 143, "cancelled"),
        (signal.SIGKILL, -9, "failed"),
        (signal.SIGINT, 130, "cancelled"),
    ):
        before = len(variant.epochs)
        with train(tmp_path) as process:
            wait_for_a_checkpoint(variant, beside=before)
            assert variant.state == "training"
            process.send_signal(number)
            _, said = process.communicate(timeout=SECONDS)
        assert process.returncode == code
        assert variant.state == state
        assert ("is saved in" in said) == (state == "cancelled")
        if state == "cancelled":
            assert len(variant.losses) == variant.status["epoch"] >= variant.epochs[-1]


def test_another_ctrl_c_at_the_exit_changes_nothing(tmp_path: Path) -> None:
    """Once the command has ended, exit handlers of libraries still run; whenever the signals come, none sees a traceback."""
    with train(tmp_path) as process:
        wait_for_a_checkpoint(variant_in(tmp_path))
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = ""
        while "cancelled" not in said:
            said += process.stderr.readline() or pytest.fail(f"it ended with {process.wait(SECONDS)}: {said}")
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.005)
        assert process.stderr.read() == "" and process.returncode == 130


@pytest.mark.parametrize("numbers", [[signal.SIGINT] * 2, [signal.SIGINT] * 5, [signal.SIGTERM, signal.SIGINT, signal.SIGINT]])
def test_impatience_shows_no_traceback(numbers: list[int], tmp_path: Path) -> None:
    """Signals that follow on each other end the run at once, wherever it is."""
    with train(tmp_path) as process:
        wait_for_a_checkpoint(variant_in(tmp_path))
        for number in numbers:
            process.send_signal(number)
            time.sleep(0.02)
        _, said = process.communicate(timeout=SECONDS)
    assert "Traceback" not in said and "ignored" not in said
    assert process.returncode in (130, 143)


def test_ctrl_c_while_a_command_starts_shows_no_traceback(tmp_path: Path) -> None:
    """Imports take the first seconds; a file that is imported says when they have begun."""
    (tmp_path / "sitecustomize.py").write_text(AT_IMPORT)
    begun = tmp_path / "begun"
    with started("list", "--results", str(tmp_path), PYTHONPATH=str(tmp_path), BEGUN=str(begun)) as process:
        until(begun.exists, said=lambda: "typer was not imported")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=SECONDS)
    assert said == "" and process.returncode == 130


def test_a_demo_ended_by_sigterm_says_so(tmp_path: Path) -> None:
    """So that `make demo` fails, and whoever waits for it knows; the training it started is saved."""
    with started("demo", "--results", str(tmp_path), "--port", "0", "--threads", "1") as demo:
        assert demo.stdout is not None and "headlapse is at" in demo.stdout.readline()
        variant = headlapse.load_family("modulo_addition_1layer").variant(results=tmp_path)
        until(lambda: variant.state == "training", said=lambda: f"the run is {variant.state}")
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=SECONDS)
    assert demo.returncode == 143
    until(lambda: variant.state == "cancelled", said=lambda: f"the run is {variant.state}")


def test_the_training_of_a_demo_that_ends_at_once_ends_too(tmp_path: Path) -> None:
    """As after a second Ctrl-C, or when the system kills it."""
    with started("demo", "--results", str(tmp_path), "--port", "0", "--threads", "1") as demo:
        assert demo.stdout is not None and "headlapse is at" in demo.stdout.readline()
        variant = headlapse.load_family("modulo_addition_1layer").variant(results=tmp_path)
        until(lambda: variant.state == "training", said=lambda: f"the run is {variant.state}")
        demo.kill()
        demo.wait(timeout=SECONDS)
    until(lambda: not is_locked(variant.paths.lock), said=lambda: f"the run is {variant.state}")
    assert variant.state == "cancelled"


def test_a_training_whose_output_nobody_reads_goes_on(tmp_path: Path) -> None:
    few = ("--prime", "5", "--epochs", "20", "--threads", "1")
    with started("train", "modulo_addition_1layer", *few, "--results", str(tmp_path)) as training:
        assert training.stdout is not None and training.stderr is not None
        training.stdout.close()
        training.stderr.close()
        training.wait(timeout=SECONDS)
    variant = headlapse.load_family("modulo_addition_1layer").variant(results=tmp_path, prime=5)
    assert variant.state == "analysed" and variant.epochs[-1] == 20


@pytest.mark.parametrize("module", ["typer", "headlapse.training"])
def test_a_ctrl_c_that_an_import_swallows_counts(module: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LOST)
    options = ["--prime", "5", "--epochs", "3", "--results", str(tmp_path / "results")]
    with started("train", "modulo_addition_1layer", *options, PYTHONPATH=str(tmp_path), AT=module, SIGNAL="SIGINT") as training:
        said = training.communicate(timeout=SECONDS)[1]
    assert "Exception ignored" in said, "it was lost"
    assert training.returncode == 130 and not list((tmp_path / "results").rglob("*.safetensors"))


@pytest.mark.parametrize("module", ["headlapse.dashboard.app", "waitress.server"])
@pytest.mark.parametrize("ending", [("demo", "SIGTERM", 143), ("demo", "SIGINT", 0), ("dashboard", "SIGINT", 0)])
def test_a_server_takes_notice_of_a_signal_that_an_import_swallows(
    ending: tuple[str, str, int], module: str, tmp_path: Path
) -> None:
    """It ends as it does once it serves, and a demo's training ends with it."""
    verb, number, code = ending
    (tmp_path / "sitecustomize.py").write_text(LOST)
    lost = {"PYTHONPATH": str(tmp_path), "AT": module, "SIGNAL": number}
    with started(verb, "--results", str(tmp_path / "results"), "--port", "0", **lost) as server:
        said = server.communicate(timeout=SECONDS)[1]
    assert "Exception ignored" in said, "it was lost"
    assert server.returncode == code
    demo = headlapse.load_family("modulo_addition_1layer").variant(results=tmp_path / "results")
    assert not is_locked(demo.paths.lock)


def test_an_analysis_takes_notice_of_a_ctrl_c_that_an_import_swallows(trained_copy: Variant, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LOST)
    lost = {"PYTHONPATH": str(tmp_path), "AT": "headlapse.analysis.pipeline", "SIGNAL": "SIGINT"}
    with started("analyze", trained_copy.name, "--force", "--results", str(trained_copy.results), **lost) as analysis:
        out, said = analysis.communicate(timeout=SECONDS)
    assert "Exception ignored" in said, "it was lost"
    assert analysis.returncode == 130 and out == ""
