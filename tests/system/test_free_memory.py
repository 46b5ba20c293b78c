"""What of the memory is free: to the system, to a container or a batch job, and under `ulimit -v`."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from headlapse.system.free_memory import free_memory

GB = 10**9
STATM = "250 100 50 1 0 60 0\n"  # pages


def write(root: Path, files: dict[str, str]) -> Path:
    """A root folder with these files under /proc and /sys."""
    for name, content in {"proc/meminfo": "MemTotal: 99 kB\nMemAvailable: 16000000 kB\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def group(folder: str, limit: str, used: int, cached: int) -> dict[str, str]:
    """A control group of the second version; `cached` are pages of files among what is used."""
    stat = f"anon {used - cached}\ninactive_file {cached // 2}\nactive_file {cached // 2}\n"
    base = f"sys/fs/cgroup{folder}"
    return {f"{base}/memory.max": limit, f"{base}/memory.current": str(used), f"{base}/memory.stat": stat}


def test_without_limits_it_is_what_the_system_has(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/\n", **group("", "max\n", 3 * GB, GB)}
    assert free_memory(write(tmp_path, files)) == 16_384_000_000


def test_pages_of_files_are_free_in_a_container(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/\n", **group("", str(4 * GB), 4 * GB, 3 * GB)}
    assert free_memory(write(tmp_path, files)) == 3 * GB


def test_the_narrowest_group_around_the_process_counts(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/batch/job_7/step\n"}
    files |= group("/batch/job_7", str(2 * GB), GB, 0) | group("/batch/job_7/step", "max", GB, 0) | group("/other", "1", 0, 0)
    assert free_memory(write(tmp_path, files)) == GB


def test_groups_of_the_first_version(tmp_path: Path) -> None:
    base = "sys/fs/cgroup/memory"  # in a container the group's own path is not there, its content is at the top
    files = {"proc/self/cgroup": "5:cpu,cpuacct:/docker/7\n4:memory:/docker/7\n0::/docker/7\n"}
    files |= {f"{base}/memory.limit_in_bytes": str(5 * GB), f"{base}/memory.usage_in_bytes": str(4 * GB)}
    files |= {f"{base}/memory.stat": f"cache {GB}\ntotal_inactive_file {GB}\ntotal_active_file 0\n"}
    assert free_memory(write(tmp_path, files)) == 2 * GB


def test_the_limit_of_the_process_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (2_024_000, -1))
    assert free_memory(write(tmp_path, {"proc/self/statm": STATM})) == 2_024_000 - 250 * resource.getpagesize()


def test_this_machine_says_something() -> None:
    assert (free_memory() or 0) > 10**6
