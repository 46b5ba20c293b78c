"""The wall on the Runs page: heads of many runs, moved together, each painted as the Python renderer paints it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headlapse.results.notes import change_notes
from headlapse.results.records import write_config
from headlapse.results.scalars import write_scalar
from headlapse.visualization.colors import color_scale
from headlapse.workbench import FamilyRegistry, Variant
from tests.browsing import expect
from tests.dashboard.pictures import ONE_STEP, READ_PIXELS
from tests.dashboard.runs import add_artifact, make_variant, patterns
from tests.waiting import eventually

pytestmark = pytest.mark.browser

EPOCHS = [0, 100, 200, 300]
GROKS = {1: 100, 2: 200, 10: None}


# Strokes of the curves
COUNT_DRAWN = """
  window.drawn = 0;
  const stroke = CanvasRenderingContext2D.prototype.stroke;
  CanvasRenderingContext2D.prototype.stroke = function (...rest) {
    if (this.canvas.closest('#wall .loss')) window.drawn += 1;
    return stroke.apply(this, rest);
  };
"""


def make_runs(results: Path) -> list[Variant]:
    """Three runs of two sizes whose cells all differ, by seed."""
    made = []
    for seed, groks in GROKS.items():
        prime = 5 if seed == 2 else 7
        run = make_variant(results, EPOCHS, seed=seed, prime=prime)
        for epoch in EPOCHS:
            add_artifact(run, epoch, {"patterns": patterns(prime, epoch + 1000 * seed)})
        accuracies = {epoch: 0.995 if groks is not None and epoch >= groks else 0.5 for epoch in EPOCHS}
        write_scalar(run.paths, "test_accuracy", accuracies)
        made.append(run)
    return made


def wait_for_wall(page, runs: list[Variant], epochs: list[int], heads: slice, from_: int = 0) -> None:
    """Until the tiles show these heads of these runs, each at its epoch."""

    def check() -> None:
        found = page.evaluate(READ_PIXELS, ".tile canvas")
        shown = [
            weights
            for run, epoch in zip(runs, epochs, strict=True)
            for weights in run.artifacts.load_epoch("attention_patterns", epoch)["patterns"][heads, 2, from_]
        ]
        assert len(found) == len(shown)
        for pixels, weights in zip(found, shown, strict=True):
            painted = np.array(pixels).reshape(-1, 4)[:, :3]
            np.testing.assert_allclose(painted, color_scale(weights).paint(weights).reshape(-1, 3), rtol=0, atol=ONE_STEP)

    eventually(check)


def test_heads_of_all_runs_move_together(page, serve, tmp_path):
    runs = make_runs(tmp_path)
    page.goto(serve(tmp_path) + "/runs?sort=seed")
    page.get_by_role("button", name="wall of heads").click()
    wait_for_wall(page, runs, [300, 300, 300], np.s_[:])
    names, words = page.locator(".tile-name"), page.locator(".tile-words")
    expect(names).to_have_text(["modulus p 7, seed 1", "modulus p 5, seed 2", "modulus p 7, seed 10"])
    expect(words).to_have_text(["epoch 300 · grokked", "epoch 300 · grokked", "epoch 300 · not grokked"])

    page.keyboard.press("ArrowLeft")
    wait_for_wall(page, runs, [200, 200, 200], np.s_[:])
    page.locator("#wall-head").select_option(label="Head 2")
    page.locator("#wall-from").select_option("b")
    wait_for_wall(page, runs, [200, 200, 200], np.s_[2:3], from_=1)

    page.locator("#wall-align").select_option(label="At grokking")
    page.keyboard.press("ArrowLeft")
    wait_for_wall(page, runs, [100, 200, 100], np.s_[2:3], from_=1)
    expect(words).to_have_text(["epoch 100 · grokked", "epoch 200 · grokked", "epoch 100 · not grokked"])
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    with Image.open(download.value.path()) as saved:
        assert len(saved.getcolors(2**24)) > 50, "the heads are in it"

    page.locator("#run-search input").fill("seed2")
    wait_for_wall(page, runs[1:2], [100], np.s_[2:3], from_=1)
    page.get_by_role("button", name="table").click()
    expect(page.locator(".run-name")).to_have_count(1)
    page.go_back()
    names.first.click()
    page.wait_for_url(re.compile(r"variant=modulo_addition_1layer/.*seed2_"))
    expect(page.locator("#picture-title")).to_contain_text("Epoch 100")


def test_a_tile_has_the_label_of_its_run(page, serve, tmp_path):
    runs = make_runs(tmp_path)
    change_notes(runs[0].paths, {"label": "the one that groks"})
    page.goto(serve(tmp_path) + "/runs?sort=seed&wall=on")
    names = page.locator(".tile-name")
    expect(names).to_have_text(["the one that groks, modulus p 7, seed 1", "modulus p 5, seed 2", "modulus p 7, seed 10"])
    expect(names.first).to_have_attribute("title", f"Open the one that groks · {runs[0].name}")
    change_notes(runs[0].paths, {"label": "again"})
    expect(names.first).to_have_text("again, modulus p 7, seed 1")
    page.get_by_role("button", name="table").click()
    page.locator("#run-list").get_by_role("checkbox", name=runs[0].name).check()
    with page.expect_download() as download:
        page.locator('[data-action="save-losses"]').click()
    assert ">again</text>" in Path(download.value.path()).read_text()


def test_curves_are_drawn_again_only_when_they_change(page, serve, tmp_path):
    """The page asks for runs again and again; curves of many long runs take longer to draw than everything else."""
    runs = make_runs(tmp_path)
    page.add_init_script(COUNT_DRAWN)
    page.goto(serve(tmp_path) + "/runs?sort=seed&wall=on")
    wait_for_wall(page, runs, [300, 300, 300], np.s_[:])

    def check() -> None:
        before = page.evaluate("window.drawn")
        for _ in range(2):  # the second is asked for after the first was shown
            with page.expect_response("**/data/variants*"):
                pass
        assert 0 < before == page.evaluate("window.drawn")

    eventually(check)


def test_a_run_that_cannot_be_read_says_why_and_is_asked_for_nothing(page, serve, tmp_path):
    runs = make_runs(tmp_path)
    runs[1].paths.config.write_text("{")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(tmp_path) + "/runs?sort=seed")
    expect(page.locator("canvas.spark")).to_have_count(2)
    page.get_by_role("button", name="wall of heads").click()
    words = page.locator(".tile-words", has_text="config.json")
    expect(words).to_have_count(1)
    assert words.evaluate("element => element.scrollWidth <= element.clientWidth"), "all of it is seen"
    assert not [url for url in asked if runs[1].name in url and re.search("/data/(glances|losses)/", url)]


@pytest.mark.parametrize("width", [1440, 390])
def test_no_label_is_cut_before_what_tells_its_run_from_the_others(page, serve, tmp_path, width):
    """Runs of one family differ in p alone; the run of another differs from them in much more."""
    runs = [make_variant(tmp_path, [0], prime=prime) for prime in (5, 7, 11, 13)]
    settings = {"seed": 1, "data_seed": 2, "weight_decay": 0.5, "train_fraction": 0.5}
    other = FamilyRegistry().get("modular_operation_1layer").variant(results=tmp_path, prime=7, **settings)
    write_config(other, schedule={}, versions={})
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(serve(tmp_path) + "/runs?wall=on")
    names = page.locator(".tile-name")
    expect(names).to_have_count(5)
    for run in runs:
        (prime,) = re.findall(r"_(p\d+)_", run.name)
        own = page.get_by_title(f"Open {run.name}", exact=True)
        expect(own).to_have_text(re.compile(rf"^(modulus p {prime[1:]}, family modulo_addition_1layer|{prime}$)"))
        assert own.evaluate("element => element.scrollHeight <= element.clientHeight"), "all of it is seen"
