"""The examples in docstrings give what they say, on a small trained run."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import headlapse
from headlapse.export import export_view
from headlapse.notebook import scrub
from headlapse.results.loader import ArtifactLoader
from headlapse.results.variant import Variant as StoredVariant
from headlapse.training.progress import Silent
from headlapse.visualization import render_attention_heads
from headlapse.workbench import ModelFamily, Snapshot, Variant

MOST_USED: list[Callable[..., Any]] = [
    *(headlapse.load_family, headlapse.load_variant, ModelFamily.variant, Variant.train, Variant.at, StoredVariant.patterns),
    *(Snapshot.view, export_view, scrub, render_attention_heads, ArtifactLoader.load_epochs),
]


@pytest.mark.parametrize("function", MOST_USED, ids=lambda function: function.__qualname__)
def test_the_example_of_a_function_gives_what_it_says(function: Callable[..., Any], trained: Variant, tmp_path: Path) -> None:
    names = {
        "headlapse": headlapse,
        "family": trained.family,
        "variant": trained,
        "folder": trained.paths.root,
        "results": tmp_path,
        "Silent": Silent,
    }
    known = {**function.__globals__, **names, function.__name__: function}
    (example,) = doctest.DocTestFinder(recurse=False).find(function, function.__name__, globs=known)
    assert example.examples
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    assert runner.run(example, out=report.append).failed == 0, "".join(report)
