"""The page asks again for what was changed, and for nothing else."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from headlapse.dashboard.known_marks import marks
from headlapse.dashboard.panels import panels
from headlapse.dashboard.stamps import Stamps, stamp
from headlapse.results.paths import ArtifactPaths
from headlapse.visualization.lines import Mark
from headlapse.visualization.views import EpochData, View, ViewRegistry
from headlapse.workbench import Variant
from tests.dashboard.runs import add_artifact, make_variant

EPOCHS = [0, 100, 200]
SCORES = "attention_entropy"
VIEWS = [
    View("one", "One", "attention_patterns", picture=print, shows="lines"),
    View("with_another", "With another", "attention_patterns", picture=print, shows="lines", beside=(SCORES,)),
    View("of_all", "Of all", SCORES, picture=print, shows="lines", over_epochs=True),
]


@pytest.fixture
def variant(tmp_path: Path) -> Variant:
    return make_variant(tmp_path, EPOCHS)


@pytest.fixture(autouse=True)
def views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Variant, "views", [view.name for view in VIEWS])
    known = {view.name: view for view in VIEWS}
    monkeypatch.setattr(ViewRegistry, "get", known.__getitem__)


def stamps(variant: Variant) -> dict[str, dict[int, str]]:
    return {panel["view"]: dict(zip(panel["epochs"], panel["stamps"], strict=True)) for panel in panels(variant)}


def test_a_frame_has_the_stamp_of_its_panel(variant: Variant) -> None:
    found = stamps(variant)
    assert found == {view.name: {epoch: stamp(variant, view, epoch) for epoch in EPOCHS} for view in VIEWS}
    assert len(set(found["one"].values())) == len(set(found["with_another"].values())) == 3
    assert len(set(found["of_all"].values())) == 1
    assert {stamp(variant, view, 300) for view in VIEWS[:2]} == {""}


def replace_alike(path: Path) -> None:
    """Another file of the same size and time takes its place, as a copy that keeps times does."""
    before, other = path.stat(), path.with_suffix(".other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


def write_within(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(file.read(1))
    os.utime(path, ns=(0, 1))


@pytest.mark.parametrize("change", [replace_alike, write_within, Path.unlink])
@pytest.mark.parametrize("epoch", EPOCHS)
def test_every_change_of_a_file_is_noticed(variant: Variant, change: Callable[[Path], None], epoch: int) -> None:
    before = stamps(variant)
    change(variant.artifacts.file("attention_patterns", epoch))
    assert changed(before, stamps(variant)) == {("one", epoch), ("with_another", epoch)}
    before = stamps(variant)
    change(variant.artifacts.file(SCORES, epoch))
    others = set() if ("with_another", epoch) not in listed(before) else {("with_another", epoch)}
    assert changed(before, stamps(variant)) == {("of_all", each) for each in EPOCHS} | others


def listed(found: dict[str, dict[int, str]]) -> set[tuple[str, int]]:
    return {(view, epoch) for view, of_epochs in found.items() for epoch in of_epochs}


def changed(one: dict[str, dict[int, str]], other: dict[str, dict[int, str]]) -> set[tuple[str, int]]:
    return {(view, epoch) for view, epoch in listed(one) if one[view][epoch] != other.get(view, {}).get(epoch)}


def test_the_files_of_an_analyzer_are_looked_at_once_for_all_views(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    read: Counter[str] = Counter()
    states = ArtifactPaths.states

    def counted(paths: ArtifactPaths, analyzer: str) -> object:
        read[analyzer] += 1
        return states(paths, analyzer)

    panels(variant)
    monkeypatch.setattr(ArtifactPaths, "states", counted)
    monkeypatch.setattr(ArtifactPaths, "file", None)  # a path for each epoch of each view
    assert all(panel["epochs"] == EPOCHS for panel in panels(variant))
    assert read == {"attention_patterns": 1, SCORES: 1}


def test_marks_are_found_again_only_if_a_file_behind_them_changed(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[int]] = []

    def marked(arrays: EpochData) -> list[Mark]:
        read.append(arrays["epochs"].tolist())
        return [Mark(epoch, "an event") for epoch in read[-1]]

    view = replace(VIEWS[2], marks=marked)
    monkeypatch.setattr(ViewRegistry, "get", lambda name: view if name == view.name else VIEWS[0])

    def epochs() -> list[int]:
        return [mark["epoch"] for mark in marks(variant, Stamps(variant))]

    assert epochs() == epochs() == EPOCHS and read == [EPOCHS]
    add_artifact(variant, 300, dict(variant.artifacts.load_epoch(SCORES, 100)), SCORES)
    assert epochs() == epochs() == [*EPOCHS, 300] and len(read) == 2
    replace_alike(variant.paths.checkpoint(100))
    assert epochs() == [*EPOCHS, 300] and len(read) == 3, "an artifact of other weights would be left out"
    replace_alike(variant.artifacts.file("attention_patterns", 100))
    assert epochs() == [*EPOCHS, 300] and len(read) == 3
