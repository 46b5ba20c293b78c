"""The common base of tasks about two symbols: [a, b, =], or [a, b] alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.families.permutation import random_order
from headlapse.families.tasks import Settings, Split, Vocabulary

Symbols = Int[np.ndarray, " symbols"]
PerInput = Int[np.ndarray, " inputs"]


class PairTask(ABC):
    """All pairs of a symbol of axis `a` and a symbol of axis `b`, row by row; answers are symbols, too.

    Symbols are tokens 0 to `n_symbols` - 1; the next token is `=`, which ends every input if the task `has_equals`.
    """

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ("prime", "data_seed", "train_fraction")
    has_equals: ClassVar[bool] = True
    sized_by: ClassVar[str] = "the prime"  # the setting that determines the number of symbols

    @abstractmethod
    def n_symbols(self, settings: Settings) -> int:
        """The number of symbols."""

    @abstractmethod
    def answers(self, a: PerInput, b: PerInput, settings: Settings) -> PerInput:
        """The symbol that answers each pair."""

    def axes(self, settings: Settings) -> tuple[Axis, Axis]:
        symbols = self.n_symbols(settings)
        return Axis("a", symbols), Axis("b", symbols)

    def operands(self, settings: Settings) -> tuple[Symbols, Symbols]:
        """The symbols along each axis."""
        a, b = self.axes(settings)
        return np.arange(a.size), np.arange(b.size)

    def vocabulary(self, settings: Settings) -> Vocabulary:
        symbols = self.n_symbols(settings)
        return Vocabulary(d_vocab=symbols + self.has_equals, d_vocab_out=symbols, n_ctx=2 + self.has_equals)

    def n_inputs(self, settings: Settings) -> int:
        a, b = self.axes(settings)
        return a.size * b.size

    def probe(self, settings: Settings) -> Int[np.ndarray, "inputs positions"]:
        a, b = self._pairs(settings)
        equals = [np.full_like(a, self.n_symbols(settings))] if self.has_equals else []
        return np.stack([a, b, *equals], axis=1)

    def labels(self, settings: Settings) -> PerInput:
        return self.answers(*self._pairs(settings), settings)

    def split(self, settings: Settings) -> Split:
        """The published split: `manual_seed(data_seed)`, `randperm` of all pairs, the first part trains."""
        inputs, fraction = self.n_inputs(settings), settings["train_fraction"]
        n_train = int(fraction * inputs)
        if n_train == 0:
            raise InvalidValueError(
                f"train_fraction {fraction} of {inputs} pairs gives no training pair; raise it or {self.sized_by}"
            )
        if n_train == inputs:
            raise InvalidValueError(f"train_fraction {fraction} of {inputs} pairs leaves none to test; lower it")
        order = random_order(inputs, int(settings["data_seed"]))
        return Split(train=order[:n_train], test=order[n_train:])

    def notes(self, settings: Settings) -> list[str]:  # noqa: ARG002 -- part of the contract of a task
        return []

    def _pairs(self, settings: Settings) -> tuple[PerInput, PerInput]:
        a, b = self.operands(settings)
        return a.repeat(len(b)), np.tile(b, len(a))


def smallest_factor(number: int) -> int | None:
    """The smallest factor above 1 of a composite number; None for a prime."""
    return next((n for n in range(2, int(number**0.5) + 1) if number % n == 0), None)
