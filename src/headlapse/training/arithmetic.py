"""The order in which a run sums numbers. Besides the settings, it determines the last bits of the weights.

The number of threads decides how a sum is divided into parts, and the library of products how a matrix is divided into
blocks. Both also depend on the processor and on the version of torch. Rounding grows about tenfold every 15 epochs, so a run
that changes one of these soon differs in every digit. Threads and library are therefore chosen before epoch 0, the library by
a measurement (`fastest_products`), recorded in the training state and in config.json, and kept when the run continues.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import Any

import torch

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.models.matmul import libraries, products_by
from headlapse.results.variant import Variant
from headlapse.system.cpus import MOST_THREADS, processor, usable_cpus
from headlapse.training.fastest_products import fastest_library
from headlapse.training.limits import busy_threads, multiplications
from headlapse.training.run import Run

MULTIPLICATIONS_WORTH_MEASURING = 250_000_000  # of a pass over all inputs; with fewer, any library is fast enough
SET_BY_USER = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Arithmetic:
    """Everything that decides the last bits. `threads` and `products` are chosen; the others are given by the machine."""

    device: str
    threads: int
    products: str
    torch: str
    processor: str

    @classmethod
    def parse(cls, record: Mapping[str, Any]) -> Arithmetic | None:
        """Read from a training state; None if another version of this program wrote something else."""
        values: dict[str, Any] = {each.name: record.get(each.name) for each in fields(cls)}
        threads = checks.as_whole(values.pop("threads"))
        if threads is None or not 1 <= threads <= MOST_THREADS or not all(isinstance(value, str) for value in values.values()):
            return None
        return cls(threads=threads, **values)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Compute in this way within the block, in this thread."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.threads)
        try:
            with products_by(self.products):
                yield
        finally:
            torch.set_num_threads(before)

    def unlike(self, other: Arithmetic) -> list[str]:
        """The differences from `other`, in words."""
        pairs = [(each.name, getattr(self, each.name), getattr(other, each.name)) for each in fields(self)]
        return [f"{name} {ours} instead of {theirs}" for name, ours, theirs in pairs if ours != theirs]


def check_threads(threads: int | None, device: str) -> int | None:
    """`threads`, or None if not given. Raises `InvalidValueError` if it is not a number, or would have no effect."""
    if threads is not None and device != "cpu":
        raise InvalidValueError(f"threads are for training on the CPU, not on {device}; add --device cpu or leave out threads")
    return None if threads is None else checks.whole("threads", threads, least=1, most=MOST_THREADS)


def settle(run: Run, epochs: int, threads: int | None = None, products: str | None = None) -> tuple[Arithmetic, list[str]]:
    """Decide how `run` computes up to `epochs`, note it in `run.arithmetic`, and return remarks for the user.

    It computes as before if this machine can; `threads` and `products` override. Raises `InvalidValueError` for a library of
    products that this PyTorch does not have.
    """
    before = Arithmetic.parse(run.arithmetic[-1]) if run.arithmetic else None
    chosen = _as_before(before, run, threads, products)
    if run.epoch >= epochs and run.epoch > 0:
        return chosen, []
    if chosen == before:
        return chosen, [] if threads is not None else _too_many_threads(chosen)
    earlier = [each for each in run.arithmetic if each.get("from_epoch", 0) < run.epoch]
    run.arithmetic = [*earlier, {"from_epoch": run.epoch, **asdict(chosen)}]
    return chosen, [_change(chosen, before)] if run.epoch > 0 else []


def default_threads(variant: Variant) -> int:
    """As many as the user has set for OpenMP, otherwise one per usable CPU, but no more than have enough work."""
    if any(name in os.environ for name in SET_BY_USER):
        return torch.get_num_threads()
    return min(usable_cpus(), torch.get_num_threads(), busy_threads(variant))


def _as_before(before: Arithmetic | None, run: Run, threads: int | None, products: str | None) -> Arithmetic:
    """How this machine computes, with the threads of `before` and its library if available; given values override."""
    device, version = run.train.labels.device.type, str(torch.__version__)
    if threads is None:
        threads = before.threads if before else default_threads(run.variant)
    if device != "cpu":
        return Arithmetic(device, threads, device, version, torch.cuda.get_device_name())
    machine = f"{processor()}, {torch.backends.cpu.get_cpu_capability()}"
    return Arithmetic(device, threads, _library(before, run.variant, machine, threads, products), version, machine)


def _library(before: Arithmetic | None, variant: Variant, machine: str, threads: int, products: str | None) -> str:
    if products is not None:
        return checks.one_of("products", products, libraries())
    has_library = before is not None and before.products in libraries()
    return before.products if before and has_library else _library_for(variant, machine, threads)


def _library_for(variant: Variant, machine: str, threads: int) -> str:
    if multiplications(variant) < MULTIPLICATIONS_WORTH_MEASURING:
        return libraries()[0]
    return fastest_library(machine, threads)


def _change(chosen: Arithmetic, before: Arithmetic | None) -> str:
    if before is None:
        return "how this run was computed so far is not recorded, so its last digits may differ from here on"
    return f"from here on the last digits differ from those of an unbroken run: {', '.join(chosen.unlike(before))}"


def _too_many_threads(chosen: Arithmetic) -> list[str]:
    cpus = usable_cpus()
    if chosen.device != "cpu" or chosen.threads <= cpus:
        return []
    kept = f"the run keeps its {chosen.threads} threads, so its digits stay the same"
    return [f"{kept}; --threads {cpus}, the CPUs of this process, is faster but changes the last digits"]
