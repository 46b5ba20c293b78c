from __future__ import annotations

import numpy as np
import pytest
import torch

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.workbench import ModelFamily
from tests.published import PUBLISHED


def test_the_probe_holds_every_pair_in_order(family: ModelFamily) -> None:
    settings = family.resolve({"prime": 5})
    probe = family.task.probe(settings)
    assert probe.tolist() == [[a, b, 5] for a in range(5) for b in range(5)]
    assert family.task.labels(settings).tolist() == [(a + b) % 5 for a in range(5) for b in range(5)]
    assert family.task.vocabulary(settings) == (6, 5, 3)
    assert family.axes(settings) == (Axis("a", 5), Axis("b", 5))


@pytest.mark.parametrize(("prime", "fraction", "n_train"), [(113, 0.3, 3830), (7, 0.6, 29), (2, 0.3, 1)])
def test_the_split_is_disjoint_and_complete(family: ModelFamily, prime: int, fraction: float, n_train: int) -> None:
    split = family.task.split(family.resolve({"prime": prime, "train_fraction": fraction}))
    assert len(split.train) == n_train
    assert sorted(np.concatenate(split).tolist()) == list(range(prime * prime))


def test_the_split_is_the_published_one(family: ModelFamily) -> None:
    split = family.task.split(family.resolve({}))
    assert split.train[:10].tolist() == PUBLISHED["first_train_indices"]
    assert len(split.train) == PUBLISHED["n_train"]


def test_the_split_leaves_the_global_random_state_alone(family: ModelFamily) -> None:
    before = torch.get_rng_state()
    family.task.split(family.resolve({}))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_fraction_that_leaves_nothing_to_train_is_refused(family: ModelFamily) -> None:
    with pytest.raises(InvalidValueError, match=r"train_fraction 0.1 of 4 pairs gives no training pair; raise it"):
        family.task.split(family.resolve({"prime": 2, "train_fraction": 0.1}))


def test_a_composite_modulus_gets_a_note(family: ModelFamily) -> None:
    assert family.notes(family.resolve({"prime": 113})) == []
    (note,) = family.notes(family.resolve({"prime": 91}))
    assert note.startswith("91 is not a prime (7 x 13)")
