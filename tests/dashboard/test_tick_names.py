"""Long names of places, as those of permutations, stand in one line beside the cells and do not touch each other."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse.results.records import write_config
from headlapse.storage.atomic import write_json
from headlapse.workbench import FamilyRegistry, Variant
from tests.browsing import expect
from tests.dashboard.pictures import box_of
from tests.dashboard.runs import add_artifact, add_checkpoint, write_losses

pytestmark = pytest.mark.browser
LINE = 14  # pixels


@pytest.fixture
def permutations(tmp_path: Path) -> Variant:
    """A run on S4, whose longest name is (1 2 3 4), with patterns that no training has made."""
    variant = FamilyRegistry().get("group_operation_1layer").variant(results=tmp_path, group="S4")
    write_config(variant, schedule={}, versions={})
    write_json(variant.paths.status, {"state": "trained", "epoch": 1, "epochs": 1})
    write_losses(variant, 1)
    add_checkpoint(variant, 0)
    patterns = np.random.default_rng(0).dirichlet(np.ones(3), (4, 3, 24, 24)).astype(np.float32)
    add_artifact(variant, 0, {"patterns": np.moveaxis(patterns, -1, 2)})
    return variant


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (720, 450)])
def test_names_stand_in_one_line_beside_the_cells(
    page: Any, serve: Any, permutations: Variant, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(permutations.results)}/?variant={permutations.family.name}/{permutations.name}")
    expect(page.locator("#heads canvas")).to_have_count(4)
    for head in page.locator("#heads .head").all():
        plot, whole = box_of(head.locator(".plot")), box_of(head)
        names = [box_of(tick) for tick in head.locator(".axis-y .tick").all()]
        assert len(names) >= 2 and all(name["height"] < LINE and name["x"] >= whole["x"] for name in names)
        assert all(name["x"] + name["width"] <= plot["x"] for name in names)
        below = [box_of(tick) for tick in head.locator(".axis-x .tick").all()]
        assert len(below) >= 2 and all(name["height"] < LINE for name in below)
        assert all(one["x"] + one["width"] < other["x"] for one, other in pairwise(below))
