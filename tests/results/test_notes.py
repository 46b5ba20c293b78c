"""Notes on a run: what is written is read again, and what is no such file is one line."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from headlapse.errors import CorruptFileError, InvalidValueError
from headlapse.results.notes import Notes, change_notes, read_notes
from headlapse.results.paths import VariantPaths
from headlapse.storage.atomic import write_json


@pytest.fixture
def paths(tmp_path: Path) -> VariantPaths:
    return VariantPaths(tmp_path / "family" / "run")


def test_without_a_file_there_are_none(paths: VariantPaths) -> None:
    assert read_notes(paths) == Notes()
    assert not paths.root.exists()


def test_changes_add_up_and_an_empty_text_deletes(paths: VariantPaths) -> None:
    change_notes(paths, {"label": "groks β", "epochs": {"1200": "stripes", "300": "memorised"}})
    change_notes(paths, {"tags": ["paper", "seed study", "paper"], "is_hidden": True})
    found = change_notes(paths, {"epochs": {"300": "", "40": "even"}})
    assert found == read_notes(paths) == Notes("groks β", ("paper", "seed study"), True, {40: "even", 1200: "stripes"})
    assert list(json.loads(paths.notes.read_text())["epochs"]) == ["40", "1200"]


@pytest.mark.parametrize(
    "changes",
    [
        {"label": "two\nlines"},
        {"label": "x" * 101},
        {"label": 3},
        {"tags": "paper"},
        {"tags": ["a,b"]},
        {"tags": [""]},
        {"tags": [f"tag {i}" for i in range(21)]},
        {"is_hidden": 1},
        {"epochs": ["even"]},
        {"epochs": {"-1": "even"}},
        {"epochs": {"1e3": "even"}},
        {"epochs": {"5": "\x1b[2J"}},
        {"colour": "red"},
    ],
)
def test_a_wrong_change_is_refused_and_changes_nothing(paths: VariantPaths, changes: dict) -> None:
    change_notes(paths, {"label": "before"})
    with pytest.raises(InvalidValueError) as raised:
        change_notes(paths, changes)
    assert "\n" not in str(raised.value)
    assert read_notes(paths) == Notes("before")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"label": "x"}'])
def test_a_damaged_file_is_one_line_and_stays(paths: VariantPaths, content: bytes) -> None:
    paths.root.mkdir(parents=True)
    paths.notes.write_bytes(content)
    for attempt in (lambda: read_notes(paths), lambda: change_notes(paths, {"label": "new"})):
        with pytest.raises(CorruptFileError) as raised:
            attempt()
        assert str(paths.notes) in str(raised.value) and "\n" not in str(raised.value)
    assert paths.notes.read_bytes() == content


def test_fields_of_a_later_version_are_not_lost_by_a_change(paths: VariantPaths) -> None:
    write_json(paths.notes, {"label": "x", "stars": 5})
    with pytest.raises(CorruptFileError, match="stars"):
        change_notes(paths, {"label": "y"})
    assert json.loads(paths.notes.read_text())["stars"] == 5


def test_changes_at_the_same_time_are_all_kept(paths: VariantPaths) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda epoch: change_notes(paths, {"epochs": {str(epoch): f"note {epoch}"}}), range(24)))
    assert read_notes(paths).epochs == {epoch: f"note {epoch}" for epoch in range(24)}
