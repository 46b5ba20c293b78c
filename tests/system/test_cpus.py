"""The fewest CPUs of what affinity, control groups and Slurm allow; read from planted files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headlapse.system import cpus
from headlapse.system.cpus import processor, usable_cpus

NOTHING: dict[str, str] = {}


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that may run on eight CPUs."""
    monkeypatch.setattr(cpus, "_affinity", lambda: set(range(8)))


def planted(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def siblings(*groups: str) -> dict[str, str]:
    """Files that say which hardware threads share a core, e.g. "0,4"."""
    name = "sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
    return {name.format(cpu): f"{group}\n" for group in groups for cpu in group.split(",")}


def test_without_any_limit_it_is_the_affinity(eight: None, tmp_path: Path) -> None:
    assert usable_cpus(tmp_path, NOTHING) == 8


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_the_affinity_of_a_real_process_counts() -> None:
    code = (
        "import os\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from headlapse.system.cpus import usable_cpus\nprint(usable_cpus())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_two_hardware_threads_of_a_core_count_once(eight: None, tmp_path: Path) -> None:
    assert usable_cpus(planted(tmp_path, siblings("0,4", "1,5", "2,6", "3,7")), NOTHING) == 4


def test_one_hardware_thread_of_each_core_is_all_of_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cpus, "_affinity", lambda: {1, 4, 6})
    assert usable_cpus(planted(tmp_path, siblings("0,4", "1,5", "2,6", "3,7")), NOTHING) == 3


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/cpu.max": "300000 100000\n"}, 3),
        ({"proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/cpu.max": "max 100000\n"}, 8),
        ({"proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/cpu.max": "250000 100000\n"}, 2),
        ({"proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/cpu.max": "50000 100000\n"}, 1),
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
                "sys/fs/cgroup/a/cpu.max": "500000 100000\n",
            },
            5,
        ),
        # a container sees its own group at the mount, under whatever name the host has for it
        ({"proc/self/cgroup": "0::/docker/c0ffee\n", "sys/fs/cgroup/cpu.max": "600000 100000\n"}, 6),
        (
            {
                "proc/self/cgroup": "4:cpu:/job\n",
                "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us": "400000\n",
                "sys/fs/cgroup/cpu/job/cpu.cfs_period_us": "100000\n",
            },
            4,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu,cpuacct:/job\n",
                "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "140000\n",
                "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "20000\n",
            },
            7,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu:/\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            8,
        ),
        # version 2 beside version 1
        (
            {
                "proc/self/cgroup": "4:memory:/x\n0::/app\n",
                "sys/fs/cgroup/unified/app/cpu.max": "200000 100000\n",
                "sys/fs/cgroup/memory/x/cpu.max": "100000 100000\n",
            },
            2,
        ),
        ({"proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/cpu.max": "what is this\n"}, 8),
    ],
)
def test_the_quota_of_control_groups_counts(eight: None, tmp_path: Path, files: dict[str, str], expected: int) -> None:
    assert usable_cpus(planted(tmp_path, files), NOTHING) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SLURM_CPUS_PER_TASK": "3"}, 3),
        ({"SLURM_CPUS_ON_NODE": "6"}, 6),
        ({"SLURM_CPUS_PER_TASK": "2", "SLURM_CPUS_ON_NODE": "6"}, 2),
        ({"SLURM_CPUS_PER_TASK": "64"}, 8),
        ({"SLURM_CPUS_PER_TASK": "0"}, 8),
        ({"SLURM_CPUS_PER_TASK": "two"}, 8),
        ({"SLURM_CPUS_PER_TASK": ""}, 8),
    ],
)
def test_what_slurm_has_given_counts(eight: None, tmp_path: Path, environment: dict[str, str], expected: int) -> None:
    assert usable_cpus(tmp_path, environment) == expected


def test_the_narrowest_counts(eight: None, tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/cpu.max": "500000 100000\n"}
    root = planted(tmp_path, files | siblings("0,4", "1,5", "2,6", "3,7"))
    assert usable_cpus(root, NOTHING) == 4
    assert usable_cpus(root, {"SLURM_CPUS_PER_TASK": "3"}) == 3


def test_the_processor_is_named(tmp_path: Path) -> None:
    first = "processor\t: 0\nvendor_id\t: Maker\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: Maker X 7\n\nprocessor\t: 1\n"
    assert processor(planted(tmp_path, {"proc/cpuinfo": first})) == "Maker X 7, family 25, model 1"
    assert processor(tmp_path / "elsewhere")
