"""Modular addition: answer (a + b) mod p after reading [a, b, =].

Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability" (2023).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.families.tasks import Split, TaskRegistry, Vocabulary

Settings = Mapping[str, int | float]


class ModuloAddition:
    """All p*p pairs; row `a*p + b` is `[a, b, =]`, and the token of `=` is p."""

    name: ClassVar[str] = "modulo_addition"

    def vocabulary(self, settings: Settings) -> Vocabulary:
        prime = int(settings["prime"])
        return Vocabulary(d_vocab=prime + 1, d_vocab_out=prime, n_ctx=3)

    def n_inputs(self, settings: Settings) -> int:
        return int(settings["prime"]) ** 2

    def axes(self, settings: Settings) -> tuple[Axis, Axis]:
        prime = int(settings["prime"])
        return Axis("a", prime), Axis("b", prime)

    def probe(self, settings: Settings) -> Int[np.ndarray, "inputs 3"]:
        prime = int(settings["prime"])
        a, b = _pairs(prime)
        return np.stack([a, b, np.full_like(a, prime)], axis=1)

    def labels(self, settings: Settings) -> Int[np.ndarray, " inputs"]:
        prime = int(settings["prime"])
        a, b = _pairs(prime)
        answers: np.ndarray = (a + b) % prime
        return answers

    def split(self, settings: Settings) -> Split:
        """The published split: `manual_seed(data_seed)`, `randperm(p*p)`, the first part trains."""
        import torch

        inputs = int(settings["prime"]) ** 2
        n_train = int(settings["train_fraction"] * inputs)
        if n_train == 0:
            raise InvalidValueError(
                f"train_fraction {settings['train_fraction']} of {inputs} pairs is no pair at all; raise it or the prime"
            )
        if n_train == inputs:
            raise InvalidValueError(
                f"train_fraction {settings['train_fraction']} of {inputs} pairs leaves none to test; lower it"
            )

        generator = torch.Generator().manual_seed(int(settings["data_seed"]))
        order = torch.randperm(inputs, generator=generator).numpy()
        return Split(train=order[:n_train], test=order[n_train:])

    def question(self, settings: Settings) -> str:
        return f"(a + b) mod {int(settings['prime'])}"

    def notes(self, settings: Settings) -> list[str]:
        prime = int(settings["prime"])
        factor = next((n for n in range(2, int(prime**0.5) + 1) if prime % n == 0), None)
        if factor is None:
            return []
        return [f"{prime} is not a prime ({factor} x {prime // factor}); it trains, but published results use primes"]


def _pairs(prime: int) -> tuple[Int[np.ndarray, " inputs"], Int[np.ndarray, " inputs"]]:
    numbers = np.arange(prime)
    return numbers.repeat(prime), np.tile(numbers, prime)


TaskRegistry.register(ModuloAddition())
