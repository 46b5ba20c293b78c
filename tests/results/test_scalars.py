"""Scalars of any name, at any epochs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headlapse.errors import CorruptFileError, InvalidValueError
from headlapse.results.losses import losses_of_scalars
from headlapse.results.paths import VariantPaths
from headlapse.results.scalar_names import JOURNAL
from headlapse.results.scalars import Scalars, Series, append_scalars
from headlapse.storage.journal import Appender

NAMES = ["loss", "Loss", "val/acc", "grad norm", "läßt", "..", ".hidden", "a%2Fb", "%", "x" * 80]


def test_any_name_keeps_its_values_and_no_name_leaves_the_folder(tmp_path: Path) -> None:
    paths = VariantPaths(tmp_path / "run")
    for place, name in enumerate(NAMES):
        append_scalars(paths, place, {name: place / 7})
    scalars = Scalars(paths)
    assert sorted(scalars) == sorted(NAMES) and len(scalars) == len(NAMES)
    for place, name in enumerate(NAMES):
        assert scalars[name].epochs.tolist() == [place] and scalars[name].values.tolist() == [place / 7]
    files = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.parent for path in files} == {paths.scalars}
    assert len({path.name.lower() for path in files}) == len(NAMES), "also where a file system does not tell cases apart"


@pytest.mark.parametrize("name", ["", "x" * 241, "ß" * 41])
def test_a_name_that_no_file_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="the name of a scalar must be"):
        append_scalars(VariantPaths(tmp_path), 0, {name: 1.0})


def test_an_unknown_name_is_no_key_and_at_gives_what_there_is(tmp_path: Path) -> None:
    paths = VariantPaths(tmp_path)
    append_scalars(paths, 3, {"one": 1.0, "two": 2.0})
    append_scalars(paths, 5, {"two": 4.0})
    scalars = Scalars(paths)
    assert "three" not in scalars and scalars.get("three") is None
    assert scalars.at(3) == {"one": 1.0, "two": 2.0} and scalars.at(5) == {"two": 4.0} and scalars.at(4) == {}
    assert scalars.known("two", range(5)) == {3: 2.0} and scalars.known("three", range(5)) == {}


def test_what_is_appended_again_replaces_what_came_from_there_on(tmp_path: Path) -> None:
    paths = VariantPaths(tmp_path)
    for epoch in (0, 10, 20):
        append_scalars(paths, epoch, {"loss": epoch / 10})
    once = paths.scalar("loss").read_bytes()
    append_scalars(paths, 10, {"loss": 1.0})
    append_scalars(paths, 20, {"loss": 2.0})
    assert paths.scalar("loss").read_bytes() == once


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(allow_nan=False))))
def test_the_last_record_of_an_epoch_counts(tmp_path_factory: pytest.TempPathFactory, records: list[tuple[int, float]]) -> None:
    paths = VariantPaths(tmp_path_factory.mktemp("run"))
    appender = Appender(paths.scalar("loss"), JOURNAL, 0)
    for epoch, value in records:
        appender.append(epoch, value)
    appender.close()
    series = Scalars(paths)["loss"]
    assert dict(zip(series.epochs.tolist(), series.values.tolist(), strict=True)) == dict(records)
    assert series.epochs.tolist() == sorted(set(dict(records)))


def test_a_damaged_journal_is_named(tmp_path: Path) -> None:
    paths = VariantPaths(tmp_path)
    for epoch in range(3):
        append_scalars(paths, epoch, {"loss": 1.0})
    content = bytearray(paths.scalar("loss").read_bytes())
    content[30] ^= 1
    paths.scalar("loss").write_bytes(content)
    with pytest.raises(CorruptFileError, match="is damaged from record 1 on"):
        Scalars(paths)["loss"]


def test_losses_by_epoch_are_losses_by_step() -> None:
    """The train loss of epoch e is that before step e; the test loss of epoch e that after step e - 1."""
    train = Series(np.array([0, 1, 4]), np.array([5.0, 4.0, 1.0]))
    test = Series(np.array([0, 2]), np.array([9.0, 3.0]))
    losses = losses_of_scalars({"train_loss": train, "test_loss": test})
    np.testing.assert_array_equal(losses.train, [5, 4, np.nan, np.nan, 1])
    np.testing.assert_array_equal(losses.test, [np.nan, 3, np.nan, np.nan, np.nan])
    assert losses.at(2) == (4.0, 3.0)
    assert len(losses_of_scalars({})) == 0 and len(losses_of_scalars({"test_loss": test})) == 2
