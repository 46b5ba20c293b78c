from __future__ import annotations

from pathlib import Path

import torch

from headlapse.models.config import ModelConfig
from headlapse.models.initial import initial_weights
from headlapse.workbench import ModelFamily
from tests.published import assert_is_all_of_the_start, assert_is_the_start, start


def test_the_published_seed_gives_the_published_weights_to_the_last_bit() -> None:
    assert_is_the_start(start())


def test_all_of_them(reference: Path) -> None:
    assert_is_all_of_the_start(start(), reference)


def test_seeds_differ_and_repeat(family: ModelFamily) -> None:
    config = ModelConfig.of(family, family.resolve({"prime": 5}))
    first, again, other = (initial_weights(config, seed)["embed.W_E"] for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_the_global_random_state_is_left_alone(family: ModelFamily) -> None:
    before = torch.get_rng_state()
    initial_weights(ModelConfig.of(family, family.resolve({"prime": 5})), seed=1)
    assert torch.equal(torch.get_rng_state(), before)
