"""`python -m fuzz.targets artifact --seconds 60` fuzzes one target, `--all` every one in a process of its own.

An exception that is no typed error, more than 2 s for one input or more than 2 GB of memory stops the run and leaves the
input in a file.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

from fuzz.targets import names

INSTRUMENTED = ["headlapse", "zipfile", "numpy.lib", "json"]  # libraries that see the bytes first are, too


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz.targets")
    parser.add_argument("target", nargs="?", choices=names())
    parser.add_argument("--all", action="store_true", help="every target, one after the other")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    asked = parser.parse_args()
    if asked.all == bool(asked.target):
        parser.error("name a target, or give --all")
    return run_all(asked.seconds) if asked.all else run(asked.target, asked.seconds)


def run_all(seconds: int) -> int:
    failed = []
    for name in names():
        print(f"fuzzing {name} for {seconds} s", flush=True)
        if subprocess.run([sys.executable, "-m", "fuzz.targets", name, "--seconds", str(seconds)], check=False).returncode:
            failed.append(name)
    print(f"{len(names())} targets, {len(failed)} with a finding{': ' if failed else ''}{', '.join(failed)}")
    return 1 if failed else 0


def run(name: str, seconds: int) -> int:
    with atheris.instrument_imports(include=INSTRUMENTED):
        target = importlib.import_module(f"fuzz.targets.{name}")
    with tempfile.TemporaryDirectory(prefix="headlapse-corpus-") as corpus:
        for number, content in enumerate(target.seeds()):
            (Path(corpus) / str(number)).write_bytes(content)
        limits = [f"-max_total_time={seconds}", "-timeout=2", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1"]
        mutator = getattr(target, "mutate", None)
        atheris.Setup([sys.argv[0], *limits, corpus], target.check, **({"custom_mutator": mutator} if mutator else {}))
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
