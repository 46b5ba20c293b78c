"""Tasks: what a family's models are trained on. One module per task; `family.json` names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from headlapse.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor


class Vocabulary(NamedTuple):
    """Sizes the model takes from its task."""

    d_vocab: int
    d_vocab_out: int
    n_ctx: int


class Split(NamedTuple):
    """Row numbers of the probe that train and that test; disjoint and together complete."""

    train: Tensor
    test: Tensor


class Task(Protocol):
    """Inputs, labels and split as functions of a variant's settings.

    A task may also have `question(settings) -> str`, what its models are asked, e.g. "(a + b) mod 113".
    """

    name: ClassVar[str]

    def vocabulary(self, settings: Mapping[str, int | float]) -> Vocabulary:
        """Vocabulary sizes and context length."""
        ...

    def n_inputs(self, settings: Mapping[str, int | float]) -> int:
        """The number of probe rows."""
        ...

    def probe(self, settings: Mapping[str, int | float]) -> Tensor:
        """Every possible input, int64 `(inputs, positions)`."""
        ...

    def labels(self, settings: Mapping[str, int | float]) -> Tensor:
        """The right answer to every probe row, int64 `(inputs,)`."""
        ...

    def split(self, settings: Mapping[str, int | float]) -> Split:
        """Which probe rows train and which test."""
        ...

    def notes(self, settings: Mapping[str, int | float]) -> list[str]:
        """Remarks a user should see before training."""
        ...


class TaskRegistry(Registry[Task]):
    kind = "task"
    package = "headlapse.families.tasks"
    group = "headlapse.tasks"
