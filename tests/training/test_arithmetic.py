"""Threads and library of products are chosen before epoch 0, recorded, and kept when the run continues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from threadpoolctl import threadpool_info

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.pipeline import AnalysisPipeline, AnalysisRunConfig
from headlapse.errors import InvalidValueError
from headlapse.models import matmul
from headlapse.models.matmul import ONEDNN, libraries
from headlapse.results.checkpoints import read_checkpoint, write_checkpoint
from headlapse.training import arithmetic
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant
from tests.training.test_resume import assert_same_run

P = 23
LARGE = {"d_model": 128, "d_mlp": 512, "n_heads": 4, "d_head": 32}  # enough work that two threads cut it up
PART, WHOLE = 12, 20


class Remarks(Silent):
    """Keeps what a user is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def make(small_family: Callable[..., ModelFamily], tmp_path: Path) -> Callable[[str], Variant]:
    """A function that gives a variant in a results folder of the given name."""
    return lambda name: small_family(**LARGE).variant(results=tmp_path / name, prime=P, train_fraction=0.6)


@pytest.fixture(autouse=True)
def two_cpus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine of two CPUs whose user has chosen no number of threads. Afterwards torch has as many as before."""
    before = torch.get_num_threads()
    machine(monkeypatch, 2)
    for name in arithmetic.SET_BY_USER:
        monkeypatch.delenv(name, raising=False)
    yield
    torch.set_num_threads(before)


def machine(monkeypatch: pytest.MonkeyPatch, cpus: int) -> None:
    """From here on this is a machine on which a new run takes as many threads as there are CPUs."""
    monkeypatch.setattr(arithmetic, "usable_cpus", lambda: cpus)
    monkeypatch.setattr("headlapse.training.limits.MULTIPLICATIONS_PER_THREAD", 1)
    monkeypatch.setattr(torch, "get_num_threads", _at_least(cpus))


def _at_least(cpus: int, get: Callable[[], int] = torch.get_num_threads) -> Callable[[], int]:
    return lambda: max(get(), cpus)


def train(variant: Variant, epochs: int, **options: Any) -> list[str]:
    """Train and return what the user was told."""
    remarks = Remarks()
    variant.train(epochs, checkpoint_epochs=[epochs], analyze=False, progress=remarks, **options)
    return [note for note in remarks.notes if "threads" in note or "digits" in note]


def recorded(variant: Variant) -> list[dict[str, Any]]:
    return variant.config["arithmetic"]


def test_what_decides_the_digits_is_recorded(make: Callable[[str], Variant]) -> None:
    variant = make("run")
    assert train(variant, 2) == []
    (stretch,) = recorded(variant)
    expected = {"from_epoch": 0, "device": "cpu", "threads": 2, "products": libraries()[0], "torch": torch.__version__}
    assert stretch.pop("processor") and stretch == expected
    state = read_checkpoint(variant.paths.training_state, variant.identity)
    assert state.extra["arithmetic"] == recorded(variant)


def test_another_machine_keeps_the_threads_and_the_bits(
    make: Callable[[str], Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts, other = make("whole"), make("parts"), make("other")
    train(whole, PART)
    train(whole, WHOLE)
    train(parts, PART)
    machine(monkeypatch, 1)
    (remark,) = train(parts, WHOLE)
    assert remark.startswith("note: the run keeps its 2 threads, so its digits stay the same; --threads 1, the CPUs of this")
    assert_same_run(whole, parts)
    assert recorded(parts) == recorded(whole)
    train(other, PART)
    train(other, WHOLE)
    assert recorded(other)[0]["threads"] == 1
    if other.checkpoint(WHOLE).sha256 == whole.checkpoint(WHOLE).sha256:
        pytest.skip("on this processor these sums are the same in one thread and in two, so that nothing was shown")


def test_threads_of_the_user_override_and_are_recorded(make: Callable[[str], Variant]) -> None:
    variant = make("run")
    assert train(variant, 2, threads=1) == []
    assert train(variant, 4) == [], "as it was"
    assert [(each["from_epoch"], each["threads"]) for each in recorded(variant)] == [(0, 1)]
    assert train(variant, 6, threads=3) == [
        "note: from here on the last digits differ from those of an unbroken run: threads 3 instead of 1"
    ]
    assert [(each["from_epoch"], each["threads"]) for each in recorded(variant)] == [(0, 1), (4, 3)]
    assert train(variant, 6, threads=2) == [], "there is nothing left to train"
    assert [(each["from_epoch"], each["threads"]) for each in recorded(variant)] == [(0, 1), (4, 3)]
    train(variant, 2, restart=True)
    assert [(each["from_epoch"], each["threads"]) for each in recorded(variant)] == [(0, 2)]


def test_the_threads_really_train_and_are_given_back(make: Callable[[str], Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    before, seen = torch.get_num_threads(), set()

    class Looking(Silent):
        def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
            seen.add(torch.get_num_threads())

    make("run").train(2, analyze=False, progress=Looking(), threads=before + 1)
    assert seen == {before + 1} and torch.get_num_threads() == before


@pytest.mark.skipif(ONEDNN not in libraries(), reason="this PyTorch has one library of products")
def test_the_library_of_products_is_kept(make: Callable[[str], Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    other = libraries()[1]
    with monkeypatch.context() as patch:
        patch.setattr(matmul, "_onednn_works", lambda: False)
        whole, parts = make("whole"), make("parts")
        train(whole, PART), train(whole, WHOLE), train(parts, PART)
        assert recorded(parts)[0]["products"] == other
    assert train(parts, WHOLE) == []
    assert_same_run(whole, parts)
    assert [each["products"] for each in recorded(parts)] == [other]


@pytest.mark.skipif(ONEDNN not in libraries(), reason="this PyTorch has one library of products")
def test_a_library_that_is_gone_is_named(make: Callable[[str], Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    variant = make("run")
    train(variant, 2)
    monkeypatch.setattr(matmul, "_onednn_works", lambda: False)
    other = libraries()[0]
    assert train(variant, 4) == [
        f"note: from here on the last digits differ from those of an unbroken run: products {other} instead of {ONEDNN}"
    ]
    assert [each["products"] for each in recorded(variant)] == [ONEDNN, other]


def test_another_torch_or_processor_is_named(make: Callable[[str], Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    variant = make("run")
    train(variant, 2)
    here = recorded(variant)[0]["processor"]
    monkeypatch.setattr(torch, "__version__", "9.1")
    monkeypatch.setattr(arithmetic, "processor", lambda: "Maker X")
    (remark,) = train(variant, 4)
    assert f"torch 9.1 instead of {recorded(variant)[0]['torch']}" in remark and f"instead of {here}" in remark
    assert train(variant, 6) == [], "it is said once"


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"arithmetic": []},
        {"arithmetic": ["two threads"]},
        {"arithmetic": [{"from_epoch": 0, "lanes": 4}]},
        {"arithmetic": [{"threads": 0, "device": "cpu", "products": "mkl", "torch": "2.6", "processor": "Maker X"}]},
    ],
)
def test_a_run_that_does_not_say_goes_on(make: Callable[[str], Variant], extra: dict[str, Any]) -> None:
    variant = make("old")
    train(variant, 2)
    state = read_checkpoint(variant.paths.training_state, variant.identity)
    write_checkpoint(variant.paths.training_state, state.weights, state.identity, extra)
    assert train(variant, 4) == [
        "note: how this run was computed so far is not recorded, so its last digits may differ from here on"
    ]
    assert recorded(variant)[-1]["from_epoch"] == 2 and train(variant, 6) == []


def test_a_small_run_takes_one_thread_and_a_large_one_no_more_than_there_are(
    family: ModelFamily, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    for name in arithmetic.SET_BY_USER:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 64)
    monkeypatch.setattr(arithmetic, "usable_cpus", lambda: 64)
    threads = {p: arithmetic.default_threads(family.variant(prime=p, results=tmp_path)) for p in (5, 31, 41, 113)}
    assert threads[5] == threads[31] == 1 < threads[41] < threads[113] < 64
    monkeypatch.setattr(arithmetic, "usable_cpus", lambda: 2)
    assert arithmetic.default_threads(family.variant(prime=113, results=tmp_path)) == 2
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert arithmetic.default_threads(family.variant(prime=113, results=tmp_path)) == 1, "as the user has told torch"


@pytest.mark.parametrize("name", arithmetic.SET_BY_USER)
def test_what_the_user_has_set_for_openmp_is_taken(
    name: str, family: ModelFamily, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, "5")
    monkeypatch.setattr(torch, "get_num_threads", lambda: 5)  # as torch makes of it
    assert arithmetic.default_threads(family.variant(prime=5, results=tmp_path)) == 5


@pytest.mark.parametrize("threads", [0, -1, 1025, 2.0, True, "2"])
def test_what_is_no_number_of_threads_is_refused(make: Callable[[str], Variant], threads: Any) -> None:
    variant = make("run")
    with pytest.raises(InvalidValueError, match=r"^threads must be a whole number from 1 to 1,024, got "):
        train(variant, 2, threads=threads)
    assert not variant.results.exists()


def test_on_a_gpu_threads_would_do_nothing() -> None:
    with pytest.raises(InvalidValueError, match="not on cuda; add --device cpu"):
        arithmetic.check_threads(2, "cuda")


class Threads(Silent):
    """Keeps the numbers of threads, of torch and of numpy's library, that the epochs find."""

    def __init__(self) -> None:
        self.of_torch: set[int] = set()
        self.of_numpy: set[int] = set()

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        self.of_torch.add(torch.get_num_threads())
        self.of_numpy |= numpy_threads()


def numpy_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_training_and_analysis_leave_each_other_their_threads(
    make: Callable[[str], Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the training has, an artifact is that of `headlapse analyze`; and the training has its own again afterwards."""
    monkeypatch.undo()
    seen: set[int] = set()

    class Looking:
        name, version, captures = "looking", 1, ("blocks.0.attn.hook_z",)  # of a model of TransformerLens

        def analyze(self, model: Any, probe: Any, cache: Any, context: Any) -> dict[str, Any]:
            seen.add(torch.get_num_threads())
            return {"z": cache["blocks.0.attn.hook_z"].numpy()}

    monkeypatch.setattr(AnalyzerRegistry, "get", lambda name: Looking())
    variant, training, before = make("run"), Threads(), numpy_threads()
    variant.train(3, checkpoint_epochs=[0, 1, 2, 3], progress=training, threads=2)
    assert training.of_torch == {2} and training.of_numpy == before and seen == {1}
    during = variant.artifacts.paths.file("looking", 2).read_bytes()
    AnalysisPipeline(variant, AnalysisRunConfig(force=True)).run()
    assert seen == {1} and variant.artifacts.paths.file("looking", 2).read_bytes() == during
