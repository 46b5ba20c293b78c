"""The speed of this machine: the rates behind the estimated floors."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks.timing import median
from headlapse.models.matmul import product
from headlapse.system.cpus import processor

MEGABYTE = 2**20


@dataclass(frozen=True)
class Machine:
    """float32 operations per second in products by the faster library; bytes per second copied, read and written to disk."""

    flops: float
    copied: float
    read: float
    written: float

    def __str__(self) -> str:
        rates = [
            f"{rate / 1e9:.1f} GB/s {verb}"
            for verb, rate in (
                ("copied", self.copied),
                ("read from a cached file", self.read),
                ("written and synced", self.written),
            )
        ]
        machine = f"{processor()}, {torch.backends.cpu.get_cpu_capability()}, {os.cpu_count()} cores"
        return f"{machine}, {self.flops / 1e9:.0f} GFLOP/s in matrix products, {', '.join(rates)}"


def measure(folder: Path) -> Machine:
    """Measure this machine now, under whatever load it has."""
    matrix = torch.randn(2048, 2048)
    block = np.ones(8 * MEGABYTE, dtype=np.uint8)
    file = folder / "rate.bin"
    return Machine(
        flops=2 * 2048**3 / min(median(lambda: matrix @ matrix), median(lambda: product(matrix[None], matrix[None]))),
        copied=block.nbytes / median(block.copy),
        written=MEGABYTE / median(lambda: _write(file, block[:MEGABYTE])),
        read=MEGABYTE / median(file.read_bytes),
    )


def _write(file: Path, block: np.ndarray) -> None:
    with file.open("wb") as stream:
        stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
