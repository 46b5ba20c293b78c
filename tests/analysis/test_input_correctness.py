"""Which inputs are right, against the accuracies that training recorded and a plain forward pass in float64."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.library.parts import parts
from headlapse.families.tasks import NOT_COUNTED
from headlapse.training.progress import Silent
from headlapse.visualization.input_correctness import right_from
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant

ONLY = AnalysisRunConfig(analyzers=["input_correctness"])


def answers_of(run: Variant, epoch: int) -> np.ndarray:
    """Answers at `=` of a one-layer model with an MLP of ReLU, one input after the other."""
    weights = {name: array.astype(np.float64) for name, array in run.checkpoint(epoch).weights.items()}
    attention, mlp, answers = "blocks.0.attn.", "blocks.0.mlp.", []
    for tokens in run.probe:
        stream = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"]
        end = stream[-1] + weights[f"{attention}b_O"]
        for head in range(len(weights[f"{attention}W_Q"])):
            q, k, v = (stream @ weights[f"{attention}W_{x}"][head] + weights[f"{attention}b_{x}"][head] for x in "QKV")
            shares = np.exp(k @ q[-1] / np.sqrt(q.shape[1]))
            end = end + shares / shares.sum() @ v @ weights[f"{attention}W_O"][head]
        hidden = np.maximum(end @ weights[f"{mlp}W_in"] + weights[f"{mlp}b_in"], 0)
        end = end + hidden @ weights[f"{mlp}W_out"] + weights[f"{mlp}b_out"]
        answers.append((end @ weights["unembed.W_U"] + weights["unembed.b_U"]).argmax())
    return np.array(answers)


def test_accuracy_of_each_part_is_that_which_training_recorded(trained_copy: Variant) -> None:
    run = trained_copy
    assert not AnalysisPipeline(run, ONLY).run().failed
    labels, split = np.asarray(run.task.labels(run.settings)), run.task.split(run.settings)
    for epoch in run.epochs:
        arrays = run.artifacts.load_epoch("input_correctness", epoch)
        assert np.array_equal(arrays["right"].ravel(), answers_of(run, epoch) == labels)
        for which, (name, rows) in enumerate(split._asdict().items()):
            assert np.array_equal(np.flatnonzero(arrays["part"] == which), np.sort(rows))
            accuracy = arrays["right"][arrays["part"] == which].mean()
            assert accuracy == pytest.approx(run.record(epoch)[f"{name}_accuracy"], abs=1e-12)

    view = ViewRegistry.get("input_correctness_map")
    picture = view.draw(view.load(run.artifacts, 40), 40, run.labels)
    right = np.stack([run.artifacts.load_epoch("input_correctness", epoch)["right"] for epoch in run.epochs])
    for values, rows in zip(picture.values, split, strict=True):
        for place in range(49):
            kept = [e for at, e in enumerate(run.epochs) if place in rows and right[at:].reshape(-1, 49)[:, place].all()]
            assert np.array_equal(values.ravel()[place], kept[0] if kept else np.nan, equal_nan=True)
    assert picture.names == ("train", "test") and picture.limits == (0.0, 60.0)
    assert picture.heading == "epoch from which each input stays right"


def test_an_input_is_right_from_the_epoch_after_its_last_mistake() -> None:
    right = np.array([[1, 0, 0, 1], [1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 1, 1]])
    np.testing.assert_array_equal(right_from(np.array([0, 5, 20, 90]), right), [0, np.nan, 20, 20])


def test_a_split_that_settings_do_not_tell_is_unknown(trained: Variant) -> None:
    known = {name: value for name, value in trained.settings.items() if name != "data_seed"}
    assert (parts(trained.task, known, 49) == -1).all()


def test_a_sequence_is_right_where_all_its_answers_are(tmp_path: Path) -> None:
    run = headlapse.load_family("induction_2layer").variant(vocabulary=2, batch_size=2, results=tmp_path)
    run.train(epochs=1, checkpoint_epochs=[0, 1], progress=Silent())
    assert not AnalysisPipeline(run, ONLY).run().failed
    import torch

    from headlapse.models.bridge import BridgeForward
    from headlapse.models.layered import Counted

    weights = {name: torch.tensor(array) for name, array in run.checkpoint(1).weights.items()}
    everywhere = Counted(torch.from_numpy(run.probe), torch.ones(24, 32, dtype=torch.bool))
    answers = BridgeForward(run.model_config, weights).logits(weights, everywhere).argmax(dim=-1).reshape(24, 32).numpy()
    labels = run.task.labels(run.settings)
    arrays = run.artifacts.load_epoch("input_correctness", 1)
    assert arrays["right"].tolist() == ((answers == labels) | (labels == NOT_COUNTED)).all(axis=1).tolist()
    assert (arrays["part"] == 1).all()
    view = ViewRegistry.get("input_correctness_map")
    assert view.draw(view.load(run.artifacts, 1), 1, run.labels).values.shape == (1, 24, 1)
