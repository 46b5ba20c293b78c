"""Deleted runs lie aside as they are, and come back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from headlapse.errors import BusyError, UnknownNameError
from headlapse.results.paths import trashed_runs, variant_folders
from headlapse.results.trash import from_trash, out_of_trash, to_trash
from headlapse.storage.lock import is_locked, locked
from headlapse.workbench import Variant
from tests.dashboard.runs import make_variant


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a run but its locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".lock"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def variant(tmp_path: Path) -> Variant:
    return make_variant(tmp_path, [0, 100])


def test_a_run_comes_back_byte_for_byte(tmp_path: Path, variant: Variant) -> None:
    other = make_variant(tmp_path, [0], seed=3)
    folder = variant.paths.root
    before, others = content(folder), content(other.paths.root)
    assert len(before) > 5
    token = to_trash(tmp_path, folder)
    assert variant_folders(tmp_path) == [other.paths.root]
    assert content(trashed_runs(tmp_path)[token]) == before
    assert from_trash(tmp_path, token) == folder
    assert content(folder) == before and content(other.paths.root) == others
    assert trashed_runs(tmp_path) == {} and not list((tmp_path / ".trash").iterdir())
    assert not is_locked(variant.paths.lock)
    with locked(variant.paths.lock, "train"):
        pass


def test_a_run_that_is_in_use_stays(tmp_path: Path, variant: Variant) -> None:
    before = content(variant.paths.root)
    with locked(variant.paths.lock, "train"), pytest.raises(BusyError, match="train"):
        to_trash(tmp_path, variant.paths.root)
    assert content(variant.paths.root) == before and trashed_runs(tmp_path) == {}


def test_a_run_never_takes_the_place_of_another(tmp_path: Path, variant: Variant) -> None:
    old = content(variant.paths.root)
    token = to_trash(tmp_path, variant.paths.root)
    make_variant(tmp_path, [0, 100, 200])
    new = content(variant.paths.root)
    with pytest.raises(BusyError, match="another run has this name now"):
        from_trash(tmp_path, token)
    assert content(variant.paths.root) == new
    second = to_trash(tmp_path, variant.paths.root)
    assert second != token
    from_trash(tmp_path, token)
    assert content(variant.paths.root) == old


@pytest.mark.parametrize("token", ["", "nothing", "..", "../x", "/"])
def test_what_is_not_in_the_trash_is_named(tmp_path: Path, variant: Variant, token: str) -> None:
    to_trash(tmp_path, variant.paths.root)
    with pytest.raises(UnknownNameError):
        from_trash(tmp_path, token)


def test_what_is_deleted_for_good_is_gone_and_nothing_else(tmp_path: Path, variant: Variant) -> None:
    other = make_variant(tmp_path, [0], seed=3)
    before = content(other.paths.root)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (variant.paths.root / "link").symlink_to(outside)
    tokens = [to_trash(tmp_path, run.paths.root) for run in (variant, other)]
    assert out_of_trash(tmp_path, tokens[0]).name == variant.name
    assert list(trashed_runs(tmp_path)) == [tokens[1]] and (outside / "kept").read_text() == "kept"
    assert content(trashed_runs(tmp_path)[tokens[1]]) == before
    with pytest.raises(UnknownNameError, match="run in the trash"):
        out_of_trash(tmp_path, tokens[0])
    with pytest.raises(UnknownNameError, match="run in the trash"):
        out_of_trash(tmp_path, "../outside")
