"""The CPUs that this process may use, and the model of the processor."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_ROOT = Path("/")
MOST_THREADS = 1024  # largest allowed number
SLURM = ("SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE")  # the first that is set counts


def usable_cpus(root: Path = _ROOT, environment: Mapping[str, str] = os.environ) -> int:
    """How many threads can compute at once, at least 1: the smallest number that affinity, control groups and Slurm allow.

    Two hardware threads of one core count once, because they share its arithmetic units. Quotas are rounded down to whole CPUs:
    with one more thread, all would wait for the one that has used up its share.
    """
    allowed = [_cores(root, _affinity()), *_quotas(root), *_slurm(environment)]
    return max(1, int(min(allowed)))


def processor(root: Path = _ROOT) -> str:
    """The model of the processor in words, e.g. "AMD EPYC, family 25, model 1"."""
    with suppress(OSError):
        first, _, _ = (root / "proc/cpuinfo").read_text().partition("\n\n")
        facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in first.splitlines())}
        if "model name" in facts:
            numbers = [f"{name.removeprefix('cpu ')} {facts[name]}" for name in ("cpu family", "model") if name in facts]
            return ", ".join([facts["model name"], *numbers])
    return platform.processor() or platform.machine()


def _affinity() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _cores(root: Path, cpus: set[int]) -> int:
    """To how many cores `cpus` belong; if the system does not say, each counts as a core."""
    return len({_siblings(root, cpu) for cpu in cpus})


def _siblings(root: Path, cpu: int) -> str:
    try:
        return (root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)


def _quotas(root: Path) -> Iterator[float]:
    """CPUs that the control groups of this process and their parents allow. Source: cgroups(7)."""
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, controllers, own = line.split(":", 2)
            if not controllers or "cpu" in controllers.split(","):
                mount = _mount(root / "sys/fs/cgroup", controllers)
                folder = mount / own.lstrip("/")
                groups = (group for group in (folder, *folder.parents) if group.is_relative_to(mount))
                yield from (quota for group in groups for quota in _quota(group))


def _mount(mounts: Path, controllers: str) -> Path:
    """Where a hierarchy is mounted: version 2 at the root, or beside those of version 1."""
    names = [controllers, "cpu"] if controllers else ["unified"]
    return next((mounts / name for name in names if (mounts / name).is_dir()), mounts)


def _quota(group: Path) -> Iterator[float]:
    with suppress(OSError, ValueError):  # there is no such group or file, or it says "max"
        quota, period = (group / "cpu.max").read_text().split()
        yield int(quota) / int(period)
    with suppress(OSError, ValueError):
        quota, period = ((group / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        if int(quota) > 0:
            yield int(quota) / int(period)


def _slurm(environment: Mapping[str, str]) -> Iterator[int]:
    number = next((environment[name] for name in SLURM if name in environment), "")
    if number.isascii() and number.isdigit() and int(number) > 0:
        yield int(number)
