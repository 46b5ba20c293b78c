"""headlapse: watch attention heads form while a transformer learns.

    import headlapse
    family = headlapse.load_family("modulo_addition_1layer")
    variant = family.variant(prime=113, seed=999, data_seed=598)
    variant.train()

Importing this package is cheap: each function imports what it needs when it is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headlapse.errors import HeadlapseError
from headlapse.system.openmp import limit_spinning

if TYPE_CHECKING:
    from headlapse.importing import Imported, Outcome
    from headlapse.recording import Recorder
    from headlapse.sweep.api import sweep
    from headlapse.workbench import ModelFamily, RecordedRun, Variant

    __version__: str
else:
    from headlapse import sweep  # a package that can be called

    def __getattr__(name):
        """`__version__`, looked up on demand."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from headlapse.version import installed_version

        return installed_version()


limit_spinning()


def load_family(name: str, *folders: str | Path) -> ModelFamily:
    """The family called `name`, from the packaged definitions, `folders` or `HEADLAPSE_FAMILIES`.

    Raises `UnknownNameError` listing the known families, or `BrokenFamilyError` with the reason.

    >>> family = headlapse.load_family("modulo_addition_1layer")
    >>> family.variant(prime=7).settings["prime"]
    7
    """
    from headlapse.workbench import FamilyRegistry

    return FamilyRegistry(*folders).get(name)


def list_families(*folders: str | Path) -> list[str]:
    """Names of the usable families."""
    from headlapse.workbench import FamilyRegistry

    return FamilyRegistry(*folders).names()


def load_variant(folder: str | Path, *family_folders: str | Path) -> Variant | RecordedRun:
    """The run in a folder of results, e.g. `results/modulo_addition_1layer/modulo_addition_1layer_p113_seed999_dseed598`.

    A recorded run is in `results/recorded/NAME`. Raises `MissingFileError` if there is no run, or the error of an unusable
    config.json.

    >>> variant = headlapse.load_variant(folder)
    >>> variant.epochs
    [0, 20, 40, 60]
    """
    from headlapse import checks
    from headlapse.errors import MissingFileError
    from headlapse.results.paths import RECORDED, is_variant
    from headlapse.workbench import RecordedRun, Variant

    folder = checks.path("folder", folder).absolute()
    if not is_variant(folder):
        raise MissingFileError(folder, "holds no variant", "name the folder of one, such as results/FAMILY/VARIANT")
    if folder.parent.name == RECORDED:
        return RecordedRun.open(folder)
    return Variant.open(folder, load_family(folder.parent.name, *family_folders))


def import_checkpoints(paths: str | Path | Sequence[str | Path], **options: Any) -> Imported:
    """Import other people's checkpoints as a variant; see `headlapse.importing.import_checkpoints`."""
    from headlapse.importing import import_checkpoints

    return import_checkpoints(paths, **options)


def import_variants(paths: str | Path | Sequence[str | Path], **options: Any) -> list[Outcome]:
    """Import every variant in files and folders; see `headlapse.importing.import_variants`."""
    from headlapse.importing import import_variants

    return import_variants(paths, **options)


def record(model: Any, name: str, probe: Any, **options: Any) -> Recorder:
    """Record the attention of a PyTorch model while your own loop trains it; see `headlapse.recording.record`."""
    from headlapse.recording import record

    return record(model, name, probe, **options)


def scrub(variant: Variant, view: str = "attention_heads_grid", *, widget: bool | None = None) -> Any:
    """Scrub through training in a notebook; see `headlapse.notebook.scrub`."""
    from headlapse.notebook import scrub

    return scrub(variant, view, widget=widget)


def table(results: str | Path = "results", *family_folders: str | Path, to_position: int = -1) -> Any:
    """The runs in a results folder as a DataFrame of pandas or polars; see `headlapse.workbench.table.rows`.

    Raises `HeadlapseError` if neither is installed.
    """
    from headlapse.workbench.table import table

    return table(results, *family_folders, to_position=to_position)


def train_many(variants: Sequence[Variant], **options: Any) -> None:
    """Train several variants, those of one architecture in one batched step; see `headlapse.training.train_many`."""
    from headlapse.training import train_many

    train_many(variants, **options)


def to_bridge(variant: Variant, epoch: int) -> Any:
    """The model at `epoch` as a TransformerLens 4 `TransformerBridge`, for use with its tools.

    Raises a `FileStateError` if there is no undamaged checkpoint at `epoch`, and `MissingExtraError` without the extra `lens`.
    TransformerLens 2 and 3 need no conversion: a checkpoint file has the names and shapes of their `HookedTransformer`.
    """
    from headlapse import checks
    from headlapse.extras import need
    from headlapse.results.variant import check_variant

    check_variant(variant)
    checks.whole("epoch", epoch)
    need("torch", "transformer_lens")
    import torch

    from headlapse.models.bridge import build_bridge
    from headlapse.models.config import ModelConfig
    from headlapse.models.layouts import weight_shapes
    from headlapse.results.validation import check_weights

    config = ModelConfig.of(variant.family, variant.settings, variant.shape)
    arrays = variant.checkpoint(epoch).weights
    check_weights(variant.paths.checkpoint(epoch), arrays, weight_shapes(config))
    return build_bridge(config, {name: torch.tensor(array) for name, array in arrays.items()})


__all__ = [
    "HeadlapseError",
    "import_checkpoints",
    "list_families",
    "load_family",
    "load_variant",
    "record",
    "scrub",
    "sweep",
    "table",
    "to_bridge",
    "train_many",
]
