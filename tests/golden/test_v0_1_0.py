"""Files and options of version 0.1.0 stay readable and mean the same.

The run was trained by version 0.1.0: three heads, p = 7, 40 epochs; the import holds its first and last weights.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import headlapse
from headlapse.export import export_view
from headlapse.training.progress import Silent
from headlapse.workbench import Variant

HERE = Path(__file__).parent / "v0_1_0"
TRAINED = "golden_addition_p7_seed3_dseed4_frac0.6_wd0.5"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text())


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A copy of the results that a test may write into."""
    return shutil.copytree(HERE / "results", tmp_path / "results")


def variant_in(results: Path, name: str = TRAINED) -> Variant:
    return headlapse.load_variant(results / "golden_addition" / name, HERE / "families")


@pytest.mark.parametrize("name", EXPECTED)
def test_checkpoints_records_and_losses_are_read(results: Path, name: str) -> None:
    variant, expected = variant_in(results, name), EXPECTED[name]
    assert variant.epochs == expected["epochs"]
    for part in ("train_losses", "test_losses"):
        assert variant.metadata[part][: len(expected[part])] == expected[part]
    for epoch, of_epoch in expected["checkpoints"].items():
        checkpoint = variant.checkpoint(int(epoch))
        assert checkpoint.sha256 == of_epoch["sha256"]
        assert checkpoint.extra == of_epoch["record"]
        assert float(checkpoint.weights["blocks.0.attn.W_Q"][2, 7, 3]) == of_epoch["first"]


def test_artifacts_are_read_and_up_to_date(results: Path) -> None:
    variant, expected = variant_in(results), EXPECTED[TRAINED]
    for epoch, of_epoch in expected["patterns"].items():
        patterns = variant.patterns(int(epoch))
        assert list(patterns.shape) == of_epoch["shape"] and patterns.dtype == np.float32
        assert float(patterns[1, 2, 0, 3, 5]) == of_epoch["cell"]
        assert hashlib.sha256(patterns.tobytes()).hexdigest() == of_epoch["sha256"]
    assert float(variant.artifacts.load_epoch("attention_entropy", 40)["entropy"][2, 2, 4, 6]) == expected["entropy"]
    lock_in = variant.artifacts.load_run("attention_lock_in")
    assert lock_in["epochs"].tolist() == expected["lock_in"]["epochs"]
    assert float(lock_in["distance"][1, 2, 2]) == expected["lock_in"]["distance"]
    part = variant.artifacts.load_part("attention_patterns", 25, "patterns", np.s_[:, 1, 0])
    np.testing.assert_array_equal(part, variant.patterns(25)[:, 1, 0])


def test_the_same_arrays_still_give_the_same_content(results: Path, tmp_path: Path) -> None:
    """Not the same deflated bytes: these depend on the release of ISA-L, and on the kind of processor."""
    from headlapse.results.artifacts import read_provenance, write_artifact

    variant, made = variant_in(results), tmp_path / "made.npz"
    for epoch in variant.epochs:
        path = variant.artifacts.file("attention_patterns", epoch)
        provenance = read_provenance(path)
        assert provenance is not None
        write_artifact(made, {"patterns": variant.patterns(epoch)}, provenance)
        assert read_provenance(made) == provenance and members(made) == members(path)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_analysis_finds_the_patterns_up_to_date_and_makes_them_again_from_the_weights(results: Path) -> None:
    from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig

    variant = variant_in(results)
    before = {epoch: variant.patterns(epoch) for epoch in variant.epochs}
    report = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=["attention_patterns"])).run()
    assert (len(report.computed), len(report.skipped), report.failed) == (0, 4, [])
    report = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=["attention_patterns"], force=True)).run()
    assert len(report.computed) == 4
    for epoch, patterns in before.items():
        np.testing.assert_allclose(variant.patterns(epoch), patterns, rtol=0, atol=1e-6)


def test_training_continues_from_the_state(results: Path) -> None:
    variant = variant_in(results)
    before = variant.metadata["train_losses"]
    variant.train(epochs=45, checkpoint_epochs=[0, 10, 25, 40, 45], progress=Silent())
    assert variant.metadata["train_losses"][:40] == before
    assert len(variant.metadata["train_losses"]) == 45 and variant.epochs[-1] == 45


@pytest.mark.parametrize("pair", ["1:0", "b attending to a"])
def test_options_of_exports_mean_the_same(results: Path, tmp_path: Path, pair: str) -> None:
    choices = {"pair": pair, "color": "epoch", "scale": "magma", "origin": "lower"}
    path = export_view(variant_in(results), tmp_path / "heads.png", epochs=25, choices=choices)
    with Image.open(path) as image:
        assert image.width > 200 and image.height > 200
    assert path.read_bytes() != export_view(variant_in(results), tmp_path / "other.png", epochs=25).read_bytes()
