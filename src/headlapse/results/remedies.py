"""Remedies for a damaged or missing file of a run that was trained here, imported or recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum

from headlapse.errors import FileStateError
from headlapse.results.paths import VariantPaths
from headlapse.storage.atomic import read_json

CHECKPOINT = "the other epochs are not affected; train with --restart to recreate it"
NO_CHECKPOINT = "train the variant, or pick another epoch"
TRAIN_FIRST = "train the variant first"
RECORD = "train the variant: the same command also continues a run, and writes this file again"
REPAIR = "run `headlapse check --repair` on the variant"
DIVERGED = "train again with a lower learning rate"
RECORD_AGAIN = "record the training again under another name, or resume it from an earlier step"
IMPORT_AGAIN = "import it again, under another --name or once its folder is removed"
FOR_IMPORTED: Mapping[str, str] = {
    CHECKPOINT: f"the other epochs are not affected; to have this one, {IMPORT_AGAIN}",
    NO_CHECKPOINT: "pick another epoch",
    TRAIN_FIRST: IMPORT_AGAIN,
    RECORD: IMPORT_AGAIN,
    REPAIR: IMPORT_AGAIN,
    DIVERGED: "pick another epoch",
}


FOR_RECORDED: Mapping[str, str] = {
    CHECKPOINT: f"the other epochs are not affected; to have this one, {RECORD_AGAIN}",
    NO_CHECKPOINT: "pick another epoch",
    TRAIN_FIRST: RECORD_AGAIN,
    RECORD: RECORD_AGAIN,
    REPAIR: RECORD_AGAIN,
    DIVERGED: "pick another epoch",
}


class Origin(Enum):
    """The source of a run, which decides what can restore its files."""

    TRAINED = "trained"
    IMPORTED = "imported"
    RECORDED = "recorded"

    @property
    def instead(self) -> Mapping[str, str]:
        """The advice for a run of this origin, by the advice for a trained run that it replaces."""
        return {Origin.IMPORTED: FOR_IMPORTED, Origin.RECORDED: FOR_RECORDED}.get(self, {})


@contextmanager
def suited_to(paths: VariantPaths, origin: Origin) -> Iterator[None]:
    """Within the block, errors about files of the run at `paths` advise what suits a run of this origin."""
    try:
        yield
    except FileStateError as error:
        remedy = suited(error.remedy, error.path.is_relative_to(paths.artifacts.root), origin)
        if remedy == error.remedy:
            raise
        raise type(error)(error.path, error.problem, remedy) from error


def suited(remedy: str, is_artifact: bool, origin: Origin) -> str:
    """`remedy`, or the one that replaces it; artifacts are repaired in the same way for every run."""
    is_same = is_artifact and remedy == REPAIR
    return remedy if is_same else origin.instead.get(remedy, remedy)


def seems_imported(paths: VariantPaths) -> bool:
    """Whether a variant whose config.json cannot be read was imported, judged by its status or by its name and files."""
    try:
        return bool(read_json(paths.status, REPAIR).get("state") == "imported")
    except FileStateError:
        has_own_name = paths.root.name.startswith(f"{paths.root.parent.name}_")
        return not has_own_name and not paths.training_state.exists()
