"""The binary answers of the frames route: what the browser gets is what the view shows, cell by cell."""

from __future__ import annotations

import gzip
import json
import struct
from typing import Any

import numpy as np
import pytest

from headlapse.dashboard.app import create_app
from headlapse.dashboard.frames import Question, pack
from headlapse.visualization.pictures import Curve, Grids, grids
from headlapse.visualization.views import View, ViewRegistry
from tests.dashboard.runs import make_variant

ROUTE = "/data/frames/modulo_addition_1layer/{}"


def unpacked(content: bytes) -> tuple[dict[str, Any], np.ndarray]:
    """The header and all values, `(epoch, panel, row, column)`, as numbers."""
    size = struct.unpack("<I", content[:4])[0]
    header = json.loads(content[4 : 4 + size])
    low, high = header["grids"]["range"]
    kind = np.dtype(header["dtype"])
    stored = np.frombuffer(content[4 + size :], kind.newbyteorder("<")).reshape(-1, *header["shape"])
    if kind == np.float32:
        return header, stored
    if header["coding"] == "difference":
        stored = np.cumsum(stored, axis=0, dtype=kind)
    low, high = header.get("span", (low, high))
    return header, low + stored / np.iinfo(kind).max * (high - low)


@pytest.fixture(scope="module")
def variant(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_variant(tmp_path_factory.mktemp("frames"), [0, 100, 250])


@pytest.fixture
def ask(variant: Any) -> Any:
    client = create_app(variant.results).server.test_client()
    return lambda **query: client.get(ROUTE.format(variant.name), query_string=query)


@pytest.mark.parametrize("coding", ["plain", "difference"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("uint8", 0.5 / 255 + 1e-7), ("uint16", 0.5 / 65535 + 1e-7), ("float32", 0)])
@pytest.mark.parametrize(("to", "from_"), [("2", "0"), ("1", "1"), ("-1", "1")])
def test_frames_are_the_cells_of_the_view(
    ask: Any, variant: Any, dtype: str, tolerance: float, to: str, from_: str, coding: str
) -> None:
    asked = {"view": "attention_heads_grid", "epochs": "250,0", "to": to, "from": from_, "dtype": dtype, "coding": coding}
    header, values = unpacked(ask(**asked).data)
    assert header["epochs"] == [250, 0] and header["dtype"] == dtype and header["failed"] == {}
    assert [axis["name"] for axis in header["grids"]["axes"]] == ["a", "b"]
    for found, epoch in zip(values, (250, 0), strict=True):
        np.testing.assert_allclose(found, variant.patterns(epoch)[:, int(to), int(from_)], rtol=0, atol=tolerance)


def test_some_panels_are_those_asked_for(ask: Any, variant: Any) -> None:
    asked = {"view": "attention_heads_grid", "epochs": "100", "panels": "3,1", "dtype": "float32"}
    header, values = unpacked(ask(**asked).data)
    assert header["grids"]["titles"] == ["Head 3", "Head 1"]
    np.testing.assert_array_equal(values[0], variant.patterns(100)[[3, 1], 2, 0])


def test_grids_finer_than_the_screen_come_as_means_of_blocks(ask: Any, variant: Any) -> None:
    asked = {"view": "attention_heads_grid", "epochs": "100", "size": "3", "dtype": "float32"}
    header, values = unpacked(ask(**asked).data)
    assert header["block"] == [3, 3] and values.shape == (1, 4, 3, 3) and header["grids"]["axes"][0]["size"] == 7
    whole = variant.patterns(100)[:, 2, 0].astype(np.float64)
    for row in range(3):
        for column in range(3):
            block = whole[:, 3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
            np.testing.assert_allclose(values[0, :, row, column], block.mean(axis=(1, 2)), rtol=0, atol=1e-7)
    header, values = unpacked(ask(**{**asked, "size": "7"}).data)
    assert header["block"] == [1, 1]


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"view": "nope"}, 404, "unknown view"),
        ({}, 404, "unknown view"),
        ({"view": "attention_heads_grid", "to": "3"}, 404, "to_position 3 is out of range"),
        ({"view": "attention_heads_grid", "to": "x"}, 400, "the number of a position"),
        ({"view": "attention_heads_grid", "colour": "x"}, 404, "unknown control"),
        ({"view": "attention_heads_grid", "panels": "4"}, 404, "panels must be among 0 to 3"),
        ({"view": "attention_heads_grid", "panels": ""}, 400, "panels must be"),
        ({"view": "attention_heads_grid", "size": "-1"}, 400, "size must be"),
        ({"view": "attention_heads_grid", "dtype": "int8"}, 400, "dtype must be uint16, float32 or uint8"),
        ({"view": "attention_heads_grid", "coding": "zip"}, 400, "coding must be plain or difference"),
        ({"view": "attention_heads_grid", "epochs": "x"}, 400, "epochs must be"),
    ],
)
def test_what_cannot_be_answered_is_named(ask: Any, asked: dict[str, str], status: int, words: str) -> None:
    answer = ask(**{"epochs": "0", **asked})
    assert answer.status_code == status and words in answer.get_json()["error"]


def test_eight_bits_span_what_there_is(ask: Any, variant: Any) -> None:
    asked = {"view": "attention_heads_grid", "epochs": "0,100,250", "dtype": "uint8", "coding": "difference"}
    header, values = unpacked(ask(**asked).data)
    exact = np.stack([variant.patterns(epoch)[:, 2, 0] for epoch in (0, 100, 250)])
    assert header["span"] == pytest.approx([exact.min(), exact.max()])
    np.testing.assert_allclose(values, exact, rtol=0, atol=0.51 * np.ptp(exact) / 255)
    constant = {**asked, "to": "0", "from": "0"}  # the first position attends to itself alone
    assert np.unique(unpacked(ask(**constant).data)[1]).tolist() == [1.0]


def test_answers_are_compressed_for_who_can_read_it(ask: Any, variant: Any) -> None:
    client = create_app(variant.results).server.test_client()
    address = ROUTE.format(variant.name) + "?view=attention_heads_grid&epochs=0,100,250"
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data and len(packed.data) == int(packed.headers["Content-Length"])
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in client.get("/_dash-layout", headers={"Accept-Encoding": "gzip"}).headers, (
        "it has the token"
    )


def picture_with_gaps(arrays: Any, epoch: int, run: Any) -> Grids:
    values = np.array([[[0.0, 0.5, np.nan]], [[1.0, 2.0, float(epoch)]]])
    axes = (run.axes[0].__class__("x", 1), run.axes[0].__class__("y", 3))
    curves = [Curve(1, (0.0, 0.0), (0.0, epoch / 100))]
    return grids(values, ["one", "two"], axes, subject="gaps", epoch=epoch, curves=curves, may_be_nan=True)


def test_gaps_large_values_and_curves_travel_as_they_are(variant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    view = View("gaps", "Gaps", "attention_patterns", picture=picture_with_gaps)
    header, values = unpacked(pack(variant, Question(view, [0, 100])))
    assert header["dtype"] == "float32", "neither NaN nor 100 fits the range"
    np.testing.assert_array_equal(values[1], [[[0, 0.5, np.nan]], [[1, 2, 100]]])
    assert header["ranges"] == [[0.0, 2.0], [0.0, 100.0]]
    assert [curves[0]["columns"] for curves in header["curves"]] == [[0.0, 0.0], [0.0, 1.0]]


def test_an_epoch_without_a_picture_hides_no_other(tmp_path: Any) -> None:
    variant = make_variant(tmp_path, [0, 100])
    variant.artifacts.paths.file("attention_patterns", 0).write_bytes(b"PK")
    header, values = unpacked(pack(variant, Question(ViewRegistry.get("attention_heads_grid"), [0, 100, 200])))
    assert header["epochs"] == [100] and len(values) == 1
    assert header["failed"]["0"]["state"] == "corrupt" and header["failed"]["200"]["state"] == "missing"


def test_lines_come_with_their_numbers(trained: Any) -> None:
    view = ViewRegistry.get("attention_lock_in_timeline")
    content = pack(trained, Question(view, [20], {"quantity": "entropy", "to": "1"}))
    size = struct.unpack("<I", content[:4])[0]
    (lines,) = json.loads(content[4 : 4 + size])["lines"]
    arrays = trained.artifacts.load_run("attention_lock_in")
    (plot,) = lines["plots"]
    assert [series["name"] for series in plot["series"]] == ["Head 0", "Head 1", "Head 2", "Head 3"]
    for head, series in enumerate(plot["series"]):
        np.testing.assert_allclose(series["y"], arrays["entropy"][:, head, 1], rtol=1e-6)
        assert series["x"] == arrays["epochs"].tolist()
