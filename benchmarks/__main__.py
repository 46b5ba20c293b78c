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
        print(f"\n{'':38}      ms                              plain is slower       floor")
        print(f"{'step':38} {'plain':>9} {'apart':>9} {'ours':>9} {'beside':>9} {'apart':>9} {'ms':>9} {'of it':>6}")
        for row in rows:
            print(_line(row))
        print_growth(published)
        print_scrubbing(Path(folder) / "scrubbing")


def _line(row: Timing) -> str:
    times = " ".join(f"{seconds * 1e3:9.2f}" for seconds in (row.plain, row.apart, row.ours))
    ratios = f"{row.ratio:8.1f}x {row.ratio_apart:8.1f}x"
    return f"{row.step:38} {times} {ratios} {row.floor * 1e3:9.2f} {row.floor / row.ours:6.0%}"


if __name__ == "__main__":
    main()
