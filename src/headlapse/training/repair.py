"""Restore as much as possible from undamaged files, which are left alone."""

from __future__ import annotations

import math
from contextlib import suppress

from headlapse.errors import FileStateError
from headlapse.results.headers import read_epoch
from headlapse.results.losses import append_losses, count_losses, read_losses, salvage_losses
from headlapse.results.records import write_metadata, write_status
from headlapse.results.run import Run
from headlapse.results.scalars import salvage_scalars
from headlapse.results.variant import Variant
from headlapse.storage.lock import locked

NOT_KNOWN = math.nan


def repair(run: Run) -> None:
    """Remove leftovers, and restore losses, scalars, metadata, status and artifacts that are damaged or missing.

    Losses that are damaged in the journal are taken from metadata.json, or become NaN. Weights can only be restored by
    training, so they are left alone. Raises `BusyError` if another process works on the run.
    """
    with locked(run.paths.lock, "repair"):
        if isinstance(run, Variant) and run.was_trained_here:
            for repair_one in (_repair_losses, _repair_metadata, _repair_status):
                with suppress(FileStateError):  # it needs an unreadable file, which the next check reports
                    repair_one(run)
        with suppress(FileStateError):
            salvage_scalars(run.paths)
    _repair_artifacts(run)


def _repair_losses(variant: Variant) -> None:
    path, epochs = variant.paths.losses, _epochs_done(variant)
    with suppress(FileStateError):
        read_losses(path, read_epoch(variant.paths.training_state))
        if path.exists():
            return
    journal = salvage_losses(path, epochs)
    recorded = _recorded_losses(variant)
    train, test = (
        [_first_known(now, then) for now, then in zip(losses, _padded(known, epochs), strict=True)]
        for losses, known in zip((journal.train.tolist(), journal.test.tolist()), recorded, strict=True)
    )
    append_losses(path, 0, train, test)


def _epochs_done(variant: Variant) -> int:
    """The epoch of the training state; if that is damaged or missing, the largest that any other file states."""
    stated = read_epoch(variant.paths.training_state)
    return stated or max([count_losses(variant.paths.losses), len(_recorded_losses(variant)[0]), *variant.checkpoint_epochs])


def _recorded_losses(variant: Variant) -> tuple[list[float | None], list[float | None]]:
    try:
        metadata = variant.read_metadata("")
    except FileStateError:
        return [], []
    return metadata["train_losses"], metadata["test_losses"]


def _padded(losses: list[float | None], epochs: int) -> list[float | None]:
    return (losses + [None] * epochs)[:epochs]


def _first_known(*losses: float | None) -> float:
    return next((loss for loss in losses if loss is not None and not math.isnan(loss)), NOT_KNOWN)


def _repair_metadata(variant: Variant) -> None:
    try:
        variant.read_metadata("")
    except FileStateError:
        split = variant.family.task.split(variant.settings)
        write_metadata(variant, {"train_indices": split.train.tolist(), "test_indices": split.test.tolist()})


def _repair_status(variant: Variant) -> None:
    try:
        is_there = bool(variant.status)
    except FileStateError:
        is_there = False
    if not is_there:
        epoch = _epochs_done(variant)
        epochs = max(epoch, int(variant.config["schedule"].get("epochs", epoch)))
        state = "trained" if epoch >= epochs else "cancelled"
        train_loss, test_loss = (loss if math.isfinite(loss) else None for loss in variant.losses.at(epoch))
        losses = {"train_loss": train_loss, "test_loss": test_loss}
        write_status(variant, {"state": state, "epoch": epoch, "epochs": epochs, **losses})


def _repair_artifacts(run: Run) -> None:
    """Restore missing, damaged and stale artifacts, if there are any, also of analyzers that the family does not name."""
    from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
    from headlapse.analysis.analyzers import AnalyzerRegistry
    from headlapse.analysis.cross_epoch import CrossEpochRegistry

    present = run.artifacts.get_available_analyzers()
    if present:
        known = [name for name in present if AnalyzerRegistry.has(name) or CrossEpochRegistry.has(name)]
        names = dict.fromkeys([*run.analyzers, *run.cross_epoch_analyzers, *known])
        AnalysisPipeline(run, AnalysisRunConfig(analyzers=list(names))).run()
