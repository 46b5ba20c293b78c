"""Binary operations on numbers mod p: answer a ∘ b after reading [a, b, =].

Source: Power et al., "Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets" (2022), appendix A.1.1, which
trains p = 97. As in that paper, operations that divide by b leave out b = 0. `x3_plus_xy2` is not among its operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.families.pair_task import PairTask, PerInput, Symbols, smallest_factor
from headlapse.families.tasks import Settings, TaskRegistry


@dataclass(frozen=True)
class Operation:
    """An operation: in words, and on arrays of a and b, with p. `divides`: whether it needs inverses mod p."""

    words: str
    of: Callable[[PerInput, PerInput, int], PerInput]
    divides: bool = False
    without_zero: bool = False  # as b


def _quotient(a: PerInput, b: PerInput, p: int) -> PerInput:
    """A / b mod p; arbitrary where b is 0."""
    inverses = np.array([0, *(pow(number, -1, p) for number in range(1, p))])
    found: PerInput = a * inverses[b]
    return found


def _quotient_or_difference(a: PerInput, b: PerInput, p: int) -> PerInput:
    return np.where(b % 2 == 1, _quotient(a, b, p), a - b)


OPERATIONS: Mapping[str, Operation] = {
    "add": Operation("a + b", lambda a, b, _: a + b),
    "subtract": Operation("a - b", lambda a, b, _: a - b),
    "multiply": Operation("a b", lambda a, b, _: a * b),
    "divide": Operation("a / b", _quotient, divides=True, without_zero=True),
    "divide_or_subtract": Operation("a / b if b is odd, else a - b", _quotient_or_difference, divides=True),
    "x2_plus_y2": Operation("a^2 + b^2", lambda a, b, _: a**2 + b**2),
    "x2_plus_xy_plus_y2": Operation("a^2 + a b + b^2", lambda a, b, _: a**2 + a * b + b**2),
    "x2_plus_xy_plus_y2_plus_x": Operation("a^2 + a b + b^2 + a", lambda a, b, _: a**2 + a * b + b**2 + a),
    "x3_plus_xy": Operation("a^3 + a b", lambda a, b, _: a**3 + a * b),
    "x3_plus_xy2": Operation("a^3 + a b^2", lambda a, b, _: a**3 + a * b**2),
    "x3_plus_xy2_plus_y": Operation("a^3 + a b^2 + b", lambda a, b, _: a**3 + a * b**2 + b),
}


class ModularOperation(PairTask):
    """All pairs of numbers below p, except those that would be divided by 0."""

    name: ClassVar[str] = "modular_operation"
    needs = ("operation", *PairTask.needs)

    def n_symbols(self, settings: Settings) -> int:
        return int(settings["prime"])

    def axes(self, settings: Settings) -> tuple[Axis, Axis]:
        a, b = self.operands(settings)
        ticks = tuple(map(str, b.tolist())) if len(b) < len(a) else None
        return Axis("a", len(a)), Axis("b", len(b), ticks)

    def operands(self, settings: Settings) -> tuple[Symbols, Symbols]:
        numbers = np.arange(self.n_symbols(settings))
        return numbers, numbers[1:] if _operation(settings).without_zero else numbers

    def answers(self, a: PerInput, b: PerInput, settings: Settings) -> PerInput:
        """Raises `InvalidValueError` if the operation divides and p is not a prime."""
        p, operation = self.n_symbols(settings), _operation(settings)
        factor = smallest_factor(p) if operation.divides else None
        if factor is not None:
            problem = f"{factor} has no inverse mod {p} ({factor} x {p // factor})"
            raise InvalidValueError(f"{settings['operation']} needs a prime, and {problem}; try {_prime_below(p)}")
        answers: PerInput = operation.of(a, b, p) % p
        return answers

    def question(self, settings: Settings) -> str:
        return f"({_operation(settings).words}) mod {self.n_symbols(settings)}"

    def notes(self, settings: Settings) -> list[str]:
        p = self.n_symbols(settings)
        factor = smallest_factor(p)
        return [] if factor is None else [f"{p} is not a prime ({factor} x {p // factor}); published results use primes"]


def _operation(settings: Settings) -> Operation:
    return OPERATIONS[settings["operation"]]


def _prime_below(number: int) -> int:
    return next(n for n in range(number - 1, 1, -1) if smallest_factor(n) is None)


TaskRegistry.register(ModularOperation())
