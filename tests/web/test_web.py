"""The TypeScript sources: their unit tests, and the bundles that are made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.web.conftest import WEB

STATIC = WEB.parent / "src" / "headlapse" / "static"
REMEDY = "run `make web` and commit what it writes"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_unit_tests_pass(node: Callable[..., str]) -> None:
    passed = re.search(r"^# pass (\d+)$", node("--test", "--test-reporter=tap", "**/*.test.ts"), re.MULTILINE)
    assert passed is not None and int(passed[1]) > 0


def test_bundles_are_those_of_the_sources(node: Callable[..., str], tmp_path: Path) -> None:
    node("build.ts", str(tmp_path))
    made, committed = contents(tmp_path), contents(STATIC)
    assert made.keys() == committed.keys(), REMEDY
    assert [name for name in made if made[name] != committed[name]] == [], REMEDY


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (WEB / "package-lock.json").read_text()
