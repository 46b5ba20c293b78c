"""What to do about a damaged or missing file: of a run that was trained here, or of an imported one, which cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from headlapse.errors import FileStateError
from headlapse.results.paths import VariantPaths
from headlapse.storage.atomic import read_json

CHECKPOINT = "the other epochs are not affected; train with --restart to recreate it"
NO_CHECKPOINT = "train the variant, or pick another epoch"
TRAIN_FIRST = "train the variant first"
RECORD = "train the variant: the same command also continues a run, and writes this file again"
REPAIR = "run `headlapse check --repair` on the variant"
DIVERGED = "train again with a lower learning rate"
IMPORT_AGAIN = "import it again, under another --name or once its folder is removed"
FOR_IMPORTED: Mapping[str, str] = {
    CHECKPOINT: f"the other epochs are not affected; to have this one, {IMPORT_AGAIN}",
    NO_CHECKPOINT: "pick another epoch",
    TRAIN_FIRST: IMPORT_AGAIN,
    RECORD: IMPORT_AGAIN,
    REPAIR: IMPORT_AGAIN,
    DIVERGED: "pick another epoch",
}


@contextmanager
def suited_to(paths: VariantPaths, is_imported: bool) -> Iterator[None]:
    """Within the block errors about files of the variant at `paths` say what to do with an imported one, where it is one."""
    try:
        yield
    except FileStateError as error:
        remedy = suited(error.remedy, error.path.is_relative_to(paths.artifacts.root), is_imported)
        if remedy == error.remedy:
            raise
        raise type(error)(error.path, error.problem, remedy) from error


def suited(remedy: str, is_artifact: bool, is_imported: bool) -> str:
    """`remedy`, or what to do instead; artifacts are repaired in the same way for every variant."""
    is_same = not is_imported or (is_artifact and remedy == REPAIR)
    return remedy if is_same else FOR_IMPORTED.get(remedy, remedy)


def seems_imported(paths: VariantPaths) -> bool:
    """Whether a variant whose config.json cannot be read was imported: as its status says, or else its name and files."""
    try:
        return bool(read_json(paths.status, REPAIR).get("state") == "imported")
    except FileStateError:
        has_own_name = paths.root.name.startswith(f"{paths.root.parent.name}_")
        return not has_own_name and not paths.training_state.exists()
