"""Modular addition: answer (a + b) mod p after reading [a, b, =].

Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability" (2023).
"""

from __future__ import annotations

from typing import ClassVar

from headlapse.families.pair_task import PairTask, PerInput, smallest_factor
from headlapse.families.tasks import Settings, TaskRegistry


class ModuloAddition(PairTask):
    """All p*p pairs; row `a*p + b` is `[a, b, =]`, and the token of `=` is p."""

    name: ClassVar[str] = "modulo_addition"

    def n_symbols(self, settings: Settings) -> int:
        return int(settings["prime"])

    def answers(self, a: PerInput, b: PerInput, settings: Settings) -> PerInput:
        answers: PerInput = (a + b) % int(settings["prime"])
        return answers

    def question(self, settings: Settings) -> str:
        return f"(a + b) mod {int(settings['prime'])}"

    def notes(self, settings: Settings) -> list[str]:
        prime = int(settings["prime"])
        factor = smallest_factor(prime)
        if factor is None:
            return []
        return [f"{prime} is not a prime ({factor} x {prime // factor}); it trains, but published results use primes"]


TaskRegistry.register(ModuloAddition())
