"""Texts that users read are in one module of the server's page, as `web/texts.grit` holds for those of the browser."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import headlapse.dashboard
from headlapse.dashboard.texts import SETTINGS

ROOT = Path(headlapse.dashboard.__file__).parent
MODULES = [*ROOT.glob("pages/*.py"), *ROOT.glob("callbacks/*.py"), ROOT / "unknown_pages.py"]
TEXT = re.compile(r"[A-Z][a-z]+|.*[A-Za-z]{2,}[.,:]? [a-z]")
NAMES = {"className", "id"}  # arguments that are no texts


def _names(node: ast.AST) -> bool:
    """Whether the strings in `node` are read by programmers, or by nobody."""
    if isinstance(node, ast.Expr):  # a docstring
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Raise) or (isinstance(node, ast.keyword) and node.arg in NAMES)


def texts(source: str) -> list[str]:
    """The literals of a module that are words for users."""

    def walk(node: ast.AST) -> Iterator[str]:
        if _names(node):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TEXT.match(node.value):
            yield node.value
        for child in ast.iter_child_nodes(node):
            yield from walk(child)

    return list(walk(ast.parse(source)))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_texts_of_the_page_are_in_one_module(module: Path) -> None:
    assert [text for text in texts(module.read_text("utf-8")) if not text.startswith("<!doctype")] == []


def test_texts_are_found() -> None:
    source = '''
        """A module."""
        def layout():
            """No text."""
            if wrong:
                raise ValueError("not a text of the page")
            return html.P(["Not trained yet", f"of {n} checkpoints are here"], className="soft words", title="Nothing")
    '''
    assert texts(re.sub(r"^ {8}", "", source, flags=re.MULTILINE)) == [
        "Not trained yet",
        " checkpoints are here",
        "Nothing",
    ]


def test_a_setting_is_called_the_same_in_the_table_of_runs_and_on_the_jobs_page() -> None:
    source = (Path(__file__).parents[2] / "web" / "core" / "texts.ts").read_text("utf-8")
    block = source.partition("export const settings")[2].partition("};")[0]
    found = dict(re.findall(r'^  (\w+): "(.+)",$', block, re.MULTILINE))
    assert found and found.items() <= SETTINGS.items()
