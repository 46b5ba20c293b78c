"""Tasks that give a batch for each step: the sequences, the loss where it counts, and runs that continue exactly."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import headlapse
from headlapse.families.tasks import NOT_COUNTED
from headlapse.models.layered import Counted, LayeredForward
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant

SETTINGS = {"vocabulary": 9, "batch_size": 5}
IN_BATCHES = {"prime": 7, "operation": "add", "train_fraction": 0.6, "batch_size": 8}


@pytest.fixture(scope="module")
def induction() -> ModelFamily:
    return headlapse.load_family("induction_2layer")


def repeat_of(labels: np.ndarray) -> slice:
    """The repeat of a sequence, its last token included."""
    counted = np.flatnonzero(labels != NOT_COUNTED)
    assert (np.diff(counted) == 1).all()
    return slice(counted[0], counted[-1] + 2)


def test_every_sequence_holds_a_segment_twice_and_asks_for_its_repeat(induction: ModelFamily) -> None:
    settings = induction.resolve({"vocabulary": 64, "batch_size": 300})
    tokens, labels = induction.task.batch(settings, 7)
    distances, lengths = set(), set()
    for row, right in zip(tokens, labels, strict=True):
        repeat = repeat_of(right)
        length = repeat.stop - repeat.start
        first = [at for at in range(repeat.start - length + 1) if (row[at : at + length] == row[repeat]).all()]
        assert len(first) == 1
        assert right[repeat.start : repeat.stop - 1].tolist() == row[repeat.start + 1 : repeat.stop].tolist()
        distances.add(repeat.start - first[0])
        lengths.add(length)
    assert lengths == set(range(7, 13)) and distances >= set(range(7, 17))


def test_every_step_has_its_own_batch_and_always_the_same(induction: ModelFamily) -> None:
    settings = induction.resolve(SETTINGS)
    batches = [induction.task.batch(settings, step).tokens for step in (0, 1, 2, 1)]
    assert np.array_equal(batches[1], batches[3])
    probe = induction.probe(settings)
    assert len({array[0].tobytes() for array in (*batches[:3], probe)}) == 4
    assert not np.array_equal(induction.task.batch({**settings, "data_seed": 1}, 0).tokens, batches[0])


def files_of(variant: Variant) -> dict[str, str]:
    """Hashes of everything that the run left, apart from what tells the time."""
    files = [path for path in variant.paths.root.rglob("*") if path.is_file() and path.name not in ("status.json", "lock")]
    return {str(path.relative_to(variant.paths.root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(
    ("family", "settings", "patterns"),
    [
        ("induction_2layer", SETTINGS, (8, 32, 32, 24)),
        ("modular_operation_2layer", IN_BATCHES, (8, 3, 3, 7, 7)),
    ],
)
def test_a_run_that_stops_goes_on_as_if_it_had_not(
    family: str, settings: dict[str, Any], patterns: tuple[int, ...], tmp_path: Path
) -> None:
    whole, stopped = (
        headlapse.load_family(family).variant(**settings, results=tmp_path / name) for name in ("whole", "stopped")
    )
    options = {"checkpoint_epochs": [0, 2, 4], "progress": Silent(), "threads": 1}
    whole.train(epochs=4, **options)
    stopped.train(epochs=3, **{**options, "checkpoint_epochs": [0, 2]})
    stopped.train(epochs=4, **options)
    assert {path: found for path, found in files_of(stopped).items() if "config" not in path} == {
        path: found for path, found in files_of(whole).items() if "config" not in path
    }
    assert whole.losses.train.tolist() == stopped.losses.train.tolist()
    assert whole.patterns(4).shape == patterns


def test_train_accuracy_is_that_of_all_pairs_that_any_step_may_take(tmp_path: Path) -> None:
    variant = headlapse.load_family("modular_operation_2layer").variant(**IN_BATCHES, results=tmp_path)
    variant.train(epochs=30, checkpoint_epochs=[0, 30], progress=Silent(), analyze=False)
    task, settings = variant.family.task, variant.settings
    tokens, labels, rows = torch.from_numpy(variant.probe), torch.tensor(task.labels(settings)), task.split(settings).train
    forward = LayeredForward(variant.model_config)
    for epoch in (0, 30):
        weights = {name: torch.tensor(array).double() for name, array in variant.checkpoint(epoch).weights.items()}
        right = forward.logits(weights, forward.prepare(tokens)).argmax(dim=-1) == labels
        assert variant.record(epoch)["train_accuracy"] == pytest.approx(right[rows].double().mean().item())
    batch = task.batch(settings, 29)
    assert 0 < len(batch.labels) < len(rows)


def test_the_test_loss_is_that_of_the_positions_that_count(induction: ModelFamily, tmp_path: Path) -> None:
    variant = induction.variant(**SETTINGS, results=tmp_path).train(epochs=1, progress=Silent())
    weights = {name: torch.tensor(array).double() for name, array in variant.checkpoint(1).weights.items()}
    forward = LayeredForward(variant.model_config)
    everywhere = Counted(torch.from_numpy(variant.probe), torch.ones(24, 32, dtype=torch.bool))
    log_probabilities = forward.logits(weights, everywhere).log_softmax(dim=-1).reshape(24, 32, 9).numpy()
    labels = variant.family.task.labels(variant.settings)
    counted = [(row, at) for row in range(24) for at in range(32) if labels[row, at] != NOT_COUNTED]
    losses = [-log_probabilities[row, at, labels[row, at]] for row, at in counted]
    right = [log_probabilities[row, at].argmax() == labels[row, at] for row, at in counted]
    assert variant.losses.test[0] == pytest.approx(np.mean(losses), abs=1e-6)
    assert variant.record(1)["test_accuracy"] == pytest.approx(np.mean(right))
