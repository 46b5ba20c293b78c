"""Replaced heads against a forward pass of plain loops in numpy, float64, for each kind, in numbers and in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.analysis.interventions import ablate, intact
from headlapse.errors import InvalidValueError, OutOfRangeError
from headlapse.families.tasks import NOT_COUNTED
from headlapse.models.replacement import Questions
from headlapse.training.progress import Silent
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant

VIEW = ViewRegistry.get("replaced_heads")
Answered = tuple[np.ndarray, np.ndarray]
KINDS = ("zero", "mean", "uniform", "epoch")


@pytest.fixture(scope="module")
def sequences(tmp_path_factory: pytest.TempPathFactory) -> Variant:
    """Two layers of attention alone, with answers at several positions."""
    run = headlapse.load_family("induction_2layer").variant(vocabulary=5, batch_size=2, results=tmp_path_factory.mktemp("runs"))
    return run.train(epochs=4, checkpoint_epochs=[0, 4], progress=Silent())


@pytest.fixture(scope="module")
def two_layers(tmp_path_factory: pytest.TempPathFactory) -> Variant:
    return small("modulo_addition_2layer", tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def without_equals(tmp_path_factory: pytest.TempPathFactory) -> Variant:
    """Division, so that there are fewer b than a."""
    return small("modular_operation_1layer_without_equals", tmp_path_factory.mktemp("runs"), operation="divide")


def small(family: str, results: Path, **settings: object) -> Variant:
    run = headlapse.load_family(family).variant(prime=5, train_fraction=0.6, results=results, **settings)
    return run.train(epochs=4, checkpoint_epochs=[0, 4], progress=Silent())


def direct(run: Variant, epoch: int, replaced: Sequence[int], kind: str, from_epoch: int) -> Answered:
    """The loss of each answer, input by input, and which inputs are right."""
    weights = {name: array.astype(np.float64) for name, array in run.checkpoint(epoch).weights.items()}
    stream = weights["embed.W_E"][run.probe] + weights["pos_embed.W_pos"]
    positions = stream.shape[1]
    stored = run.patterns(from_epoch).reshape(len(run.head_labels), positions, positions, -1)
    for layer in range(run.model_config.n_layers):
        attention, added = f"blocks.{layer}.attn.", 0
        for head in range(run.model_config.n_heads):
            q, k, v = (stream @ weights[f"{attention}W_{x}"][head] + weights[f"{attention}b_{x}"][head] for x in "QKV")
            scores = q @ k.swapaxes(1, 2) / np.sqrt(q.shape[2])
            scores[:, *np.triu_indices(positions, 1)] = -np.inf
            pattern = np.exp(scores - scores.max(axis=2, keepdims=True))
            pattern /= pattern.sum(axis=2, keepdims=True)
            number = layer * run.model_config.n_heads + head
            is_replaced = number in replaced
            if is_replaced and kind == "uniform":
                for to in range(positions):
                    pattern[:, to] = [1 / (to + 1)] * (to + 1) + [0] * (positions - to - 1)
            if is_replaced and kind == "epoch":
                pattern = stored[number].transpose(2, 0, 1)
            mixed = pattern @ v
            if is_replaced and kind in ("zero", "mean"):
                mixed = np.broadcast_to(mixed.mean(axis=0) * (kind == "mean"), mixed.shape)
            added = added + mixed @ weights[f"{attention}W_O"][head]
        stream = stream + added + weights[f"{attention}b_O"]
        if run.model_config.d_mlp:
            mlp = f"blocks.{layer}.mlp."
            hidden = np.maximum(stream @ weights[f"{mlp}W_in"] + weights[f"{mlp}b_in"], 0)
            stream = stream + hidden @ weights[f"{mlp}W_out"] + weights[f"{mlp}b_out"]
    logits = stream @ weights["unembed.W_U"] + weights["unembed.b_U"]
    labels = np.asarray(run.task.labels(run.settings))
    if labels.ndim == 1:
        labels = np.stack([*[np.full_like(labels, NOT_COUNTED)] * (positions - 1), labels], axis=1)
    counted, losses, right = labels != NOT_COUNTED, [], np.ones(len(labels), dtype=bool)
    for row, at in np.argwhere(counted):
        line = logits[row, at]
        losses.append(np.log(np.exp(line - line.max()).sum()) + line.max() - line[labels[row, at]])
        right[row] &= line.argmax() == labels[row, at]
    return np.array(losses), right


@pytest.mark.parametrize("name", ["trained", "sequences", "two_layers", "without_equals"])
def test_loss_and_answers_are_those_of_a_plain_pass(name: str, request: pytest.FixtureRequest) -> None:
    run: Variant = request.getfixturevalue(name)
    epoch, other, last = run.epochs[-1], run.epochs[0], len(run.head_labels) - 1
    before, found = direct(run, epoch, [], "", other), intact(run, epoch)
    assert found.loss == pytest.approx(before[0].mean(), abs=1e-6)
    assert np.array_equal(found.right.ravel(), before[1])
    losses = [found.loss]
    for kind in KINDS:
        for heads in ([1], [last], [last, 0, 2]):
            expected = direct(run, epoch, heads, kind, other)
            found = ablate(run, epoch, heads, kind, other if kind == "epoch" else None)
            assert found.loss == pytest.approx(expected[0].mean(), abs=1e-6), (kind, heads)
            assert np.array_equal(found.right.ravel(), expected[1]) and found.right.shape == tuple(a.size for a in run.axes)
            losses.append(found.loss)
            chosen = {"replaced": ",".join(map(str, heads)), "kind": f"epoch-{other}" if kind == "epoch" else kind}
            assert_pictures(run, epoch, chosen, before, expected)
    assert len({round(loss, 7) for loss in losses}) == 13, "each replacement does something else"


def assert_pictures(run: Variant, epoch: int, chosen: dict[str, str], before: Answered, after: Answered) -> None:
    """The view shows what the plain pass gives, before and after."""
    drawn = [picture(run, epoch, show=show, **chosen).values.reshape(2, -1) for show in ("loss", "breaks")]
    rows = np.nonzero(Questions.of(run.probe, run.task.labels(run.settings)).counted)[0]
    by_input = [np.bincount(rows, losses) / np.bincount(rows) for losses, _ in (before, after)]
    np.testing.assert_allclose(drawn[0], by_input, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(drawn[1], [before[1] & ~after[1], after[1] & ~before[1]])


def picture(run: Variant, epoch: int, **chosen: str) -> Grids:
    arguments = VIEW.arguments(chosen, run.labels)
    found: Grids = VIEW.draw(VIEW.arrays_of(run, epoch, arguments), epoch, run.labels, **arguments)
    return found


def test_its_own_pattern_changes_nothing(trained: Variant) -> None:
    found = ablate(trained, 60, 2, "epoch", 60)
    assert found.loss == pytest.approx(intact(trained, 60).loss, abs=1e-6)


def test_what_cannot_be_replaced_is_refused(trained: Variant, small_family, tmp_path: Path) -> None:
    with pytest.raises(OutOfRangeError, match="head 4 is out of range; valid: 0 to 3"):
        ablate(trained, 60, 4)
    with pytest.raises(InvalidValueError, match="'p7'"):
        ablate("p7", 0, 0)
    with pytest.raises(InvalidValueError, match="kind must be zero, mean, uniform or epoch"):
        ablate(trained, 60, 0, "none")
    with pytest.raises(InvalidValueError, match="from_epoch goes with kind 'epoch' and no other"):
        ablate(trained, 60, 0, "epoch")
    normalized = small_family(normalization="LN").variant(prime=5, results=tmp_path)
    with pytest.raises(InvalidValueError, match="has normalization"):
        ablate(normalized, 0, 0)
