"""Change single operators and constants of the source, and count the changes that a test notices: `make mutation`.

A sample of the possible changes in `PACKAGES` is drawn with a seed. For each, the tests of that package run on a copy of the
source: first those that name the changed module, then the others. A change that no test notices has survived.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "headlapse"
PACKAGES = ("results", "analysis", "models")
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
SECONDS = 600  # a change that makes the tests hang is noticed


@dataclass(frozen=True)
class Mutant:
    """One change: the place `at` among the places of `path` that can be changed."""

    path: Path
    at: int
    line: int

    def write(self, source: Path) -> str:
        """Change the copy of the source; what was changed into what, in words."""
        tree = ast.parse(self.path.read_text())
        node = list(places(tree))[self.at]
        before = ast.unparse(node)
        change(node)
        (source / self.path.relative_to(SOURCE)).write_text(ast.unparse(ast.fix_missing_locations(tree)))
        return f"{self.path.relative_to(SOURCE)}:{self.line}: {before} -> {ast.unparse(node)}"


def places(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions inside functions that can be changed."""
    seen = set()
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in (node for function in functions for statement in function.body for node in ast.walk(statement)):
        if node not in seen:
            seen.add(node)
            if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp | ast.UnaryOp | ast.Constant) and can_change(node):
                yield node


def can_change(node: ast.expr) -> bool:
    match node:
        case ast.Compare(ops=[only]):
            return type(only) in SWAPS
        case ast.BoolOp() | ast.BinOp():
            return type(node.op) in SWAPS
        case ast.UnaryOp():
            return isinstance(node.op, ast.Not)
        case ast.Constant():
            return isinstance(node.value, int)
    return False


def change(node: ast.expr) -> None:
    match node:
        case ast.Compare():
            node.ops = [SWAPS[type(node.ops[0])]()]  # type: ignore[list-item]
        case ast.BoolOp() | ast.BinOp():
            node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
        case ast.UnaryOp():
            node.op = ast.UAdd()
            node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
        case ast.Constant():
            node.value = not node.value if isinstance(node.value, bool) else int(node.value) + 1  # type: ignore[arg-type]


def mutants(package: str) -> list[Mutant]:
    """All changes in a package."""
    found = []
    for path in sorted((SOURCE / package).rglob("*.py")):
        found += [Mutant(path, at, node.lineno) for at, node in enumerate(places(ast.parse(path.read_text())))]
    return found


def tests_of(mutant: Mutant) -> list[list[str]]:
    """Test files: those that name the module or bear its name, then the others of the package."""
    package, module = mutant.path.relative_to(SOURCE).parts[0], mutant.path.stem
    files = sorted((ROOT / "tests" / package).rglob("test_*.py")) + sorted((ROOT / "tests" / "golden").glob("test_*.py"))
    near = [path for path in files if path.stem == f"test_{module}" or f"{package}.{module}" in path.read_text()]
    return [[str(path) for path in part] for part in (near, [path for path in files if path not in near]) if part]


def is_noticed(mutant: Mutant, source: Path) -> bool:
    return any(not passes(files, source) for files in tests_of(mutant))


def passes(files: list[str], source: Path) -> bool:
    """Whether the tests pass on `source`, in time."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not browser", "-p", "no:cacheprovider", *files]
    environment = os.environ | {"PYTHONPATH": str(source.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(timeout=SECONDS) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def main() -> None:
    """Try a sample, name the survivors, and state the score."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, default=20, help="changes tried in each package")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--packages", nargs="+", default=PACKAGES, choices=PACKAGES)
    given = options.parse_args()
    for package in given.packages:
        everything = mutants(package)
        sample = random.Random(given.seed).sample(everything, min(given.sample, len(everything)))
        noticed, began = 0, time.monotonic()
        for mutant in sample:
            with tempfile.TemporaryDirectory() as name:
                source = shutil.copytree(SOURCE, Path(name) / "headlapse")
                words = mutant.write(source)
                killed = is_noticed(mutant, source)
            noticed += killed
            print("noticed " if killed else "SURVIVED", words, flush=True)
        seconds = time.monotonic() - began
        print(f"{package}: {noticed} of {len(sample)} noticed, of {len(everything)} possible; {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
