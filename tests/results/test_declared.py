"""Of an artifact of unknown origin is asked what its analyzer declares; what declares nothing need only be finite."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig, DeclaringAnalyzer
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.errors import CorruptFileError, IncompatibleFileError, NonFiniteError
from headlapse.results.array_rule import ArrayRule
from headlapse.results.expected import Expected
from headlapse.results.integrity import inspect
from headlapse.results.loader import ArtifactLoader
from headlapse.results.run_layout import RunLayout
from headlapse.storage import npz
from headlapse.workbench import Variant

ENTROPY, LOCK_IN = "attention_entropy", "attention_lock_in"
BUILT_IN = [*(AnalyzerRegistry.get(name) for name in ("attention_patterns", ENTROPY)), CrossEpochRegistry.get(LOCK_IN)]


@pytest.mark.parametrize("analyzer", BUILT_IN, ids=lambda analyzer: analyzer.name)
def test_what_analyzers_make_is_what_they_declare(analyzer: Any, trained: Variant, tmp_path: Path) -> None:
    assert isinstance(analyzer, DeclaringAnalyzer)
    for epoch in trained.epochs:
        arrays = trained.artifacts.load_epoch(analyzer.name, epoch)
        expected = Expected.of(tmp_path, analyzer.arrays, trained.layout)
        expected.check_headers(npz.describe(npz.pack(arrays)), 1)
        expected.check_values(arrays)


def test_declarations_are_read_without_torch() -> None:
    code = (
        "import sys; from headlapse.results.expected import declaration_of; "
        "import headlapse; family = headlapse.load_family('modulo_addition_1layer'); "
        f"names = {[analyzer.name for analyzer in BUILT_IN]}; "
        "print([len(declaration_of(name)(family.variant(prime=5).layout)) for name in names], 'torch' in sys.modules)"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=120)
    assert printed.strip() == "[1, 1, 10] False"


def foreign(variant: Variant, analyzer: str, arrays: Mapping[str, np.ndarray], epoch: int | None = 20) -> Path:
    paths = variant.artifacts.paths
    path = paths.run_file(analyzer) if epoch is None else paths.file(analyzer, epoch)
    path.parent.mkdir(exist_ok=True)
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize(("change", "words"), [
    (lambda entropy: entropy * 7, "entropy holds values from 0 to .*, expected 0 to 1.09861"),
    (lambda entropy: entropy - 1, "entropy holds values from -1 to"),
    (lambda entropy: entropy[:3], r"entropy float32 \(3, 3, 7, 7\), expected entropy float32 \(4, 3, 7, 7\)"),
    (lambda entropy: entropy.astype(np.float64), r"holds entropy float64"),
    (lambda entropy: entropy * np.nan, "entropy holds NaN or infinity"),
])  # fmt: skip
def test_entropy_is_held_against_its_declaration(change: Any, words: str, trained_copy: Variant) -> None:
    entropy = trained_copy.artifacts.load_epoch(ENTROPY, 20)["entropy"]
    foreign(trained_copy, ENTROPY, {"entropy": change(entropy)})
    with pytest.raises((IncompatibleFileError, NonFiniteError), match=words):
        trained_copy.artifacts.load_epoch(ENTROPY, 20)


@pytest.mark.parametrize(("name", "change", "words"), [
    ("distance", lambda array: array * 7 + 1, "distance holds values from"),
    ("distance", lambda array: array[:, :3], r"distance float64 \(4, 3, 3\)"),
    ("change", lambda array: array[1:], r"change float64 \(3, 4, 3\)"),
    ("test_accuracy", lambda array: np.full_like(array, np.inf), "test_accuracy holds NaN or infinity"),
    ("epochs", lambda array: array.astype(float), "epochs float64"),
])  # fmt: skip
def test_lock_in_is_held_against_its_declaration(name: str, change: Any, words: str, trained_copy: Variant) -> None:
    arrays = trained_copy.artifacts.load_run(LOCK_IN)
    path = foreign(trained_copy, LOCK_IN, arrays, epoch=None)
    np.testing.assert_equal(trained_copy.artifacts.load_run(LOCK_IN), arrays)
    foreign(trained_copy, LOCK_IN, {**arrays, name: change(arrays[name])}, epoch=None)
    with pytest.raises((IncompatibleFileError, NonFiniteError), match=words):
        trained_copy.artifacts.load_run(LOCK_IN)
    (finding,) = inspect(trained_copy)
    assert finding.path == path and finding.state == "unknown origin"
    assert AnalysisPipeline(trained_copy).run().computed and inspect(trained_copy) == []


@dataclass(frozen=True)
class Silent:
    """Declares nothing, as analyzers did before there were declarations."""

    name: str = "silent"
    version: int = 1
    captures: tuple[Any, ...] = (("pattern", 0),)

    def analyze(self, model: Any, probe: Any, cache: Any, context: Any) -> dict[str, np.ndarray]:
        return {"strongest": cache["pattern", 0].max(dim=-1).values.mean(dim=0).numpy()}


@dataclass(frozen=True)
class Declaring(Silent):
    name: str = "declaring"
    asked: list[RunLayout] = field(default_factory=list)

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        self.asked.append(run)
        return {"strongest": ArrayRule((run.heads, run.positions), low=0, high=1)}


@dataclass(frozen=True)
class Mistaken(Silent):
    name: str = "mistaken"

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        raise ZeroDivisionError("no heads")


@pytest.fixture
def added() -> Iterator[Declaring]:
    declaring = Declaring()
    for analyzer in (Silent(), declaring, Mistaken()):
        AnalyzerRegistry.register(analyzer)
    yield declaring
    for name in ("silent", "declaring", "mistaken"):
        del AnalyzerRegistry._items[name]


def test_an_analyzer_somebody_adds_declares_alike(added: Declaring, trained_copy: Variant) -> None:
    AnalysisPipeline(trained_copy, AnalysisRunConfig(analyzers=["declaring"])).run()
    trained_copy.artifacts.load_epoch("declaring", 20)
    assert added.asked == [], "whoever says what made it is not asked"
    foreign(trained_copy, "declaring", {"strongest": np.full((4, 3), 0.5, np.float32)})
    trained_copy.artifacts.load_epoch("declaring", 20)
    assert added.asked == [RunLayout(heads=4, positions=3, axes=(7, 7))]
    foreign(trained_copy, "declaring", {"strongest": np.full((4, 2), 0.5, np.float32)})
    with pytest.raises(IncompatibleFileError, match=r"\(4, 2\), expected strongest float32 \(4, 3\)"):
        trained_copy.artifacts.load_epoch("declaring", 20)


@pytest.mark.parametrize("analyzer", ["silent", "not_installed"])
def test_what_is_undeclared_is_only_to_be_finite(analyzer: str, added: Declaring, trained_copy: Variant) -> None:
    for array in (np.zeros((3, 5)), np.array(["a"]), np.array(1j), np.array([True]), np.zeros((0, 2))):
        foreign(trained_copy, analyzer, {"anything": array})
        np.testing.assert_array_equal(trained_copy.artifacts.load_epoch(analyzer, 20)["anything"], array)
    for wrong in (np.array([0, np.nan]), np.array(np.inf, np.float16), np.array([1j, np.nan])):
        foreign(trained_copy, analyzer, {"anything": wrong})
        with pytest.raises(NonFiniteError, match="anything holds NaN or infinity"):
            trained_copy.artifacts.load_epoch(analyzer, 20)


def test_across_epochs_nan_stands_for_what_there_is_not(trained_copy: Variant) -> None:
    foreign(trained_copy, "not_installed", {"epochs": np.arange(3), "moment": np.array([np.nan, 1])}, epoch=None)
    assert np.isnan(trained_copy.artifacts.load_run("not_installed")["moment"][0])


def test_a_declaration_that_fails_is_said_to(added: Declaring, trained_copy: Variant) -> None:
    foreign(trained_copy, "mistaken", {"strongest": np.zeros(3)})
    with pytest.raises(IncompatibleFileError, match=r"its analyzer fails to declare its arrays .Zero.*: no heads"):
        trained_copy.artifacts.load_epoch("mistaken", 20)


def test_of_a_folder_nothing_tells_about_what_is_finite_is_read(tmp_path: Path) -> None:
    loader = ArtifactLoader(tmp_path / "artifacts")
    path = loader.paths.file("attention_patterns", 20)
    path.parent.mkdir(parents=True)
    np.savez(path, patterns=np.full((2, 2), 7.0))
    assert loader.load_epoch("attention_patterns", 20)["patterns"].shape == (2, 2)
    (tmp_path / "config.json").write_text(json.dumps({"model": {}}))
    assert loader.load_epoch("attention_patterns", 20)["patterns"].shape == (2, 2)


def test_two_arrays_of_one_name_are_corrupt(trained_copy: Variant) -> None:
    path = foreign(trained_copy, ENTROPY, trained_copy.artifacts.load_epoch(ENTROPY, 20))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("entropy.npy", archive.read("entropy.npy"))
    with pytest.raises(CorruptFileError, match="two arrays of one name"):
        trained_copy.artifacts.load_epoch(ENTROPY, 20)
