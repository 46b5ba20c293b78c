"""The published experiment: enough of it to check against, and how exactly. All of it is in the reference data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

import headlapse
from headlapse.models.config import ModelConfig
from headlapse.models.initial import initial_weights

PUBLISHED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "published.json").read_text())
DRAWS_THE_SAME_BITS = torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
"""PyTorch draws normal numbers in another way on other processors, with other last bits."""


def start() -> dict[str, np.ndarray]:
    """The initial weights, as headlapse makes them."""
    family = headlapse.load_family("modulo_addition_1layer")
    weights = initial_weights(ModelConfig.of(family, family.resolve({})), seed=PUBLISHED["seed"])
    return {name: weight.numpy() for name, weight in weights.items()}


def assert_is_the_start(weights: Mapping[str, np.ndarray]) -> None:
    """Shapes and some values of every tensor; all bits where this processor draws them as that of the publication did."""
    assert weights.keys() == PUBLISHED["weights"].keys()
    for name, expected in PUBLISHED["weights"].items():
        array = np.ascontiguousarray(weights[name])
        assert array.dtype == np.float32 and list(array.shape) == expected["shape"], name
        np.testing.assert_allclose(array.flat[:3], expected["first"], rtol=0, atol=1e-6, err_msg=name)
        np.testing.assert_allclose(array.flat[-3:], expected["last"], rtol=0, atol=1e-6, err_msg=name)
        assert not DRAWS_THE_SAME_BITS or hashlib.sha256(array.tobytes()).hexdigest() == expected["sha256"], name


def assert_is_all_of_the_start(weights: Mapping[str, np.ndarray], reference: Path) -> None:
    """Every value of every tensor, as the reference data has it."""
    from safetensors.numpy import load_file

    published = load_file(reference / "hooked_transformer" / "p113_seed999_init.safetensors")
    assert published.keys() - weights.keys() == {"blocks.0.attn.mask", "blocks.0.attn.IGNORE"}
    for name, array in weights.items():
        np.testing.assert_allclose(array, published[name], rtol=0, atol=0 if DRAWS_THE_SAME_BITS else 1e-6, err_msg=name)
