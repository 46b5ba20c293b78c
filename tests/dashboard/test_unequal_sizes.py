"""A family whose sizes all differ goes through everything, and each stage shows the patterns of an independent computation."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

import headlapse
from headlapse.cli.app import build_app
from headlapse.dashboard.app import create_app
from headlapse.export import draw_compared, draw_view
from headlapse.training.progress import Silent
from headlapse.workbench import Variant
from tests.browsing import new_page
from tests.dashboard.pictures import box_of
from tests.dashboard.test_frames import unpacked

P, LAYERS, HEADS, POSITIONS = 7, 2, 5, 3
PANELS, GRID = LAYERS * HEADS, (P, P - 1)  # a by b: nothing is divided by 0
SIZES = {"n_layers": LAYERS, "n_heads": HEADS, "d_model": 11, "d_head": 4, "d_mlp": 13, "train_biases": True}
LAST = 30
TO, FROM = "2", "1"


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = json.loads(headlapse.load_family("modular_operation_1layer").path.read_text()) | {"name": "unequal"}
    content["architecture"] |= SIZES
    folder = tmp_path_factory.mktemp("families")
    (folder / "unequal").mkdir()
    (folder / "unequal" / "family.json").write_text(json.dumps(content))
    return folder


@pytest.fixture(scope="module")
def runs(families: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Variant]:
    """Two trained and analysed runs of other seeds. Shared: do not write into them."""
    results, family = tmp_path_factory.mktemp("results"), headlapse.load_family("unequal", families)
    found = [family.variant(prime=P, operation="divide", seed=seed, train_fraction=0.6, results=results) for seed in (0, 1)]
    return [run.train(epochs=LAST, checkpoint_epochs=[0, LAST], progress=Silent()) for run in found]


def truth(run: Variant, epoch: int) -> np.ndarray:
    """Patterns `(head, to, from, a, b)` of all layers, from the checkpoint, one input at a time."""
    weights = {name: array.astype(np.float64) for name, array in load_file(run.paths.checkpoint(epoch)).items()}
    found = np.empty((PANELS, POSITIONS, POSITIONS, *GRID))
    for a, b in np.ndindex(*GRID):
        found[..., a, b] = patterns_of([a, b + 1, P], weights)
    return found


def patterns_of(tokens: list[int], weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """Patterns `(head, to, from)` of all layers for one input."""
    stream = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"]
    found = []
    for layer in range(LAYERS):
        of = {name.removeprefix(f"blocks.{layer}."): array for name, array in weights.items()}
        written = []
        for head in range(HEADS):
            q, k, v = (stream @ of[f"attn.W_{kind}"][head] + of[f"attn.b_{kind}"][head] for kind in "QKV")
            scores = np.where(np.tri(POSITIONS, dtype=bool), q @ k.T / np.sqrt(k.shape[1]), -np.inf)
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            found.append(shares / shares.sum(axis=1, keepdims=True))
            written.append(found[-1] @ v @ of["attn.W_O"][head])
        stream = stream + sum(written) + of["attn.b_O"]
        hidden = np.maximum(stream @ of["mlp.W_in"] + of["mlp.b_in"], 0)
        stream = stream + hidden @ of["mlp.W_out"] + of["mlp.b_out"]
    return np.stack(found)


@pytest.fixture(scope="module")
def expected(runs: list[Variant]) -> list[np.ndarray]:
    """Of both runs at the last epoch; attention to position `FROM` differs in every head and every row and column."""
    found = [truth(run, LAST) for run in runs]
    shown = found[0][:, int(TO), int(FROM)]
    assert len(np.unique(shown.round(9))) == shown.size
    return found


def test_artifacts(runs: list[Variant], expected: list[np.ndarray]) -> None:
    for run, patterns in zip(runs, expected, strict=True):
        np.testing.assert_allclose(run.patterns(LAST), patterns, rtol=0, atol=1e-6)
    assert list(runs[0].head_labels) == [f"L{layer}H{head}" for layer in range(LAYERS) for head in range(HEADS)]


def test_exported_arrays_and_rows(runs: list[Variant], expected: list[np.ndarray]) -> None:
    shown = expected[0][:, int(TO), int(FROM)]
    arrays = np.load(io.BytesIO(draw_view(runs[0], ".npz", choices={"to": TO, "from": FROM}).content))
    np.testing.assert_allclose(arrays["values"][-1], shown, rtol=0, atol=1e-6)
    assert arrays["rows"].tolist() == list(range(P)) and arrays["columns"].tolist() == list(range(1, P))
    table = draw_view(runs[0], ".csv", epochs=LAST, choices={"to": TO, "from": FROM}).content.decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == shown.size
    for row in rows:
        head = runs[0].head_labels.index(row["head"])
        assert float(row["attention"]) == pytest.approx(shown[head, int(row["a"]), int(row["b"]) - 1], abs=1e-6)


def test_compared_runs(runs: list[Variant], expected: list[np.ndarray]) -> None:
    arrays = np.load(io.BytesIO(draw_compared(runs, ".npz", choices={"to": TO, "from": FROM}).content))
    for number, patterns in enumerate(expected):
        np.testing.assert_allclose(arrays[f"values_{number}"][-1], patterns[:, int(TO), int(FROM)], rtol=0, atol=1e-6)


def test_frames_of_the_page(runs: list[Variant], expected: list[np.ndarray], families: Path) -> None:
    client = create_app(runs[0].results, families=[families]).server.test_client()
    asked = {"view": "attention_heads_grid", "epochs": str(LAST), "to": TO, "from": FROM, "dtype": "float32"}
    header, values = unpacked(client.get(f"/data/frames/unequal/{runs[0].name}", query_string=asked).data)
    assert [axis["size"] for axis in header["grids"]["axes"]] == list(GRID)
    np.testing.assert_allclose(values[0], expected[0][:, int(TO), int(FROM)], rtol=0, atol=1e-6)


def test_the_widget(runs: list[Variant], expected: list[np.ndarray]) -> None:
    pytest.importorskip("anywidget")
    widget = headlapse.scrub(runs[0])
    widget.choices = {"to": TO, "from": FROM}
    numbers = np.frombuffer(widget.frame, np.float32)[-PANELS * P * (P - 1) :].reshape(PANELS, *GRID)
    np.testing.assert_allclose(numbers, expected[0][:, int(TO), int(FROM)], rtol=0, atol=1e-6)


def test_the_check_finds_nothing(runs: list[Variant], families: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["check", "--all", "--results", str(runs[0].results), "--families", str(families)]
    code = build_app()(arguments, standalone_mode=False)
    assert code in (0, None) and "2 checked, 0 with problems" in capsys.readouterr().out


@pytest.mark.browser
def test_the_value_under_the_pointer(
    browser: Any, serve: Any, runs: list[Variant], expected: list[np.ndarray], families: Path
) -> None:
    page = new_page(browser)
    page.goto(f"{serve(runs[0].results, families=[families])}/?variant=unequal/{runs[0].name}&to={TO}&from={FROM}")
    page.wait_for_function(f"() => document.querySelectorAll('#heads .plot').length === {PANELS}")
    for head, (a, b) in enumerate([(0, 3), (1, 2), (6, 4), (3, 0), (4, 5), (2, 3), (5, 1), (6, 5), (0, 0), (3, 2)]):
        plot = page.locator("#heads .plot").nth(head)
        plot.scroll_into_view_if_needed()
        box = box_of(plot)
        page.mouse.move(box["x"] + box["width"] * (b + 0.5) / (P - 1), box["y"] + box["height"] * (a + 0.5) / P)
        place = f"a {a}, b {b + 1}: "
        page.wait_for_function(
            "([head, place]) => document.querySelectorAll('#heads .head-value')[head].textContent.startsWith(place)",
            arg=[head, place],
        )
        shown = float(page.locator("#heads .head-value").nth(head).inner_text().removeprefix(place))
        assert shown == pytest.approx(expected[0][head, int(TO), int(FROM), a, b], abs=2e-6)
    page.context.close()
