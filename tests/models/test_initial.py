from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from headlapse.models.config import ModelConfig
from headlapse.models.initial import initial_weights
from headlapse.workbench import ModelFamily


def test_the_published_seed_gives_the_published_weights_to_the_last_bit(family: ModelFamily, reference: Path) -> None:
    published = load_file(reference / "hooked_transformer" / "p113_seed999_init.safetensors")
    weights = initial_weights(ModelConfig.of(family, family.resolve({})), seed=999)
    assert published.keys() - weights.keys() == {"blocks.0.attn.mask", "blocks.0.attn.IGNORE"}
    for name, weight in weights.items():
        assert torch.equal(weight, published[name]), name


def test_seeds_differ_and_repeat(family: ModelFamily) -> None:
    config = ModelConfig.of(family, family.resolve({"prime": 5}))
    first, again, other = (initial_weights(config, seed)["embed.W_E"] for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_the_global_random_state_is_left_alone(family: ModelFamily) -> None:
    before = torch.get_rng_state()
    initial_weights(ModelConfig.of(family, family.resolve({"prime": 5})), seed=1)
    assert torch.equal(torch.get_rng_state(), before)
