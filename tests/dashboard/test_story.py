"""The line under the heads says what is so at the shown epoch; the help panel explains, and is left by Escape."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse.results.scalars import write_scalar
from headlapse.visualization import story
from headlapse.visualization.story import facts
from headlapse.workbench import Variant
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import add_artifact, make_variant
from tests.dashboard.test_accessibility import check
from tests.waiting import eventually

EPOCHS = [0, 100, 200, 300]
TRAIN = {0: 0.1, 100: 0.99, 200: 1.0, 300: 1.0}
TEST = {0: 0.1, 100: 0.2, 200: 0.995, 300: 1.0}


def record(variant: Variant, train: dict[int, float], test: dict[int, float]) -> None:
    write_scalar(variant.paths, "train_accuracy", train)
    write_scalar(variant.paths, "test_accuracy", test)


def make_even(variant: Variant, heads: int) -> None:
    """Give the first heads equal shares at the first epoch."""
    found = dict(variant.artifacts.load_epoch("attention_patterns", 0))
    patterns = found["patterns"].copy()
    patterns[:, :, :] = 0
    patterns[:, :, 0] = 1
    patterns[:heads, 2] = 1 / 3
    add_artifact(variant, 0, {**found, "patterns": patterns})


def test_facts_are_those_of_accuracies_and_patterns(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, EPOCHS)
    record(variant, TRAIN, TEST)
    make_even(variant, 3)
    found = facts(variant)
    assert (found["memorised_at"], found["grokked_at"], found["test_accuracy"]) == (100, 200, 1.0)
    assert found["even"] == {"epoch": 0, "heads": 3, "of": 4} and found["inputs"] == "pairs"
    assert found["lock_in"] is None and found["last"] is None
    record(variant, {**TRAIN, 300: 0.5}, {**TEST, 300: 0.5})
    found = facts(variant)
    assert (found["memorised_at"], found["grokked_at"], found["test_accuracy"]) == (None, None, 0.5)


def test_files_are_read_again_only_when_one_of_them_changed(trained_copy: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained_copy
    record(run, {0: 0.1, 60: 1.0}, {0: 0.1, 60: 0.2})
    read, lock_in = [], run.paths.artifacts.run_file("attention_lock_in")
    for name in ("_train_accuracies", "_even", "_lock_in"):
        reader = getattr(story, name)
        monkeypatch.setattr(story, name, lambda run, reader=reader: read.append(reader) or reader(run))
    first = facts(run)
    assert len(read) == 3
    read.clear()
    again = facts(run)
    again["lock_in"].clear()  # what a caller does with them is their own affair
    assert facts(run) == first and read == []
    record(run, {0: 0.1, 60: 0.3}, {0: 0.1, 60: 0.4})  # as long as before
    assert (facts(run)["memorised_at"], facts(run)["test_accuracy"]) == (None, 0.4)
    content = lock_in.read_bytes()
    lock_in.unlink()
    assert facts(run)["lock_in"] is None
    lock_in.write_bytes(content)
    assert facts(run)["lock_in"] == first["lock_in"]
    patterns = np.zeros_like(run.patterns(0))
    patterns[:, :, 0] = 1
    add_artifact(run, 0, {"patterns": patterns})
    assert first["even"] != facts(run)["even"] == {"epoch": 0, "heads": 0, "of": 4}


def test_what_is_not_recorded_or_cannot_be_read_is_not_told(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, EPOCHS)
    variant.paths.artifacts.file("attention_patterns", 0).write_bytes(b"PK")
    found = facts(variant)
    unknown = {"memorised_at": None, "grokked_at": None, "has_train_accuracy": False, "test_accuracy": None, "even": None}
    assert {name: found[name] for name in unknown} == unknown


def test_lock_in_and_evenness_of_a_trained_run(trained: Variant) -> None:
    found = facts(trained)
    rows = trained.patterns(0)[:, -1].reshape(4, 3, -1).astype(np.float64)
    entropies = -(rows * np.log(rows)).sum(axis=1).mean(axis=1) / math.log(3)
    assert found["even"] == {"epoch": 0, "heads": int((entropies >= 0.97).sum()), "of": 4}
    assert len(found["lock_in"]) == 4 and found["last"] == 60


@pytest.mark.browser
def test_the_line_follows_the_epoch_stays_dismissed_and_comes_back_from_help(page: Any, serve: Any, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is in the extra dev")
    variant = make_variant(tmp_path, EPOCHS)
    record(variant, TRAIN, TEST)
    make_even(variant, 4)
    page.goto(f"{serve(tmp_path)}/?epoch=0")
    wait_for_title(page, "Epoch 0 · = attending to a")
    line = page.locator("#story")
    expect(page.locator("#story-words")).to_have_text(
        "Epoch 0: every head spreads its attention evenly. "
        "Around epoch 100 the training pairs are memorised, around epoch 200 the model groks."
    )
    page.keyboard.press("End")
    expect(page.locator("#story-words")).to_have_text(
        "Epoch 300: the model has grokked: test accuracy has been at least 0.99 since epoch 200."
    )
    page.get_by_role("button", name="Hide this line").click()
    expect(line).to_be_hidden()
    page.wait_for_url(lambda address: "epoch=0" not in address)
    page.reload()
    wait_for_title(page, "Epoch 300 · = attending to a")
    expect(line).to_be_hidden()
    help_button = page.get_by_role("button", name="Keyboard shortcuts")
    help_button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="how to read the pictures").click()
    panel = page.locator("#guide")
    expect(panel.locator("h3")).to_have_count(9)
    page.wait_for_function("() => [...document.querySelectorAll('#guide img')].every((image) => image.naturalWidth > 0)")
    eventually(lambda: check(axe.Axe().run(page)))
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement === document.body || !!document.activeElement.closest('#guide')")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(help_button).to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("button", name="how to read the pictures").click()
    page.get_by_role("button", name="show the line under the heads").click()
    expect(line).to_be_visible()
    expect(panel).to_be_hidden()
