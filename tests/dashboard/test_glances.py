"""What rows of the table of runs show at a glance is what losses and artifacts say; the trash is listed, restored, emptied."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse.dashboard.app import create_app
from headlapse.dashboard.glances import CELLS, glance
from headlapse.results.paths import trashed_runs
from headlapse.results.trash import to_trash
from headlapse.workbench import Variant
from tests.browsing import expect
from tests.dashboard.pictures import ONE_STEP, painted
from tests.dashboard.runs import make_variant, write_losses

HOST = {"Host": "127.0.0.1"}
READ = """strip => [...strip.querySelectorAll('canvas')].map((canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return [...copy.getImageData(0, 0, canvas.width, canvas.height).data];
})"""


def frames(strip: dict[str, Any]) -> np.ndarray:
    cells = np.frombuffer(base64.b64decode(strip["cells"]), np.uint8)
    return cells.reshape(len(strip["epochs"]), *strip["size"])


def test_a_glance_has_the_losses_and_the_first_head_at_a_few_epochs(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0, 100, 200, 300, 400, 500, 600])
    write_losses(variant, 600, grok_at=300)
    found = glance(variant)
    for name, losses, first in (("train", variant.losses.train, 0), ("test", variant.losses.test, 1)):
        points = dict(zip(found[name]["x"], found[name]["y"], strict=True))
        assert len(points) <= 96 and all(
            value == pytest.approx(losses[epoch - first], rel=1e-2) for epoch, value in points.items()
        )
        assert {min(points), max(points)} == {first, 599 + first}
    strip = found["strip"]
    assert strip["subject"] == "Head 0, = attending to a" and strip["epochs"] == [0, 200, 300, 400, 600]
    assert strip["size"] == [7, 7] and strip["hasGaps"] is False
    for epoch, frame in zip(strip["epochs"], frames(strip), strict=True):
        np.testing.assert_allclose(frame / 255, variant.patterns(epoch)[0, 2, 0], atol=0.5 / 255 + 1e-6)


def test_frames_finer_than_a_row_are_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = make_variant(tmp_path, [0])
    monkeypatch.setattr("headlapse.dashboard.glances.CELLS", 4)
    strip = glance(variant)["strip"]
    assert strip["size"] == [4, 4] and CELLS == 24
    corner = variant.patterns(0)[0, 2, 0, :2, :2].mean(dtype=np.float64)
    assert frames(strip)[0, 0, 0] == pytest.approx(corner * 255, abs=0.51)


def test_what_cannot_be_read_is_left_out(trained_copy: Variant) -> None:
    trained_copy.paths.artifacts.file("attention_patterns", 20).write_bytes(b"PK")
    assert glance(trained_copy)["strip"]["epochs"] == [0, 40, 60]
    for file in trained_copy.paths.artifacts.root.rglob("*.npz"):
        file.write_bytes(b"PK")
    trained_copy.paths.metadata.write_text("{")
    assert glance(trained_copy)["strip"] is None


def test_a_glance_is_sent_once_and_again_after_a_change(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0, 100])
    client = create_app(tmp_path).server.test_client()
    path = f"/data/glances/{variant.family.name}/{variant.name}"
    first = client.get(path, headers=HOST)
    assert first.get_json() == json.loads(json.dumps(glance(variant)))
    again = {**HOST, "If-None-Match": first.headers["ETag"]}
    assert client.get(path, headers=again).status_code == 304
    variant.paths.artifacts.file("attention_patterns", 0).unlink()
    assert client.get(path, headers=again).get_json()["strip"]["epochs"] == [100]


def test_the_trash_is_listed_with_the_newest_first(tmp_path: Path) -> None:
    variants = [make_variant(tmp_path, [0], seed=seed) for seed in (3, 5)]
    client = create_app(tmp_path).server.test_client()
    assert client.get("/data/trash", headers=HOST).get_json() == {"runs": []}
    tokens = [to_trash(tmp_path, variant.paths.root) for variant in variants]
    listed = client.get("/data/trash", headers=HOST).get_json()["runs"]
    assert [run["token"] for run in listed] == sorted(tokens, reverse=True)
    names = {run["token"]: (run["family"], run["run"]) for run in listed}
    assert [names[token] for token in tokens] == [(one.family.name, one.name) for one in variants]


@pytest.mark.browser
def test_rows_have_a_curve_and_a_strip_and_the_trash_survives_a_reload(page: Any, serve: Any, tmp_path: Path) -> None:
    first, second = (make_variant(tmp_path, [0, 100, 200], seed=seed) for seed in (3, 5))
    write_losses(first, 200, grok_at=100)
    before = {path: path.read_bytes() for path in second.paths.root.rglob("*") if path.is_file()}
    page.goto(f"{serve(tmp_path)}/runs")
    strips = page.locator("#run-list .glance-strip")
    expect(strips).to_have_count(2)
    expect(strips.first).to_have_attribute("aria-label", "Head 0, = attending to a at epochs 0, 100, 200")
    expect(page.locator("#run-list .spark").first).to_have_attribute("aria-label", re.compile("^test loss .* → .*, train loss"))
    pixels = np.array(strips.first.evaluate(READ)).reshape(3, 7, 7, 4)[..., :3]
    for frame, epoch in zip(pixels, first.epochs, strict=True):
        np.testing.assert_allclose(frame, painted(first, epoch, 2, 0)[0], atol=ONE_STEP)
    page.get_by_label(f"Select {second.name}").check()
    page.get_by_role("button", name="delete", exact=True).click()
    expect(strips).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="trash", exact=True).click()
    page.get_by_role("button", name=f"Restore {second.name}").dblclick()  # which restores it once
    expect(page.locator("#trash p")).to_have_text("1 run restored.")
    expect(strips).to_have_count(2)
    assert {path: path.read_bytes() for path in before} == before
    page.keyboard.press("Escape")
    expect(page.locator("#trash")).to_be_hidden()
    page.get_by_label(f"Select {second.name}").check()
    page.get_by_role("button", name="delete", exact=True).click()
    expect(strips).to_have_count(1)
    page.get_by_role("button", name="trash", exact=True).click()
    page.get_by_role("button", name="Empty the trash").click()
    assert len(trashed_runs(tmp_path)) == 1, "the first press only asks"
    page.get_by_role("button", name="Delete 1 run permanently").dblclick()
    expect(page.locator("#trash p")).to_have_text("1 run deleted permanently.")
    assert trashed_runs(tmp_path) == {} and first.paths.config.exists() and not second.paths.root.exists()
