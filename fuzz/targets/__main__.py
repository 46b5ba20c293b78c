"""`python -m fuzz.targets artifact --seconds 60` fuzzes one target, `--all` every one in a process of its own.

An exception that is no typed error, more than 2 s for one input or more than 2 GB of memory stops the run and leaves the
input in a file.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

from fuzz.targets import names

MEMORY = Path("/dev/shm")
INSTRUMENTED = ["headlapse", "zipfile", "numpy.lib", "json"]  # libraries that see the bytes first are, too


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz.targets")
    parser.add_argument("target", nargs="?", choices=names())
    parser.add_argument("--all", action="store_true", help="every target, one after the other")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)  # in this process, which never returns
    asked = parser.parse_args()
    if asked.all == bool(asked.target):
        parser.error("name a target, or give --all")
    if asked.here:
        run(asked.target, asked.seconds)
    return run_all(names() if asked.all else [asked.target], asked.seconds)


def run_all(targets: list[str], seconds: int) -> int:
    failed = []
    for name in targets:
        print(f"fuzzing {name} for {seconds} s", flush=True)
        if run_apart(name, seconds):
            failed.append(name)
    print(f"{len(targets)} targets, {len(failed)} with a finding{': ' if failed else ''}{', '.join(failed)}")
    return 1 if failed else 0


def run_apart(name: str, seconds: int) -> int:
    """Fuzz in a process of its own, whose files go with it: libFuzzer ends without a word to Python. Returns the exit code."""
    command = [sys.executable, "-m", "fuzz.targets", name, "--seconds", str(seconds), "--here"]
    with tempfile.TemporaryDirectory(prefix="headlapse-fuzz-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return subprocess.run(command, env={**os.environ, "TMPDIR": folder}, check=False).returncode


def run(name: str, seconds: int) -> None:
    with atheris.instrument_imports(include=INSTRUMENTED):
        target = importlib.import_module(f"fuzz.targets.{name}")
    corpus = tempfile.mkdtemp()
    for number, content in enumerate(target.seeds()):
        (Path(corpus) / str(number)).write_bytes(content)
    limits = [f"-max_total_time={seconds}", "-timeout=2", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1"]
    mutator = getattr(target, "mutate", None)
    atheris.Setup([sys.argv[0], *limits, corpus], target.check, **({"custom_mutator": mutator} if mutator else {}))
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
