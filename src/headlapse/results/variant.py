"""A variant: one trained member of a family, and everything on disk that belongs to it.

Modules that read arrays are imported where they are used, so that a thousand variants can be listed without numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from headlapse import checks
from headlapse.errors import CorruptFileError, FileStateError, IncompatibleFileError, MissingFileError, counted
from headlapse.families.names import label_of, short_label_of, short_names
from headlapse.frozen import FrozenMapping
from headlapse.models.config import ModelConfig
from headlapse.results.epochs import without_checkpoint
from headlapse.results.headers import Identity, read_epoch, read_hash
from headlapse.results.import_source import ImportSource
from headlapse.results.other_programs import check_ours
from headlapse.results.paths import VariantPaths
from headlapse.results.plug_ins import why_unsuited
from headlapse.results.remedies import IMPORT_AGAIN, RECORD, Origin, seems_imported, suited, suited_to
from headlapse.results.run import RunLabels
from headlapse.results.run_state import RunState, State, read_run_state, read_status
from headlapse.results.scalar_names import TEST_ACCURACY, test_accuracies
from headlapse.storage.atomic import RECORD_BYTES, read_json
from headlapse.storage.filesystem import file_size

if TYPE_CHECKING:
    import numpy as np

    from headlapse.families.axes import Axis
    from headlapse.families.base import Family
    from headlapse.families.tasks import Task
    from headlapse.results.checkpoints import Checkpoint
    from headlapse.results.loader import ArtifactLoader
    from headlapse.results.losses import Losses
    from headlapse.results.run_layout import RunLayout
    from headlapse.results.scalars import Scalars

PATTERNS = "attention_patterns"


@dataclass(frozen=True)
class Variant:
    """One member of a family, identified by its settings, with its files under `results/{family}/{variant}`."""

    family: Family
    settings: Mapping[str, Any]
    results: Path
    import_source: ImportSource | None = None  # of an imported variant; `settings` then holds the known ones

    @classmethod
    def open(cls, folder: Path, family: Family) -> Self:
        """The variant in `folder`, as its config.json states it.

        Raises `FileStateError` if the config cannot be read or is of another family, `InvalidValueError` if a setting is out of
        range.
        """
        path = VariantPaths(folder).config
        config = _read_config(VariantPaths(folder))
        settings = config.get("settings")
        if config.get("family") != family.name or not isinstance(settings, dict):
            raise IncompatibleFileError(path, f"is not of family {family.name}", "move the folder where it belongs")
        import_source = ImportSource.parse(config["origin"]) if "origin" in config else None
        known = family.resolve(settings) if import_source is None else family.check(settings)
        variant = cls(family, known, folder.parent.parent, import_source)
        if variant.name != folder.name:
            remedy = f"rename the folder back, or restore {family.path} as it was when the variant was made"
            raise IncompatibleFileError(path, f"describes {variant.name}", remedy)
        variant.check_unchanged(config)
        return variant

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", FrozenMapping(self.settings))

    def __hash__(self) -> int:
        return hash((self.family, self.settings, self.results, None if self.import_source is None else self.import_source.name))

    @cached_property
    def name(self) -> str:
        return self.family.variant_name(self.settings) if self.import_source is None else self.import_source.name

    @property
    def shape(self) -> Mapping[str, int]:
        """The differences from the family's architecture; empty for a variant that was trained here."""
        return {} if self.import_source is None else self.import_source.shape

    @property
    def model(self) -> dict[str, Any]:
        """The parts of the family that determine the weights, besides the settings: task, architecture and shape."""
        architecture = self.family.spec.architecture.model_dump(exclude_defaults=True)
        return {"task": self.family.spec.task, **architecture, **self.shape}

    @property
    def task(self) -> Task:
        """Inputs, correct answers and split."""
        return self.family.task

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that the inputs of its analysis enumerate, in C order."""
        return self.family.axes(self.settings)

    @property
    def position_labels(self) -> tuple[str, ...]:
        """One label per token position."""
        return tuple(self.family.position_labels)

    @property
    def head_labels(self) -> tuple[str, ...]:
        """One name per head of all layers."""
        return self.model_config.head_labels

    @property
    def family_name(self) -> str:
        """The name of its family and of the parent folder."""
        return self.family.name

    @property
    def label(self) -> str:
        """Its name without that of its family, split into parts: "p113 · seed999 · dseed598"."""
        return label_of(self.family.spec, self.name)

    @property
    def short_label(self) -> str:
        """A short name for file names."""
        return short_label_of(self.family.spec, self.name)

    @property
    def short_names(self) -> Mapping[str, str]:
        """The letters that stand for settings in its name."""
        return short_names(self.family.spec)

    @property
    def title(self) -> str:
        """The task of its family, in words."""
        return self.family.spec.title

    @property
    def analyzers(self) -> Sequence[str]:
        """The analyzers per epoch that its family names."""
        return self.family.spec.analyzers

    @property
    def cross_epoch_analyzers(self) -> Sequence[str]:
        """The analyzers across epochs that its family names."""
        return self.family.spec.cross_epoch_analyzers

    @property
    def views(self) -> Sequence[str]:
        """The views that its family names."""
        return self.family.spec.visualizations

    @property
    def probe(self) -> np.ndarray:
        """Every input, int64 `(inputs, positions)`."""
        return self.family.probe(self.settings)

    @cached_property
    def labels(self) -> RunLabels:
        """The words of its pictures."""
        return RunLabels(self.head_labels, self.position_labels, self.axes)

    @cached_property
    def paths(self) -> VariantPaths:
        return VariantPaths(self.results / self.family.name / self.name)

    @property
    def artifacts_dir(self) -> Path:
        """Folder of the analyzers' arrays; give it to `ArtifactLoader`."""
        return self.paths.artifacts.root

    @property
    def artifacts(self) -> ArtifactLoader:
        from headlapse.results.loader import ArtifactLoader

        return ArtifactLoader(self.artifacts_dir, self.made_from, lambda: self.layout)

    @cached_property
    def layout(self) -> RunLayout:
        """The sizes that its artifacts share."""
        from headlapse.results.run_layout import RunLayout

        return RunLayout.of(self.model, self.settings)

    @property
    def epochs(self) -> list[int]:
        """Epochs with a checkpoint or an artifact, ascending; epoch N is the model after N optimizer steps."""
        return self.paths.all_epochs()

    @property
    def checkpoint_epochs(self) -> list[int]:
        """Epochs with a checkpoint, ascending."""
        return self.paths.epochs()

    @property
    def scalars(self) -> Scalars:
        """Accuracies of the checkpoints, by name."""
        from headlapse.results.scalars import Scalars

        return Scalars(self.paths)

    @property
    def losses(self) -> Losses:
        """Train and test loss of every epoch so far, including those of a running training. Raises `CorruptFileError`."""
        from headlapse.results.losses import read_losses

        with self.suited_remedies():
            losses = read_losses(self.paths.losses, read_epoch(self.paths.training_state))
        return losses if self.import_source is None else replace(losses, of_checkpoints=self.import_source.losses)

    @property
    def config(self) -> dict[str, Any]:
        """The content of config.json. Raises `MissingFileError` if the variant never trained."""
        with self.suited_remedies():
            return read_json(self.paths.config, RECORD, RECORD_BYTES)

    @property
    def status(self) -> dict[str, Any]:
        """State, epoch, target and last losses of the run; empty if it never trained."""
        with self.suited_remedies():
            return read_status(self.paths)

    @property
    def metadata(self) -> dict[str, Any]:
        """The content of metadata.json: `train_losses`, `test_losses`, `train_indices`, `test_indices`, `checkpoint_epochs`.

        The losses come from the journal while a run is training, or after it was killed. A test loss that was not evaluated is
        None. Raises `MissingFileError` if the variant never trained.
        """
        with self.suited_remedies():
            metadata = self.read_metadata(RECORD)
        return metadata | {"checkpoint_epochs": self.checkpoint_epochs} | self.losses.as_lists()

    def read_metadata(self, remedy: str) -> dict[str, Any]:
        """The content of metadata.json on disk. Raises `MissingFileError` or `CorruptFileError`, which advise `remedy`."""
        from headlapse.results import file_sizes
        from headlapse.results.losses import LOSS_BYTES

        journal = file_size(self.paths.losses) // LOSS_BYTES
        epochs = max([journal, read_epoch(self.paths.training_state), *self.checkpoint_epochs])
        most = file_sizes.most_in_metadata(epochs, self.family.task.n_inputs(self.settings))
        return read_json(self.paths.metadata, remedy, most)

    @property
    def is_untrained(self) -> bool:
        """Whether it has no checkpoints and could be trained."""
        return self.import_source is None and not self.checkpoint_epochs

    @property
    def was_trained_here(self) -> bool:
        """Whether it has begun to train, and so has losses, a training state and records; imported variants have not."""
        return self.import_source is None and (self.paths.training_state.exists() or bool(self.checkpoint_epochs))

    @property
    def state(self) -> State:
        """untrained, training, cancelled or failed (either can be continued), trained, or analysed (every checkpoint)."""
        return self.run_state.state

    @property
    def run_state(self) -> RunState:
        """State, epochs and status together."""
        return read_run_state(self.paths, self.analyzers, lambda name: why_unsuited(name, self.axes))

    def checkpoint(self, epoch: int) -> Checkpoint:
        """The verified weights at `epoch`. Raises a `FileStateError` naming path and remedy."""
        from headlapse.results.checkpoints import read_checkpoint
        from headlapse.results.file_sizes import most_in_checkpoint

        epoch = checks.whole("epoch", epoch)
        path, identity = self.paths.checkpoint(epoch), self.identity(epoch)
        with self.suited_remedies():
            try:
                return read_checkpoint(path, identity, most_in_checkpoint(self.model_config))
            except MissingFileError as error:
                raise without_checkpoint(path, epoch, self.checkpoint_epochs) from error

    @property
    def training_state(self) -> Checkpoint:
        """The verified state from which training continues. Raises a `FileStateError` naming path and remedy."""
        from headlapse.results.checkpoints import read_checkpoint
        from headlapse.results.file_sizes import most_in_training_state

        return read_checkpoint(self.paths.training_state, self.identity, most_in_training_state(self.model_config))

    def checkpoint_hash(self, epoch: int) -> str:
        """The sha256 in the header of the checkpoint at `epoch`; reads the header only."""
        epoch = checks.whole("epoch", epoch)
        with self.suited_remedies():
            return read_hash(self.paths.checkpoint(epoch), self.identity(epoch))

    def record(self, epoch: int) -> dict[str, Any]:
        """Known losses (nats) and accuracies of the weights at `epoch`. Raises a `FileStateError`.

        They are stored beside the checkpoints; those that an earlier version wrote only into the checkpoint are read from it.
        """
        beside: dict[str, float] = {}
        self.identity(checks.whole("epoch", epoch))  # raises if the family has changed
        with suppress(CorruptFileError):  # `headlapse check` reports it
            beside = self.scalars.at(epoch)
        if TEST_ACCURACY not in beside:
            return self.checkpoint(epoch).extra
        losses = self.losses.at(epoch) if epoch else (math.nan, math.nan)
        known = zip(("train_loss", "test_loss"), losses, strict=True)
        return {name: loss for name, loss in known if math.isfinite(loss)} | beside

    def test_accuracies(self) -> dict[int, float]:
        """Test accuracy, in [0, 1], by epoch, for epochs where it is stored beside the checkpoints."""
        return test_accuracies(self.paths, self.epochs)

    def made_from(self, epoch: int) -> dict[str, str | int]:
        """The origin that an artifact of `epoch` must state; without the checkpoint's hash if the checkpoint is gone."""
        found = asdict(self.identity(epoch))
        try:
            return {**found, "checkpoint_sha256": self.checkpoint_hash(epoch)}
        except FileStateError:
            return found

    def patterns(self, epoch: int) -> np.ndarray:
        """`patterns[head, to, from, a, b]` at `epoch`: the share of attention, in [0, 1], float32.

        Raises a `FileStateError` naming path and remedy if the epoch was not analysed.

        >>> patterns = variant.patterns(60)
        >>> patterns.dtype, patterns.shape
        (dtype('float32'), (4, 3, 3, 7, 7))
        >>> bool(abs(patterns.sum(axis=2) - 1).max() < 1e-6)  # over the positions attended to
        True
        """
        epoch = checks.whole("epoch", epoch)
        with self.suited_remedies():
            try:
                return self.artifacts.load_epoch(PATTERNS, epoch)["patterns"]
            except MissingFileError as error:
                if epoch in (epochs := self.checkpoint_epochs):
                    raise
                raise without_checkpoint(error.path, epoch, epochs) from error

    @cached_property
    def model_config(self) -> ModelConfig:
        """The model of its checkpoints."""
        return ModelConfig.of(self.family, self.settings, self.shape)

    def identity(self, epoch: int) -> Identity:
        """The identity of the files of `epoch`. Raises `IncompatibleFileError` if the family has changed."""
        return self._identities(epoch)

    def check_unchanged(self, config: Mapping[str, Any] | None = None) -> None:
        """Raise `IncompatibleFileError` if the variant was made with another task, architecture or settings than now.

        `config` is by default that on disk. Values that it lacks, because it is old, missing or damaged, count as unchanged.
        """
        recorded = self._recorded_config() if config is None else config
        unsaid = self.family.spec.architecture.defaults() if "model" in recorded else {}
        changed = [
            f"{name} {found!r}, which is {values.get(name)!r} now"
            for then, values in (
                (unsaid | recorded.get("model", {}), unsaid | self.model),
                (recorded.get("settings", {}), self.settings),
            )
            for name, found in then.items()
            if values.get(name) != found
        ]
        if changed:
            last = "train with --restart" if self.import_source is None else IMPORT_AGAIN
            remedy = f"restore {self.family.path}, give the changed family a name of its own, or {last}"
            raise IncompatibleFileError(self.paths.config, f"was made with {', '.join(changed)}", remedy)

    def _recorded_config(self) -> Mapping[str, Any]:
        try:
            return self.config
        except (MissingFileError, CorruptFileError):
            return {}

    @cached_property
    def _identities(self) -> Callable[[int], Identity]:
        """Cached, so that a run that is read often is compared with its config.json only once."""
        self.check_unchanged()
        return partial(Identity, self.family.name, self.name)

    def suited_remedy(self, remedy: str) -> str:
        """The remedy for this variant, given the `remedy` for one that was trained here."""
        return suited(remedy, is_artifact=False, origin=self._kind)

    def suited_remedies(self) -> AbstractContextManager[None]:
        """Within the block, errors about an imported variant's files advise importing it again instead of training it."""
        return suited_to(self.paths, self._kind)

    @property
    def _kind(self) -> Origin:
        return Origin.TRAINED if self.import_source is None else Origin.IMPORTED

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        return f"<Variant {self.family.name}: {settings}; {self.state}, {counted(len(self.checkpoint_epochs), 'checkpoint')}>"


def check_variant(value: object) -> Variant:
    """`value` if it is a variant. Raises `InvalidValueError` otherwise."""
    return checks.instance("variant", value, Variant, "a variant, as family.variant(...) or load_variant(...) gives it")


def _read_config(paths: VariantPaths) -> dict[str, Any]:
    try:
        return read_json(paths.config, RECORD, RECORD_BYTES)
    except FileStateError:
        check_ours(paths.root)
        with suited_to(paths, Origin.IMPORTED if seems_imported(paths) else Origin.TRAINED):
            raise
