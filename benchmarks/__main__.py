"""`python -m benchmarks`: every comparison, one table; then how costs grow."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.growth import print_growth
from benchmarks.machine import measure
from benchmarks.scrubbing import print_scrubbing
from benchmarks.steps import Published, timings
from benchmarks.timing import Timing


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        machine = measure(Path(folder))
        print(machine)
        published = Published(Path(folder))
        rows = timings(published, machine)
        print(f"\n{'step':38} {'plain ms':>9} {'ours ms':>9} {'ratio':>7} {'floor ms':>9} {'of floor':>9}")
        for row in rows:
            print(_line(row))
        print_growth(published)
        print_scrubbing(Path(folder) / "scrubbing")


def _line(row: Timing) -> str:
    floor = f"{row.floor * 1e3:9.2f} {row.floor / row.ours:9.0%}" if row.floor is not None else ""
    return f"{row.step:38} {row.plain * 1e3:9.2f} {row.ours * 1e3:9.2f} {row.ratio:7.1f} {floor}"


if __name__ == "__main__":
    main()
