"""The files of a recording: scalars, artifacts, weights and status. One process writes, and holds the lock of the run."""

from __future__ import annotations

import math
import time
import weakref
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from headlapse.errors import WriteFailedError
from headlapse.results.artifacts import Provenance, write_artifact
from headlapse.results.checkpoints import content_hash, write_checkpoint
from headlapse.results.paths import RECORDED
from headlapse.results.recorded import PATTERNS, RecordedRun
from headlapse.results.scalar_names import JOURNAL
from headlapse.results.scalars import append_finished
from headlapse.storage.atomic import move, remove, write_bytes, write_json
from headlapse.storage.journal import Appender, append_together
from headlapse.storage.journal_arrays import pack
from headlapse.storage.lock import locked

PATTERNS_VERSION = 1  # of the analyzer whose artifacts these are
SECONDS_BETWEEN_NOTES = 2.0


class RunFiles:
    """The files of a recorder. Raises `BusyError` if another process records this run, and `WriteFailedError`."""

    def __init__(self, run: RecordedRun, probe_sha256: str) -> None:
        self.run, self._probe_sha256 = run, probe_sha256
        held = ExitStack()
        held.enter_context(locked(run.paths.lock, "record"))
        self._release = weakref.finalize(self, _released, held)  # at the latest when the interpreter ends
        self._journals: dict[str, Appender] = {}
        self._noted = -math.inf

    def write_scalars(self, epochs: Mapping[str, int], values: Mapping[str, float]) -> None:
        """Append one record per name; the records survive a kill of the process at once."""
        for name in values:
            if name not in self._journals:
                self._journals[name] = append_finished(self.run.paths, name)
        append_together([(self._journals[name], epochs[name], value) for name, value in values.items()])

    def write_patterns(self, epoch: int, patterns: np.ndarray) -> None:
        """Write the artifact of an epoch, flushed to disk, after the scalars."""
        self.sync()
        arrays = {"patterns": patterns}
        provenance = Provenance(
            RECORDED, self.run.name, epoch, PATTERNS, PATTERNS_VERSION, content_hash(arrays), self._probe_sha256
        )
        write_artifact(self.run.paths.artifacts.file(PATTERNS, epoch), arrays, provenance)

    def write_weights(self, epoch: int, model: nn.Module, record: Mapping[str, float]) -> None:
        """Write the weights of an epoch as safetensors under the model's names; bfloat16 becomes float32, which is exact."""
        state = {name: value for name, value in model.state_dict().items() if isinstance(value, torch.Tensor)}
        arrays = {name: _array(tensor) for name, tensor in state.items()}
        known = {name: value for name, value in record.items() if math.isfinite(value)}
        write_checkpoint(self.run.paths.checkpoint(epoch), arrays, self.run.identity(epoch), known)

    def write_status(self, state: str, epoch: int, values: Mapping[str, float], at_once: bool = True, **more: Any) -> None:
        """Write the state of the recording; without `at_once`, only if the last write was some seconds ago."""
        now = time.monotonic()
        if not at_once and now - self._noted < SECONDS_BETWEEN_NOTES:
            return
        self._noted = now
        losses = {name: _finite_or_none(values.get(name)) for name in ("train_loss", "test_loss")}
        status = {"variant": self.run.name, "state": state, "epoch": epoch, "updated": time.time(), **losses, **more}
        write_json(self.run.paths.status, status)

    def remove(self, epochs: Iterable[int]) -> None:
        """Delete the weights and artifacts of these epochs; scalars stay."""
        paths, artifacts = self.run.paths, self.run.paths.artifacts
        for epoch in epochs:
            remove([paths.checkpoint(epoch), *(artifacts.file(name, epoch) for name in artifacts.analyzers())])

    def set_aside(self, after: int) -> None:
        """Move the records of epochs after `after`, and the results for the whole run, into a folder of their own."""
        paths, folder = self.run.paths, self.run.paths.replaced_run(datetime.now())
        for path in _files_after(self.run, after):
            move([path], folder / path.parent.relative_to(paths.root))
        for name in paths.scalar_names():
            self._cut(name, after if is_of_step(name) else after + 1, folder)

    def _cut(self, name: str, first: int, folder: Path) -> None:
        """Move the records from epoch `first` on from a journal into `folder`."""
        path = self.run.paths.scalar(name)
        series = self.run.scalars[name]
        is_kept = series.epochs < first
        if is_kept.all():
            return
        others = pack(JOURNAL, series.epochs[~is_kept], series.values[~is_kept], start=0)
        write_bytes(folder / path.relative_to(self.run.paths.root), others)
        write_bytes(path, pack(JOURNAL, series.epochs[is_kept], series.values[is_kept], start=0))

    def sync(self) -> None:
        """Flush the scalars to the disk."""
        for journal in self._journals.values():
            journal.sync()

    def close(self) -> None:
        """Free the lock."""
        try:
            for journal in self._journals.values():
                journal.sync()
                journal.close()
        finally:
            self._journals = {}
            self._release()


def _released(held: ExitStack) -> None:
    """Free the lock, which is gone if the folder was removed."""
    with suppress(WriteFailedError):
        held.close()


def is_of_step(name: str) -> bool:
    """Whether a scalar was computed before the step, and so belongs to the previous epoch: `train_loss` and the like."""
    return name.startswith("train_")


def _files_after(run: RecordedRun, after: int) -> Iterable[Path]:
    """Weights before artifacts, so that an interruption leaves no weights without artifact; then the files of the whole run."""
    paths, artifacts = run.paths, run.paths.artifacts
    yield from [paths.checkpoint(epoch) for epoch in paths.epochs() if epoch > after]
    for name in artifacts.analyzers():
        yield from [artifacts.file(name, epoch) for epoch in artifacts.epochs(name) if epoch > after]
        if artifacts.has_run_file(name):
            yield artifacts.run_file(name)


def _array(tensor: torch.Tensor) -> np.ndarray:
    plain = tensor.detach().cpu()
    array: np.ndarray = (plain.float() if plain.dtype == torch.bfloat16 else plain).numpy()
    return array


def _finite_or_none(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
