"""The protocol of a run, anything with epochs and artifacts, for analysis, pictures and pages.

A variant computes the answers from its family; a recorded run reads them from its config.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from headlapse.families.axes import Axis

if TYPE_CHECKING:
    import numpy as np

    from headlapse.families.tasks import Task
    from headlapse.models.config import ModelConfig
    from headlapse.results.checkpoints import Checkpoint
    from headlapse.results.loader import ArtifactLoader
    from headlapse.results.losses import Losses
    from headlapse.results.paths import VariantPaths
    from headlapse.results.run_layout import RunLayout
    from headlapse.results.run_state import RunState
    from headlapse.results.scalars import Scalars


@dataclass(frozen=True)
class RunLabels:
    """One name per stored head of all layers and per stored token position, and the axes that the inputs enumerate.

    `position_labels` names the positions that attend. `from_position_labels` names those attended to, which differ in cross
    attention and are the same by default.
    """

    head_labels: tuple[str, ...]
    position_labels: tuple[str, ...]
    axes: tuple[Axis, ...]
    from_position_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.from_position_labels:
            object.__setattr__(self, "from_position_labels", self.position_labels)

    @property
    def axis_names(self) -> tuple[str, ...]:
        """Names of the axes, in their order."""
        return tuple(axis.name for axis in self.axes)


class Run(Protocol):
    """A variant, an imported series or a recorded training.

    `labels` has the words of its pictures, `layout` the sizes of its artifacts.
    """

    @property
    def name(self) -> str:
        """The name of its folder."""
        ...

    @property
    def family_name(self) -> str:
        """The name of the parent folder: its family, or `recorded`."""
        ...

    @property
    def label(self) -> str:
        """A readable name among its siblings: its name without that of its family, split into parts."""
        ...

    @property
    def short_label(self) -> str:
        """A short label for file names: "p113_s999"."""
        ...

    @property
    def short_names(self) -> Mapping[str, str]:
        """The abbreviations of settings in its label: `{"p": "prime"}`."""
        ...

    @property
    def title(self) -> str:
        """The kind of run, in words."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """The known settings that distinguish it from its siblings."""
        ...

    @property
    def results(self) -> Path:
        """The results folder that contains it."""
        ...

    @property
    def paths(self) -> VariantPaths:
        """The names of its files."""
        ...

    @property
    def task(self) -> Task | None:
        """The task of its models; None if unknown."""
        ...

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that the inputs of its analysis enumerate, in C order."""
        ...

    @property
    def labels(self) -> RunLabels:
        """The names of its heads, positions and axes."""
        ...

    @property
    def layout(self) -> RunLayout:
        """The sizes, the dtype and the stored positions that its artifacts share."""
        ...

    @property
    def analyzers(self) -> Sequence[str]:
        """The analyzers per epoch that should run on it."""
        ...

    @property
    def cross_epoch_analyzers(self) -> Sequence[str]:
        """The analyzers across epochs that should run on it."""
        ...

    @property
    def views(self) -> Sequence[str]:
        """The views to offer if their artifacts exist."""
        ...

    @property
    def epochs(self) -> list[int]:
        """Epochs with a checkpoint or an artifact, ascending; epoch N is the model after N optimizer steps."""
        ...

    @property
    def checkpoint_epochs(self) -> list[int]:
        """Epochs with a checkpoint, ascending."""
        ...

    @property
    def losses(self) -> Losses:
        """Train and test loss of every epoch so far, including those of a running training. Raises `CorruptFileError`."""
        ...

    @property
    def scalars(self) -> Scalars:
        """Scalars by name and epoch."""
        ...

    def record(self, epoch: int) -> dict[str, Any]:
        """Scalars of the model at `epoch`: losses (nats), accuracies, any other. Raises a `FileStateError`."""
        ...

    def test_accuracies(self) -> Mapping[int, float]:
        """Test accuracy, in [0, 1], by epoch, for epochs where it is recorded and readable."""
        ...

    @property
    def artifacts(self) -> ArtifactLoader:
        """The arrays computed by analyzers."""
        ...

    def patterns(self, epoch: int) -> np.ndarray:
        """`patterns[head, to, from, *axes]` at `epoch`: the share of attention, in [0, 1]. Raises a `FileStateError`."""
        ...

    def made_from(self, epoch: int) -> dict[str, str | int]:
        """The known part of the origin that an artifact of `epoch` must state."""
        ...

    @property
    def run_state(self) -> RunState:
        """State, epochs and status together."""
        ...

    @property
    def is_untrained(self) -> bool:
        """Whether it must be trained before there is anything to view."""
        ...

    @property
    def model_config(self) -> ModelConfig | None:
        """The model of its checkpoints; None if this program cannot build it."""
        ...

    @property
    def probe(self) -> np.ndarray | None:
        """The inputs of an analysis, int64 `(inputs, positions)`; None if they are not stored."""
        ...

    def checkpoint_hash(self, epoch: int) -> str:
        """The sha256 in the header of the checkpoint at `epoch`. Raises a `FileStateError`."""
        ...

    def checkpoint(self, epoch: int) -> Checkpoint:
        """The verified weights at `epoch`. Raises a `FileStateError` naming path and remedy."""
        ...

    def check_unchanged(self) -> None:
        """Raise `IncompatibleFileError` if it was made under declarations that differ from the current ones."""
        ...

    def suited_remedy(self, remedy: str) -> str:
        """The remedy for this run, given the `remedy` for one that was trained here."""
        ...

    def suited_remedies(self) -> AbstractContextManager[None]:
        """Within the block, errors about its files advise what suits this kind of run."""
        ...
