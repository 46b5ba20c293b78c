"""Addresses of version 0.1.0 show what they showed then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import headlapse
from tests.dashboard.pictures import point_at

GOLDEN = Path(__file__).parents[1] / "golden" / "v0_1_0"
ADDRESSES: list[dict[str, Any]] = json.loads((GOLDEN / "addresses.json").read_text())
P = 7


@pytest.mark.browser
@pytest.mark.parametrize("asked", ADDRESSES, ids=lambda asked: asked["title"])
def test_an_address_shows_what_it_names(page: Any, serve: Any, tmp_path: Path, asked: dict[str, Any]) -> None:
    results = shutil.copytree(GOLDEN / "results", tmp_path / "results")
    page.goto(serve(results, families=[GOLDEN / "families"]) + asked["path"])
    page.wait_for_function("t => document.getElementById('picture-title')?.textContent?.endsWith(t)", arg=asked["title"])
    plots = page.locator("#heads .plot")
    page.wait_for_function("n => document.querySelectorAll('#heads .plot').length === n", arg=1 if "head" in asked else 3)
    head, a, b = asked.get("head", 1), 2, 5
    family, name = "golden_addition", "golden_addition_p7_seed3_dseed4_frac0.6_wd0.5"
    patterns = headlapse.load_variant(results / family / name, GOLDEN / "families").patterns(asked["epoch"])
    row = P - 1 - a if "origin=lower" in asked["path"] else a
    value = patterns[head, asked["to"], asked["from"], a, b]
    place = 0 if "head" in asked else head
    point_at(page, plots.nth(place), row, b, P, f"a {a}, b {b}: {value:.6g}", head=place)
