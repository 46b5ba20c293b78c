"""The page asks again for what was changed, and for nothing else."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from headlapse.dashboard.panels import panels
from headlapse.dashboard.stamps import stamp
from headlapse.results.paths import ArtifactPaths
from headlapse.visualization.views import View, ViewRegistry
from headlapse.workbench import Variant
from tests.dashboard.runs import make_variant

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
    assert found == {view.name: {epoch: stamp(variant.artifacts, view, epoch) for epoch in EPOCHS} for view in VIEWS}
    assert len(set(found["one"].values())) == len(set(found["with_another"].values())) == 3
    assert len(set(found["of_all"].values())) == 1
    assert {stamp(variant.artifacts, view, 300) for view in VIEWS[:2]} == {""}


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
