"""`python -m benchmarks [PART...]`: steps beside plain code, precision, growth, and the other parts that `--help` names."""

from __future__ import annotations

import argparse
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from benchmarks import parts as found

FOUND = sorted(module.name for module in iter_modules(found.__path__))
PARTS = ("steps", "precision", "growth", "frequencies", "scrubbing", "sharing", "sweeps", *FOUND)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("parts", nargs="*", type=_part, metavar="PART", help=f"{', '.join(PARTS)}; all where none is named")
    made.add_argument("--rounds", type=int, default=3, help="how often sharing and sweeps are measured")
    return made


def _part(name: str) -> str:
    """A part's name. `choices` of argparse refuses a command without any part before Python 3.12."""
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"there is no part {name}; choose from {', '.join(PARTS)}")
    return name


def main() -> None:
    arguments = parser().parse_args()
    parts = set(arguments.parts or PARTS)
    with tempfile.TemporaryDirectory() as folder:
        if parts & {"steps", "growth", "frequencies"}:
            _beside_the_plain_way(Path(folder), parts)
        if "precision" in parts:
            from benchmarks.precision import print_precision

            print_precision(Path(folder) / "precision")
        if "scrubbing" in parts:
            from benchmarks.scrubbing import print_scrubbing

            print_scrubbing(Path(folder) / "scrubbing")
        for name in sorted(parts & {*FOUND}):
            import_module(f"benchmarks.parts.{name}").main(Path(folder) / name)
    if "sharing" in parts:
        from benchmarks.sharing import print_sharing

        print_sharing(arguments.rounds)
    if "sweeps" in parts:
        from benchmarks.sweeps import print_sweeps

        print_sweeps(arguments.rounds)


def _beside_the_plain_way(folder: Path, parts: set[str]) -> None:
    """What begins with a model that has been trained a little."""
    from benchmarks.frequencies import print_frequencies
    from benchmarks.growth import print_growth
    from benchmarks.steps import Published, print_steps

    published = Published(folder)
    if "steps" in parts:
        print_steps(published)
    if "growth" in parts:
        print_growth(published)
    if "frequencies" in parts:
        print_frequencies(published)


if __name__ == "__main__":
    main()
