"""A Ray cluster on this machine, of several nodes, that asks for a token and does not outlive the block."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.waiting import running, until

TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0" * 64, "RAY_USAGE_STATS_ENABLED": "0"}
STARTED = "Ray runtime started."


@dataclass(frozen=True)
class Cluster:
    """The address of its head, which has no CPU, and the raylets of its nodes, which have one each."""

    address: str
    nodes: list[int]

    def node_of(self, worker: int) -> int:
        """The raylet under which a worker runs."""
        return next(node for node in self.nodes if worker in [child.pid for child in children(node)])


@contextmanager
def ray_cluster(folder: Path, nodes: int) -> Iterator[Cluster]:
    """Logs go to `folder`."""
    here, port = "--node-ip-address=127.0.0.1", free_port()
    with ExitStack() as stack:
        head = ["--head", f"--port={port}", "--num-cpus=0", "--include-dashboard=false", here]
        _start(stack, folder / "head", *head)
        address = f"127.0.0.1:{port}"
        started = [_start(stack, folder / f"node{each}", f"--address={address}", "--num-cpus=1", here) for each in range(nodes)]
        yield Cluster(address, started)


def _start(stack: ExitStack, log: Path, *options: str) -> int:
    """The raylet of a node."""
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats", *options]
    written = stack.enter_context(log.open("w"))
    started = running(command, env={**os.environ, **TOKEN}, stdout=written, stderr=subprocess.STDOUT)
    process = stack.enter_context(started)
    stack.callback(kill_tree, process.pid)
    until(lambda: STARTED in log.read_text(), said=log.read_text)  # two raylets that start at once may take the same socket
    return _raylets(process.pid)[0]


def children(pid: int) -> list[psutil.Process]:
    """All processes below it that are there now."""
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def kill_tree(pid: int) -> None:
    for process in children(pid):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def _raylets(pid: int) -> list[int]:
    return [child.pid for child in children(pid) if child.name() == "raylet"]
