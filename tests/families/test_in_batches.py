"""Batches hold training pairs with their own answers, the same for a step every time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import headlapse

SETTINGS: dict[str, dict[str, Any]] = {
    "modular_operation_2layer": {"operation": "x3_plus_xy", "prime": 11},
    "group_operation_2layer": {"group": "A4", "operation": "conjugate"},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_batch_holds_different_training_pairs_with_their_answers(name: str) -> None:
    family = headlapse.load_family(name)
    settings = family.resolve({**SETTINGS[name], "train_fraction": 0.5, "batch_size": 20})
    probe, labels = family.probe(settings).tolist(), family.task.labels(settings)
    train = set(family.task.split(settings).train.tolist())
    seen: set[int] = set()
    for step in range(40):
        tokens, answers = family.task.batch(settings, step)
        rows = [probe.index(pair) for pair in tokens.tolist()]
        assert len(set(rows)) == 20 and set(rows) <= train
        assert answers.tolist() == labels[rows].tolist()
        seen |= set(rows)
    assert seen == train, "each training pair has its turn"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_batch_depends_on_step_and_data_seed_alone(name: str) -> None:
    family = headlapse.load_family(name)
    given = {**SETTINGS[name], "train_fraction": 0.5, "batch_size": 9}
    first, again, other_model, other_data = (
        family.resolve({**given, **more}) for more in ({}, {}, {"seed": 1, "lr": 0.5}, {"data_seed": 1})
    )
    batch = family.task.batch(first, 3)
    for settings in (again, other_model):
        assert all(map(np.array_equal, batch, family.task.batch(settings, 3)))
    assert not np.array_equal(batch.tokens, family.task.batch(first, 4).tokens)
    assert not np.array_equal(batch.tokens, family.task.batch(other_data, 3).tokens)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_batch_is_not_larger_than_what_trains(name: str) -> None:
    family = headlapse.load_family(name)
    settings = family.resolve({**SETTINGS[name], "train_fraction": 0.1})
    split = family.task.split(settings)
    tokens, _ = family.task.batch(settings, 0)
    assert sorted(tokens.tolist()) == sorted(family.probe(settings)[split.train].tolist())
