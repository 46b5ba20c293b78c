"""Sweeps on Ray: workers, nodes and the driver die, and the bytes are those of a sweep that nobody disturbed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.sweep.places.ray import _check_answer, _require_token, look
from tests.sweep.conftest import EVERY, LONG
from tests.sweep.runs import command, content, epoch_of, owner_pid, swept
from tests.waiting import SECONDS, running, until

PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
ON_RAY = ("--grid", "seed=0,1", "--on", "ray")
psutil = pytest.importorskip("psutil")

from tests.sweep.ray_cluster import TOKEN, ray_cluster  # noqa: E402 -- it needs psutil


@pytest.fixture(scope="session")
def ray() -> None:
    """In the scope of `undisturbed`, so that nothing is trained for a test that is skipped."""
    pytest.importorskip("ray", minversion="2.60", reason="Ray is not installed: pip install 'headlapse[ray]'")


def test_a_killed_worker_goes_on(ray: None, families: Path, tmp_path: Path, undisturbed: Mapping[str, bytes]) -> None:
    results = tmp_path / "results"
    with running(command(families, results, *ON_RAY, epochs=LONG, every=EVERY), env=_clean(), **PIPES) as sweep:
        until(lambda: epoch_of(results, 0) > EVERY, said=sweep.poll)
        assert not _answers(8265), "the dashboard stays off"
        os.kill(_owner(results, 0), signal.SIGKILL)
        out, err = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 0 and "2 finished" in out, err
    assert content(results) == undisturbed


def test_a_node_that_goes_down_is_followed_by_another(
    ray: None, families: Path, tmp_path: Path, undisturbed: Mapping[str, bytes]
) -> None:
    results = tmp_path / "results"
    with ray_cluster(tmp_path, nodes=2) as cluster:
        sweeping = command(families, results, *ON_RAY, "--address", cluster.address, epochs=LONG, every=EVERY)
        with running(sweeping, env={**os.environ, **TOKEN}, **PIPES) as sweep:
            until(lambda: epoch_of(results, 0) > EVERY, said=sweep.poll)
            os.kill(cluster.node_of(_owner(results, 0)), signal.SIGKILL)
            out, err = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 0 and "2 finished" in out, err
    assert content(results) == undisturbed


def test_after_the_driver_is_lost_nothing_runs_and_the_same_command_goes_on(
    ray: None, families: Path, tmp_path: Path, undisturbed: Mapping[str, bytes]
) -> None:
    results = tmp_path / "results"
    with ray_cluster(tmp_path, nodes=1) as cluster:
        sweeping = command(families, results, *ON_RAY, "--address", cluster.address, epochs=LONG, every=EVERY)
        with running(sweeping, env={**os.environ, **TOKEN}, **PIPES) as sweep:
            until(lambda: epoch_of(results, 0) > EVERY, said=sweep.poll)
            worker = _owner(results, 0)
            sweep.kill()
        until(lambda: not psutil.pid_exists(worker))
        ended = subprocess.run(sweeping, env={**os.environ, **TOKEN}, check=False, **PIPES)
    assert ended.returncode == 0 and "2 finished" in ended.stdout, ended.stderr
    assert content(results) == undisturbed


def test_ctrl_c_saves(ray: None, families: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    with running(command(families, results, *ON_RAY, epochs=10**6, every=10**5), env=_clean(), **PIPES) as sweep:
        until(lambda: epoch_of(results, 0) > 0, said=sweep.poll)
        sweep.send_signal(signal.SIGINT)
        out, err = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 130 and "2 cancelled" in out and "Traceback" not in err, err
    (saved,) = results.glob("tiny/*_seed0_*/losses.f64")
    assert saved.stat().st_size > 0, "it is saved, though no checkpoint was due"


def test_a_ray_without_a_token_is_refused(families: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(InvalidValueError, match="set RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH to the token of the cluster"):
        _require_token("head:6379")
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    with pytest.raises(InvalidValueError, match="RAY_AUTH_MODE=disabled would let in everybody"):
        _require_token(None)
    with pytest.raises(HeadlapseError, match="asks for no token"):
        _check_answer("10.0.0.2", look(str(tmp_path / "mark")), "", tmp_path)


def test_a_node_that_does_not_see_the_results_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    mark = tmp_path / "mark"
    with pytest.raises(
        HeadlapseError, match=r"node 10\.0\.0\.2 does not see .*; name a folder with --results that all nodes see"
    ):
        _check_answer("10.0.0.2", look(str(mark)), "token", tmp_path)
    mark.write_text("token")
    _check_answer("10.0.0.2", look(str(mark)), "token", tmp_path)


def test_options_that_cannot_be(families: Path, tmp_path: Path) -> None:
    ended = swept(families, tmp_path, *ON_RAY, "--option", "gpus=1")
    assert ended.returncode == 2 and "runs on the CPU use no GPU" in ended.stderr


def _clean() -> dict[str, str]:
    """An environment in which the user has said nothing of Ray."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}


def _owner(results: Path, seed: int) -> int:
    pid = owner_pid(results, seed)
    assert pid is not None
    return pid


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
