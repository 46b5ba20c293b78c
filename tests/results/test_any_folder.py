"""A results folder may be called whatever the file system allows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from headlapse.dashboard.app import create_app
from headlapse.results.discovery import discover
from headlapse.results.integrity import inspect
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily

NAMES = (
    *("with space", "-rf", "new\nline", "caf\u00e9", "cafe\u0301", "\U0001f642", "100%", "'\"$(x)", "x" * 255, "a.b\\c"),
    "[a]*?",  # a pattern, to whoever searches by patterns
)


@pytest.mark.parametrize("name", NAMES)
def test_everything_works_in_it(name: str, small_family: Callable[..., ModelFamily], tmp_path: Path) -> None:
    results = tmp_path / name
    variant = small_family().variant(prime=3, train_fraction=0.6, results=results)
    variant.train(epochs=1, progress=Silent())
    (found,) = discover(results, lambda _: variant.family).variants
    assert found.state == "analysed" and inspect(found) == []
    answer = create_app(results).server.test_client().get("/data/variants")
    (listed,) = answer.get_json()["variants"]
    assert listed["name"] == variant.name
