"""Ablation of heads at every checkpoint against plain loops in float64, train and test inputs apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.analyzers.head_ablation import KINDS, PARTS
from headlapse.training.progress import Silent
from headlapse.visualization import head_ablation as pictures
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant
from tests.analysis.test_interventions import direct

ONLY = AnalysisRunConfig(analyzers=["head_ablation"])


def test_loss_and_accuracy_of_each_part_are_those_of_plain_loops(trained_copy: Variant) -> None:
    run = trained_copy
    assert not AnalysisPipeline(run, ONLY).run().failed
    split = run.task.split(run.settings)
    inputs = {"all": np.arange(49), "train": split.train, "test": split.test}
    for epoch in (0, 60):
        arrays = run.artifacts.load_epoch("head_ablation", epoch)
        assert arrays["loss"].shape == arrays["accuracy"].shape == (5, len(KINDS), len(PARTS))
        for head, kind in [(head, kind) for head in (0, 3, 4) for kind in KINDS]:
            losses, right = direct(run, epoch, [] if head == 4 else [head], kind, 0)
            for part, rows in inputs.items():
                place = head, KINDS.index(kind), PARTS.index(part)
                assert arrays["loss"][place] == pytest.approx(losses[rows].mean(), abs=1e-9), (epoch, place)
                assert arrays["accuracy"][place] == right[rows].mean()
        assert len(np.unique(arrays["loss"][:4])) == 36 and len(np.unique(arrays["loss"][4])) == 3


def test_each_line_is_that_of_its_head(trained_copy: Variant) -> None:
    run = trained_copy
    AnalysisPipeline(run, ONLY).run()
    assert (tuple(pictures.KINDS), tuple(pictures.PARTS)) == (KINDS, PARTS)
    for array in ("loss", "accuracy"):
        view = ViewRegistry.get(f"head_ablation_{array}")
        arrays = view.load(run.artifacts, 40)
        chosen = view.arguments({"kind": "uniform", "part": "test"}, run.labels)
        lines = view.draw(arrays, 40, run.labels, **chosen).plots[0].series
        assert [line.name for line in lines] == [*run.head_labels, "intact"]
        for place, line in enumerate(lines):
            expected = [run.artifacts.load_epoch("head_ablation", epoch)[array][place, 2, 2] for epoch in run.epochs]
            assert line.x.tolist() == run.epochs and line.y.tolist() == expected


def test_heads_of_all_layers_are_there_where_answers_stand_at_several_positions(tmp_path: Path) -> None:
    run = headlapse.load_family("induction_2layer").variant(vocabulary=5, batch_size=2, results=tmp_path)
    run.train(epochs=1, checkpoint_epochs=[1], progress=Silent())
    assert not AnalysisPipeline(run, ONLY).run().failed
    arrays = run.artifacts.load_epoch("head_ablation", 1)
    for head, kind in ((2, "zero"), (5, "mean"), (7, "uniform")):
        losses, _ = direct(run, 1, [head], kind, 1)
        found = arrays["loss"][head, KINDS.index(kind)]
        assert found[[0, 2]] == pytest.approx(losses.mean(), abs=1e-12) and np.isnan(found[1]), (
            "no sequence of the probe trains"
        )
    assert len(arrays["loss"]) == 9


def test_a_model_with_normalization_is_refused_in_words(small_family, tmp_path: Path) -> None:
    run = small_family(normalization="LN").variant(prime=5, train_fraction=0.6, results=tmp_path)
    run.train(epochs=1, checkpoint_epochs=[0, 1], progress=Silent())
    (line,) = AnalysisPipeline(run, ONLY).run().failures()
    assert line.startswith("2 epochs from 0 to 1, head_ablation: analyzer head_ablation failed: it needs weights of a model")
