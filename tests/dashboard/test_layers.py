"""Heads of several layers on the page: each under its own name, with its own values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import headlapse
from headlapse.training.progress import Silent
from tests.dashboard.pictures import box_of

pytestmark = pytest.mark.browser
P = 5


@pytest.fixture
def families(tmp_path: Path) -> Path:
    content = json.loads(headlapse.load_family("modulo_addition_1layer").path.read_text()) | {"name": "two_layers"}
    content["architecture"] |= {"n_layers": 2, "n_heads": 3, "d_model": 10, "d_head": 4, "d_mlp": 14}
    folder = tmp_path / "families" / "two_layers"
    folder.mkdir(parents=True)
    (folder / "family.json").write_text(json.dumps(content))
    return tmp_path / "families"


def test_every_head_stands_under_its_name(page: Any, serve: Any, families: Path, tmp_path: Path) -> None:
    variant = headlapse.load_family("two_layers", families).variant(prime=P, train_fraction=0.6, results=tmp_path / "results")
    variant.train(epochs=4, checkpoint_epochs=[0, 4], progress=Silent())
    page.goto(serve(tmp_path / "results", families=[families]))
    page.wait_for_function("() => document.querySelectorAll('#heads .plot').length === 6")
    names = page.locator("#heads .head-name").all_inner_texts()
    assert names == ["L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2"]
    patterns = variant.patterns(4)
    for head, (a, b) in enumerate([(0, 3), (1, 2), (2, 4), (3, 0), (4, 1), (2, 3)]):
        plot = page.locator("#heads .plot").nth(head)
        plot.scroll_into_view_if_needed()
        box = box_of(plot)
        page.mouse.move(box["x"] + box["width"] * (b + 0.5) / P, box["y"] + box["height"] * (a + 0.5) / P)
        text = f"a {a}, b {b}: {patterns[head, 2, 0, a, b]:.6g}"
        page.wait_for_function(
            "([head, text]) => document.querySelectorAll('#heads .head-value')[head].textContent === text", arg=[head, text]
        )
