"""What a program writes about a variant beside its weights: the request, the state, the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from headlapse.results.variant import Variant
from headlapse.storage.atomic import move, write_json

FORMAT = 1


def write_config(
    variant: Variant, schedule: Mapping[str, Any], versions: Mapping[str, str], arithmetic: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Record the request, and for a run how its sums are computed (`headlapse.training.arithmetic`)."""
    write_json(
        variant.paths.config,
        {
            "format": FORMAT,
            "family": variant.family.name,
            "variant": variant.name,
            "model": variant.model,
            "settings": dict(variant.settings),
            "schedule": dict(schedule),
            "versions": dict(versions),
            **({"arithmetic": list(arithmetic)} if arithmetic else {}),
            **({} if variant.import_source is None else {"origin": variant.import_source.to_json()}),
        },
    )


def write_status(variant: Variant, content: Mapping[str, Any]) -> None:
    """Record the state of the run, and the variant that it belongs to."""
    write_json(variant.paths.status, {"variant": variant.name, **content})


def write_metadata(variant: Variant, indices: Mapping[str, Sequence[int]]) -> None:
    """Record the outcome so far, under the names of `Variant.metadata`."""
    found = {**variant.losses.as_lists(), **indices, "checkpoint_epochs": variant.checkpoint_epochs}
    write_json(variant.paths.metadata, found)


def set_aside(variant: Variant) -> Path | None:
    """Move the files of the run into a folder of their own and return it; None if there are none.

    The files needed to continue are moved first, so that half a run is never continued. Raises `WriteFailedError`.
    """
    paths = variant.paths
    records = (paths.training_state, paths.losses, paths.scalars, paths.status, paths.metadata)
    present = [path for path in (*records, paths.artifacts.root, paths.checkpoints, paths.config) if path.exists()]
    if not present:
        return None
    folder = paths.replaced_run(datetime.now())
    move(present, folder)
    return folder
