"""`python -m benchmarks.load --minutes 10`: 1, 4 and 16 clients scrub a real server, and every answer is compared.

Each client walks through the epochs of a p = 113 variant, one request after the other with 100 ms of thought between them.
Every picture that comes back is hashed and compared with one read directly from its artifact. Memory and open files of the
server are sampled meanwhile.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import random
import struct
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headlapse.results.artifacts import Provenance, write_artifact
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.losses import append_losses
from headlapse.results.records import write_config
from headlapse.storage.atomic import write_json
from headlapse.workbench import FamilyRegistry, Variant

ANALYZER, PAIR = "attention_patterns", (2, 0)
THOUGHT = 0.1
CLIENTS = (1, 4, 16)
SERVER = """
import sys
from headlapse.dashboard import serve
serve(sys.argv[1], port=0, on_ready=lambda address: print(address, flush=True))
"""


@dataclass
class Load:
    """The results of one number of clients, and the resources of the server."""

    clients: int
    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    wrong: int = 0
    memory: list[int] = field(default_factory=list)  # bytes
    files: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        p50, p95, p99 = np.percentile(self.seconds, (50, 95, 99)) * 1e3
        memory = f"{self.memory[0] / 2**20:.0f} -> {self.memory[-1] / 2**20:.0f} (max {max(self.memory) / 2**20:.0f})"
        files = f"{self.files[0]} -> {self.files[-1]} (max {max(self.files)})"
        counts = f"{len(self.seconds):9,} {self.errors:7} {self.wrong:6}"
        return f"{self.clients:7} {counts} {p50:8.1f} {p95:8.1f} {p99:8.1f}  {memory:26} {files}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.2, help="for each number of clients")
    parser.add_argument("--epochs", type=int, default=40, help="artifacts to scrub through")
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS, help="numbers of clients, one after the other")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        variant = make_variant(Path(folder), arguments.epochs)
        expected = {epoch: frame_hash(variant, epoch) for epoch in variant.epochs}
        server = subprocess.Popen([sys.executable, "-c", SERVER, folder], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip().removeprefix("http://").rstrip("/")
            print("clients  requests  errors  wrong   p50 ms   p95 ms   p99 ms  memory of the server, MiB  open files")
            for clients in arguments.clients:
                print(scrub(address, server.pid, variant, expected, clients, arguments.minutes * 60), flush=True)
        finally:
            server.terminate()
            server.wait()


def make_variant(results: Path, epochs: int) -> Variant:
    """A trained variant of the published size with invented attention."""
    variant = FamilyRegistry().get("modulo_addition_1layer").variant(results=results)
    write_config(variant, {}, {})
    write_json(variant.paths.status, {"state": "trained", "epoch": epochs, "epochs": epochs})
    append_losses(variant.paths.losses, 0, [1.0] * epochs, [1.0] * epochs)
    generator = np.random.default_rng(0)
    for epoch in range(epochs):
        sha256 = write_checkpoint(variant.paths.checkpoint(epoch), {"W": np.full(3, epoch)}, variant.identity(epoch))
        patterns = generator.random((4, 3, 3, 113, 113), dtype=np.float32)
        provenance = Provenance(variant.family.name, variant.name, epoch, ANALYZER, 1, sha256, "0" * 64)
        write_artifact(variant.paths.artifacts.file(ANALYZER, epoch), {"patterns": patterns}, provenance)
    return variant


def frame_hash(variant: Variant, epoch: int) -> str:
    frame = variant.artifacts.load_epoch(ANALYZER, epoch)["patterns"][:, PAIR[0], PAIR[1]]
    return hashlib.sha256(np.ascontiguousarray(frame, dtype="<f4")).hexdigest()


def scrub(address: str, server: int, variant: Variant, expected: dict[int, str], clients: int, seconds: float) -> Load:
    """`clients` clients at once for `seconds`."""
    load, end, lock = Load(clients), time.monotonic() + seconds, threading.Lock()
    arguments = (address, variant, expected, end, load, lock)
    threads = [threading.Thread(target=_client, args=(*arguments, seed)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        load.memory.append(_memory(server))
        load.files.append(len(list(Path(f"/proc/{server}/fd").iterdir())))
        time.sleep(min(1.0, seconds / 10))
    return load


def _client(
    address: str, variant: Variant, expected: dict[int, str], end: float, load: Load, lock: threading.Lock, seed: int
) -> None:
    connection = http.client.HTTPConnection(address, timeout=30)
    epochs, generator = list(expected), random.Random(seed)
    at = generator.randrange(len(epochs))
    while time.monotonic() < end:
        at = (at + generator.choice((1, 1, 1, -1, 7))) % len(epochs)
        query = f"view=attention_heads_grid&epochs={epochs[at]}&to={PAIR[0]}&from={PAIR[1]}&dtype=float32"
        began = time.perf_counter()
        try:
            connection.request("GET", f"/data/frames/{variant.family.name}/{variant.name}?{query}")
            content = connection.getresponse().read()
            taken, right = time.perf_counter() - began, _is_right(content, epochs[at], expected)
            with lock:
                load.seconds.append(taken)
                load.wrong += not right
        except (OSError, http.client.HTTPException, ValueError, KeyError, struct.error):
            with lock:
                load.errors += 1
            connection.close()
        time.sleep(THOUGHT)


def _is_right(content: bytes, epoch: int, expected: dict[int, str]) -> bool:
    (size,) = struct.unpack("<I", content[:4])
    header = json.loads(content[4 : 4 + size])
    return header["epochs"] == [epoch] and hashlib.sha256(content[4 + size :]).hexdigest() == expected[epoch]


def _memory(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    main()
