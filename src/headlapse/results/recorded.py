"""A recorded run: the files of a user's own training loop under `results/recorded/NAME`.

It has artifacts, scalars and perhaps weights, but no family that could train it or build its model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from headlapse import checks
from headlapse.errors import CorruptFileError, IncompatibleFileError, MissingFileError, counted
from headlapse.results.declaration import Declaration
from headlapse.results.epochs import without_checkpoint
from headlapse.results.headers import Identity
from headlapse.results.import_source import check_name
from headlapse.results.other_programs import check_ours
from headlapse.results.paths import RECORDED, VariantPaths
from headlapse.results.plug_ins import why_unsuited
from headlapse.results.remedies import RECORD_AGAIN, Origin, suited, suited_to
from headlapse.results.run import RunLabels
from headlapse.results.run_layout import RunLayout
from headlapse.results.run_state import RunState, State, read_run_state
from headlapse.results.scalar_names import test_accuracies
from headlapse.storage.atomic import RECORD_BYTES, read_json

if TYPE_CHECKING:
    import numpy as np

    from headlapse.families.axes import Axis
    from headlapse.results.checkpoints import Checkpoint
    from headlapse.results.loader import ArtifactLoader
    from headlapse.results.losses import Losses
    from headlapse.results.scalars import Scalars

PATTERNS = "attention_patterns"


@dataclass(frozen=True)
class RecordedRun:
    """A run identified by its folder, which contains everything known about it."""

    name: str
    results: Path
    declaration: Declaration

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The run in `folder`, as its config.json states it. Raises a `FileStateError` if that cannot be read."""
        path = VariantPaths(folder).config
        try:
            config = read_json(path, RECORD_AGAIN, RECORD_BYTES)
        except (MissingFileError, CorruptFileError):
            check_ours(folder)
            raise
        if config.get("family") != RECORDED or config.get("variant") != folder.name:
            described = f"{config.get('family')}/{config.get('variant')}"
            raise IncompatibleFileError(path, f"describes {described}", "rename the folder back, or move it where it belongs")
        return cls(check_name(folder.name), folder.parent.parent, Declaration.parse(path, config))

    def __hash__(self) -> int:
        return hash((self.name, self.results))

    @property
    def family_name(self) -> str:
        return RECORDED

    @property
    def label(self) -> str:
        """The name that it was recorded under."""
        return self.name

    @property
    def short_label(self) -> str:
        """The name that it was recorded under."""
        return self.name

    @property
    def short_names(self) -> Mapping[str, str]:
        """Empty: the name of a recorded run has no abbreviations of settings."""
        return {}

    @property
    def title(self) -> str:
        return "Recorded training"

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.declaration.settings

    @cached_property
    def paths(self) -> VariantPaths:
        return VariantPaths(self.results / RECORDED / self.name)

    @property
    def labels(self) -> RunLabels:
        return self.declaration.labels

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.labels.axes

    @property
    def head_labels(self) -> tuple[str, ...]:
        """A name for each head, layer by layer."""
        return self.labels.head_labels

    @property
    def position_labels(self) -> tuple[str, ...]:
        return self.labels.position_labels

    @property
    def layout(self) -> RunLayout:
        return self.declaration.layout

    @property
    def analyzers(self) -> Sequence[str]:
        return self.declaration.analyzers

    @property
    def cross_epoch_analyzers(self) -> Sequence[str]:
        return self.declaration.cross_epoch_analyzers

    @property
    def views(self) -> Sequence[str]:
        return self.declaration.views

    @property
    def epochs(self) -> list[int]:
        return self.paths.all_epochs()

    @property
    def checkpoint_epochs(self) -> list[int]:
        return self.paths.epochs()

    @property
    def artifacts_dir(self) -> Path:
        """The folder of its artifacts."""
        return self.paths.artifacts.root

    @property
    def artifacts(self) -> ArtifactLoader:
        from headlapse.results.loader import ArtifactLoader

        return ArtifactLoader(self.artifacts_dir, self.made_from, lambda: self.layout)

    @property
    def scalars(self) -> Scalars:
        from headlapse.results.scalars import Scalars

        return Scalars(self.paths)

    @property
    def losses(self) -> Losses:
        from headlapse.results.losses import losses_of_scalars

        with self.suited_remedies():
            return losses_of_scalars(self.scalars)

    @property
    def metadata(self) -> dict[str, Any]:
        """`train_losses` and `test_losses` in nats (None where not recorded) and `checkpoint_epochs`; there is no split."""
        return {**self.losses.as_lists(), "checkpoint_epochs": self.checkpoint_epochs}

    def record(self, epoch: int) -> dict[str, Any]:
        """Every scalar recorded at exactly this epoch. Raises `CorruptFileError`."""
        with self.suited_remedies():
            return dict(self.scalars.at(checks.whole("epoch", epoch)))

    def test_accuracies(self) -> dict[int, float]:
        return test_accuracies(self.paths, self.epochs)

    def patterns(self, epoch: int) -> np.ndarray:
        """`patterns[head, to, from, *axes]` at `epoch`: the share of attention, in [0, 1]. Raises a `FileStateError`."""
        with self.suited_remedies():
            return self.artifacts.load_epoch(PATTERNS, epoch)["patterns"]

    def made_from(self, epoch: int) -> dict[str, str | int]:
        return vars(self.identity(epoch)).copy()

    @property
    def identity(self) -> partial[Identity]:
        """The identity of the files of an epoch."""
        return partial(Identity, RECORDED, self.name)

    @property
    def run_state(self) -> RunState:
        return read_run_state(self.paths, self.analyzers, lambda name: why_unsuited(name, self.axes), self.epochs)

    @property
    def state(self) -> State:
        """training, cancelled or failed (either can be resumed), trained, or analysed (every epoch)."""
        return self.run_state.state

    @property
    def status(self) -> dict[str, Any]:
        """The last status of the recorder: state, epoch, losses."""
        return self.run_state.status

    @property
    def is_untrained(self) -> bool:
        return False

    @property
    def model_config(self) -> None:
        return None

    @property
    def task(self) -> None:
        return None

    @property
    def probe(self) -> None:
        return None

    def checkpoint(self, epoch: int) -> Checkpoint:
        """The weights at `epoch`, if they were recorded. Raises a `FileStateError`."""
        from headlapse.results.checkpoints import read_checkpoint

        path = self.paths.checkpoint(checks.whole("epoch", epoch))
        with self.suited_remedies():
            try:
                return read_checkpoint(path, self.identity(epoch))
            except MissingFileError as error:
                raise without_checkpoint(path, epoch, self.checkpoint_epochs) from error

    def checkpoint_hash(self, epoch: int) -> str:
        """The sha256 in the header of the checkpoint at `epoch`; reads the header only."""
        from headlapse.results.headers import read_hash

        with self.suited_remedies():
            return read_hash(self.paths.checkpoint(checks.whole("epoch", epoch)), self.identity(epoch))

    def check_unchanged(self) -> None:
        """Does nothing: only its own config.json declares a recorded run."""

    def suited_remedy(self, remedy: str) -> str:
        return suited(remedy, is_artifact=False, origin=Origin.RECORDED)

    def suited_remedies(self) -> AbstractContextManager[None]:
        return suited_to(self.paths, Origin.RECORDED)

    def __repr__(self) -> str:
        return f"<RecordedRun {self.name}: {self.state}, {counted(len(self.epochs), 'epoch')}>"
