"""The contract of an analyzer: a checkpoint's activations in, arrays out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from headlapse.analysis.library import Cache
    from headlapse.families.axes import Axis
    from headlapse.families.tasks import Task
    from headlapse.models.config import ModelConfig
    from headlapse.results.array_rule import ArrayRule
    from headlapse.results.run_layout import RunLayout

CacheKey = str | tuple[str, int | None]  # a layer of None: every layer of the model


class _Fields(Mapping[str, Any]):
    """Lets a dataclass be read like a mapping of its fields."""

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        return getattr(self, key)

    def __contains__(self, key: object) -> bool:
        return any(field.name == key for field in fields(self))  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[str]:
        return (field.name for field in fields(self))  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(fields(self))  # type: ignore[arg-type]


@dataclass(frozen=True)
class AnalysisContext(_Fields):
    """Context of an analyzer, besides activations. Reads like a mapping: `context["epoch"]`.

    `weights` are those of the checkpoint by `HookedTransformer` name, for an analyzer that `takes_weights`; None for others,
    and if the run has no weights or its model cannot be built. `model_config` is None if the model cannot be built.
    `layout` says how many positions there are, and which of them are stored. `task` has the right answers and the split, as
    far as `settings` determine them; None if the task is unknown.
    """

    family: str
    variant: str
    epoch: int
    settings: Mapping[str, Any]
    position_labels: tuple[str, ...]
    axes: tuple[Axis, ...]
    n_layers: int = 1
    model_config: ModelConfig | None = None
    weights: Mapping[str, np.ndarray] | None = None
    layout: RunLayout | None = None
    task: Task | None = None


@dataclass(frozen=True)
class RunContext(_Fields):
    """Context of an analyzer across epochs, besides arrays.

    `records[epoch]` is what the checkpoint says of itself: `train_loss`, `test_loss` in nats, `train_accuracy` and
    `test_accuracy` in [0, 1], as far as they are known.
    """

    family: str
    variant: str
    settings: Mapping[str, Any]
    position_labels: tuple[str, ...]
    records: Mapping[int, Mapping[str, Any]]


@runtime_checkable
class Analyzer(Protocol):
    """Turns the activations of one checkpoint over the whole probe into named arrays."""

    @property
    def name(self) -> str:
        """Name of the analyzer, its module and its artifact folder."""
        ...

    def analyze(self, model: Any, probe: Tensor, cache: Cache, context: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """The arrays to store for this checkpoint.

        `model` is a TransformerLens bridge or None, `probe` int64 `(inputs, positions)`, `cache` maps TransformerLens keys
        such as `("pattern", 0)` to activations over the probe, `context` reads like `AnalysisContext`.
        """
        ...


@runtime_checkable
class SelectiveAnalyzer(Analyzer, Protocol):
    """An analyzer that declares what it reads, so that nothing else is computed, and the version of its artifacts.

    An analyzer that does not declare this gets the full cache and counts as version 0.
    """

    @property
    def captures(self) -> tuple[CacheKey, ...]:
        """The cache keys it reads, e.g. `(("pattern", 0),)`, or `(("pattern", None),)` for the patterns of every layer.

        If they can be computed without a model, `model` is None.
        """
        ...

    @property
    def version(self) -> int:
        """To be increased when the same checkpoint would give other arrays; older artifacts then are stale."""
        ...


@runtime_checkable
class ReadingAnalyzer(Analyzer, Protocol):
    """An analyzer of another's arrays: it needs neither a model nor activations, so it also works on recorded runs.

    `analyze` gets the artifact of `reads` at that epoch, arrays by name, in place of the cache, and None for the model.
    With `takes_weights = True` it also gets `context["weights"]`, if the run has any.
    """

    @property
    def reads(self) -> str:
        """The per-epoch analyzer whose arrays it reads, e.g. `"attention_patterns"`."""
        ...

    @property
    def version(self) -> int:
        """To be increased when the same checkpoint would give other arrays; older artifacts then are stale."""
        ...


@runtime_checkable
class DeclaringAnalyzer(Protocol):
    """An analyzer, per epoch or across epochs, that declares its arrays.

    An artifact of unknown origin is compared with this declaration before it is shown. Without a declaration, its
    numbers must only be finite.
    """

    def arrays(self, run: RunLayout) -> Mapping[str, ArrayRule]:
        """A rule for each array, by name, for a run of these sizes."""
        ...


@runtime_checkable
class ParticularAnalyzer(Protocol):
    """An analyzer, per epoch or across epochs, that applies only to inputs of a certain kind.

    For a run with other inputs, neither it nor an analyzer that reads its arrays computes anything; the report says why.
    """

    def unsuited(self, axes: Sequence[Axis]) -> str:
        """Why it does not apply to inputs over these axes, in words; empty if it does."""
        ...


class CrossEpochAnalyzer(Protocol):
    """Turns another analyzer's artifacts of all epochs into arrays about the whole run.

    Some questions, e.g. how far an epoch is from the last one, need more than one checkpoint.
    """

    @property
    def name(self) -> str:
        """Name of the analyzer, its module and its artifact folder."""
        ...

    @property
    def version(self) -> int:
        """To be increased when the same artifacts would give other arrays; older results then are stale."""
        ...

    @property
    def source(self) -> str:
        """The per-epoch analyzer whose artifacts it reads."""
        ...

    def analyze_epochs(
        self, series: Mapping[int, Mapping[str, np.ndarray]], context: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """The arrays to store for the run; `"epochs"` must be among them and say which epochs were read.

        `series` maps every analysed epoch, ascending, to the arrays of `source`; each look-up reads a file, so that memory
        does not grow with the run. `context` reads like `RunContext`.
        """
        ...
