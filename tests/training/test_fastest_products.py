"""The library of products is chosen by a measurement, which is made once and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from headlapse.models.matmul import libraries
from headlapse.training import arithmetic, fastest_products
from headlapse.training.fastest_products import cache_folder, fastest_library, measure
from headlapse.training.run import Run
from headlapse.workbench import ModelFamily

several = pytest.mark.skipif(len(libraries()) == 1, reason="this PyTorch has one library of products")


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """The numbers of threads with which there was a measurement; the last library is found to be the fastest."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    calls: list[int] = []

    def measure(threads: int) -> dict[str, float]:
        calls.append(threads)
        return {library: 1.0 / (1 + number) for number, library in enumerate(libraries())}

    monkeypatch.setattr(fastest_products, "measure", measure)
    return calls


def test_every_library_is_timed_and_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    found = measure(before + 1)
    assert tuple(found) == libraries() and min(found.values()) > 0 and torch.get_num_threads() == before


@several
def test_it_is_measured_once_for_each_machine_torch_and_number_of_threads(
    measured: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for machine, threads in (("Maker X", 2), ("Maker X", 2), ("Maker X", 1), ("Maker Y", 2), ("Maker Y", 2)):
        assert fastest_library(machine, threads) == libraries()[-1]
    assert measured == [2, 1, 2]
    monkeypatch.setattr(torch, "__version__", "9.1")
    fastest_library("Maker X", 2)
    assert measured == [2, 1, 2, 2]


@several
def test_a_user_without_a_home_folder_measures_every_time(measured: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user has no entry in the system's list."""

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", unknown)
    assert [fastest_library("Maker X", 2) for _ in range(2)] == [libraries()[-1]] * 2
    assert measured == [2, 2]


@several
@pytest.mark.parametrize("content", [b"", b"{}", b'{"fastest": "gone"}', b"\xff"])
def test_what_cannot_be_read_is_measured_again(measured: list[int], content: bytes) -> None:
    fastest_library("Maker X", 2)
    (path,) = cache_folder().iterdir()
    path.write_bytes(content)
    assert fastest_library("Maker X", 2) == libraries()[-1]
    assert fastest_library("Maker X", 2) == libraries()[-1]
    assert measured == [2, 2]


@several
def test_without_a_cache_folder_it_is_measured_every_time(measured: list[int]) -> None:
    cache_folder().parent.write_text("a file where a folder should be")
    assert [fastest_library("Maker X", 2) for _ in range(2)] == 2 * [libraries()[-1]]
    assert measured == [2, 2]


@several
def test_a_run_takes_what_was_measured_unless_it_is_small_or_has_one(
    measured: list[int], family: ModelFamily, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.begin(family.variant(prime=7, train_fraction=0.6, results=tmp_path), "cpu")
    small, _ = arithmetic.settle(run, 10)
    assert small.products == libraries()[0] and measured == []
    monkeypatch.setattr(arithmetic, "MULTIPLICATIONS_WORTH_MEASURING", 1)
    run.epoch = 5
    assert arithmetic.settle(run, 10)[0].products == libraries()[0], "a run that is continued keeps its own"
    fresh = Run.begin(run.variant, "cpu")
    large, _ = arithmetic.settle(fresh, 10, threads=3)
    assert large.products == fresh.arithmetic[0]["products"] == libraries()[-1] and measured == [3]
