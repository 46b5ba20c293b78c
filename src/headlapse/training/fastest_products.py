"""The fastest library of products on this machine, measured once and cached.

The three products of a training step whose size depends on the inputs are timed at the published size. The result depends on
the processor, the version of torch and the number of threads; it is kept for each combination in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import torch

from headlapse.errors import HeadlapseError
from headlapse.models.matmul import libraries, product, product_onto_in_parts, products_by, summed_over_rows
from headlapse.models.whole_columns import whole
from headlapse.storage.atomic import read_json, write_json

INPUTS, HIDDEN, COLUMNS = 3830, 512, whole(113)
ROUNDS = 5
NO_CACHE = (HeadlapseError, OSError, RuntimeError)  # of a folder that cannot be read, written or determined


def fastest_library(machine: str, threads: int) -> str:
    """The library to use on `machine`: as cached, otherwise measured now and cached if possible."""
    if len(libraries()) == 1:
        return libraries()[0]
    kept = _kept(machine, threads)
    if kept is not None:
        return kept
    seconds = measure(threads)
    fastest = min(seconds, key=lambda library: seconds[library])
    with suppress(*NO_CACHE):  # it then measures every time
        write_json(_path(machine, threads), {"machine": machine, "threads": threads, "fastest": fastest, "seconds": seconds})
    return fastest


@torch.no_grad()
def measure(threads: int) -> dict[str, float]:
    """Median seconds of the three products by each library, in turns."""
    hidden, grad, writing = torch.ones(1, INPUTS, HIDDEN), torch.ones(1, INPUTS, COLUMNS), torch.ones(1, HIDDEN, COLUMNS)

    def seconds(library: str) -> float:
        with products_by(library):
            began = time.perf_counter()
            product_onto_in_parts(grad, hidden, writing)
            product(grad, writing.mT)
            summed_over_rows(hidden, grad)
            return time.perf_counter() - began

    with _threads(threads):
        rounds = [{library: seconds(library) for library in libraries()} for _ in range(ROUNDS + 1)][1:]  # the first warms up
    return {library: statistics.median(each[library] for each in rounds) for library in libraries()}


def _kept(machine: str, threads: int) -> str | None:
    try:
        found = read_json(_path(machine, threads), "it is made again").get("fastest")
    except NO_CACHE:
        return None
    return found if found in libraries() else None


def _path(machine: str, threads: int) -> Path:
    key = hashlib.sha256(f"{machine}, torch {torch.__version__}, {threads} threads".encode()).hexdigest()[:16]
    return cache_folder() / f"products_{key}.json"


def cache_folder() -> Path:
    """The system's folder for files that a user's programs can create again. Raises `RuntimeError` without a home folder."""
    usual = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / usual) / "headlapse"


@contextmanager
def _threads(number: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)
