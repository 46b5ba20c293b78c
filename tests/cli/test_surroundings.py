"""Folders that are not what they should be: each message names what is wrong, and nothing is written elsewhere."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import MissingFileError, WriteFailedError
from headlapse.jobs import AnalyzeRequest, JobQueue
from headlapse.storage import filesystem
from headlapse.training.progress import Silent
from headlapse.workbench import FamilyRegistry, ModelFamily, Variant
from tests.cli.test_cli import FAMILY, Cli, cli
from tests.waiting import SECONDS, until

__all__ = ["cli"]
COMMANDS = (
    *("list", "analyze --all", "check --all", "lock-in", "dashboard --port 0", "export x"),
    f"train {FAMILY} --prime 5 --epochs 1",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_results_that_are_no_folder_are_refused(cli: Cli, command: str) -> None:
    Path("file").write_text("")
    Path("link").symlink_to("nowhere")
    for results, words in (("file", "is a file, not a folder"), ("link", "is a link to nowhere, which does not exist")):
        code, out, err = cli(*command.split(), "--results", results)
        assert (code, out, err) == (1, "", f"error: {results}: {words}; name a folder of results with --results\n")
    assert {path.name for path in Path.cwd().iterdir()} == {"file", "link"}


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("--results", f"train {FAMILY} --prime 5 --epochs 1 --results"),
        ("--families", "list --families"),
        ("--output' / '-o", "export some --output"),
        ("PATH", "import"),
    ],
)
def test_an_empty_path_is_not_the_current_folder(name: str, command: str, cli: Cli) -> None:
    code, _, err = cli(*command.split(), "")
    assert code == 2 and f"'{name}': it must be a path, got ''" in err and not any(Path.cwd().iterdir())


@pytest.mark.parametrize("command", ["check --all", "analyze --all", "lock-in", "frequencies", "table"])
def test_results_that_do_not_exist_are_said_not_to(command: str, cli: Cli) -> None:
    code, out, err = cli(*command.split(), "--results", "typo")
    assert (code, out) == (2, "") and err.startswith("error: typo does not exist") and "--results" in err


def test_a_list_of_results_that_do_not_exist_says_so(cli: Cli) -> None:
    assert "no variants in typo, which does not exist; try" in cli("list", "--results", "typo")[1]


def test_a_dashboard_over_results_that_do_not_exist_says_so(cli: Cli) -> None:
    note = "note: typo does not exist; the page is empty until a run is in it\n"
    refused = ("dashboard", "--host", "0.0.0.0")
    assert cli(*refused, "--results", "typo")[2].startswith(note)
    Path("typo").mkdir()
    assert cli(*refused, "--results", "typo")[2].startswith("error: host 0.0.0.0")


@pytest.mark.parametrize("epochs", ["-1", "many"])
def test_a_demo_of_no_epochs_does_not_start(epochs: str, cli: Cli) -> None:
    code, out, err = cli("demo", "--epochs", epochs)
    assert (code, out) == (2, "") and err == f"error: epochs must be an integer >= 0 and <= 1000000000, got '{epochs}'\n"
    assert not any(Path.cwd().iterdir())


def test_a_demo_that_cannot_serve_trains_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "headlapse", "demo", "--port", str(taken.getsockname()[1]), "--results"]
        done = subprocess.run([*command, str(tmp_path / "results")], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and "choose another with --port" in done.stderr
    assert not any(tmp_path.iterdir())


def test_a_current_folder_that_was_removed_is_named(cli: Cli, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    line = "error: the current folder is gone; change to one that exists, e.g. with: cd ~\n"
    try:
        for command in (*COMMANDS, f"list --results {tmp_path}"):
            assert cli(*command.split())[::2] == (2, line)
        assert cli("--version")[0] == cli("--help")[0] == 0
    finally:
        os.chdir(tmp_path)


class Mover(Silent):
    """Moves a folder away while a run is at work in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.moved = folder, folder.with_name("moved")

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        if epoch == 30:
            self.folder.rename(self.moved)


def test_results_that_are_moved_while_a_run_trains_are_not_made_again(
    family: ModelFamily, trained: Variant, tmp_path: Path
) -> None:
    results = tmp_path / "results"
    variant = family.variant(prime=7, train_fraction=0.6, results=results)
    mover = Mover(results)
    with pytest.raises(WriteFailedError, match="the folder is gone; it was moved or removed while it was in use: put it back"):
        variant.train(epochs=60, checkpoint_epochs=[0, 20, 40, 60], progress=mover)
    assert not results.exists() and (mover.moved / variant.family.name).is_dir()
    mover.moved.rename(results)
    variant.train(epochs=60, checkpoint_epochs=[0, 20, 40, 60], progress=Silent())
    assert variant.checkpoint_hash(60) == trained.checkpoint_hash(60) and variant.state == "analysed"


def test_results_that_are_moved_while_they_are_analysed_are_not_made_again(trained_copy: Variant) -> None:
    results = trained_copy.results

    def move(done: int, _total: int, _epoch: int) -> None:
        if done == 1:
            results.rename(results.with_name("moved"))

    with pytest.raises(WriteFailedError, match="the folder is gone"):
        AnalysisPipeline(trained_copy, AnalysisRunConfig(force=True)).run(move)
    assert not results.exists()


def test_a_dashboard_does_not_call_results_empty_that_are_gone(trained_copy: Variant) -> None:
    variants = VariantIndex(trained_copy.results, FamilyRegistry())
    assert [entry.name for entry in variants.entries()] == [trained_copy.name]
    trained_copy.results.rename(trained_copy.results.with_name("moved"))
    with pytest.raises(MissingFileError, match="results: is gone; it was moved or removed; put it back, or start"):
        variants.entries()
    assert VariantIndex(trained_copy.results, FamilyRegistry()).entries() == []  # it may be that nothing was ever trained


def test_a_job_starts_though_the_folder_of_the_server_is_gone(
    trained_copy: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(trained_copy.artifacts_dir)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    queue = JobQueue(trained_copy.results)
    gone.rmdir()
    job = queue.submit(AnalyzeRequest(trained_copy.family.name, trained_copy.name, dict(trained_copy.settings)))
    until(lambda: not queue.get(job.name).is_alive, said=lambda: (queue.get(job.name), queue.log(job.name)), seconds=SECONDS)
    for waiting in queue._waiting:
        waiting.join(SECONDS)
    monkeypatch.chdir(tmp_path)
    assert queue.get(job.name).state == "finished" and trained_copy.state == "analysed"


def test_losses_that_may_not_be_read_are_not_repaired_by_their_own_advice(
    trained_copy: Variant, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses, opened = trained_copy.paths.losses, os.open

    def refuse(path: object, *arguments: int, **options: int) -> int:
        if path == losses:
            raise PermissionError(13, "Permission denied", str(losses))
        return opened(path, *arguments, **options)  # type: ignore[arg-type]

    before = losses.read_bytes()
    monkeypatch.setattr(filesystem.os, "open", refuse)
    trained_copy.artifacts.file("attention_patterns", 20).unlink()
    trained_copy.paths.status.unlink()
    command = ("check", trained_copy.name, "--results", str(trained_copy.results), "--repair")
    code, out, _ = cli(*command)
    advice = f"{losses}: cannot be read (Permission denied); check its permissions"
    assert code == 1 and f"  left: corrupt: {advice}\n" in out
    assert trained_copy.artifacts.file("attention_patterns", 20).exists()
    monkeypatch.undo()
    assert losses.read_bytes() == before
    assert cli(*command)[0] == 0 and trained_copy.state == "analysed"


def test_a_folder_in_place_of_the_losses_is_moved_away_first(trained_copy: Variant, cli: Cli) -> None:
    losses, whole = trained_copy.paths.losses, trained_copy.losses.train
    losses.unlink()
    losses.mkdir()
    command = ("check", trained_copy.name, "--results", str(trained_copy.results), "--repair")
    code, out, _ = cli(*command)
    assert code == 1 and "left: corrupt" in out and "losses.f64: is not a regular file; move it away, then run" in out
    losses.rename(losses.with_name("moved"))
    assert cli(*command)[0] == 0 and trained_copy.losses.train.tolist() == whole.tolist()
