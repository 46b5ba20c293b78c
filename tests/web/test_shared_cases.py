"""What both sides compute alike: the cases of `tests/data/web` hold here, and in `web/core/shared_cases.test.ts`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse.results.losses import Losses
from headlapse.visualization.colors import color_scale
from headlapse.visualization.envelope import envelope
from headlapse.visualization.format import loss_in_words, value_in_words
from headlapse.visualization.ticks import index_ticks, nice_ticks

DATA = Path(__file__).parents[1] / "data" / "web"


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=str(place)) for place, case in enumerate(json.loads((DATA / f"{name}.json").read_text()))]


def numbers(values: list[float | None]) -> np.ndarray:
    """NaN where JSON has null."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


@pytest.mark.parametrize("case", cases("losses"))
def test_words_of_losses(case: Any) -> None:
    assert loss_in_words(float(numbers([case["loss"]])[0])) == case["words"]


@pytest.mark.parametrize("case", cases("values"))
def test_words_of_values(case: Any) -> None:
    assert value_in_words(float(numbers([case["value"]])[0]), case["digits"]) == case["words"]


@pytest.mark.parametrize("case", cases("ticks"))
def test_ticks(case: Any) -> None:
    np.testing.assert_allclose(nice_ticks(case["low"], case["high"], case["most"]), case["ticks"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("case", cases("index_ticks"))
def test_ticks_of_places(case: Any) -> None:
    assert index_ticks(case["size"], case["most"]) == case["ticks"]


@pytest.mark.parametrize("case", cases("colors"))
def test_colours(case: Any) -> None:
    values = np.array(case["values"], dtype=np.float32)
    colors = color_scale(values, tuple(case["range"]), case["scale"], case["midpoint"])
    assert colors.table().tobytes().hex() == case["table"]
    assert colors.steps(values).tolist() == case["steps"]
    published = color_scale(values, scale=case["scale"]).stops
    np.testing.assert_allclose([place for place, _ in published], [place for place, _ in case["stops"]])
    np.testing.assert_allclose([color for _, color in published], [color for _, color in case["stops"]], atol=1e-9)


@pytest.mark.parametrize("case", cases("losses_at"))
def test_losses_of_an_epoch(case: Any) -> None:
    losses = Losses(numbers(case["train"]), numbers(case["test"]), case.get("ofCheckpoints"))
    np.testing.assert_array_equal(losses.at(case["epoch"]), numbers(case["at"]))


@pytest.mark.parametrize("case", cases("envelope"))
def test_thinned_curves(case: Any) -> None:
    x, y = numbers(case["x"]), numbers(case["y"])
    assert envelope(x, y, case["first"], case["last"], case["columns"]).tolist() == case["kept"]


@pytest.mark.parametrize("case", cases("nearest"))
def test_the_nearest_epoch_is_found_by_trying_all(case: Any) -> None:
    distances = np.abs(np.array(case["epochs"], dtype=np.float64) - case["asked"])
    assert case["index"] == (int(distances.argmin()) if len(distances) else -1)
