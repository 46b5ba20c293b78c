"""The facts of a run that the line under its heads is made of; `web/dashboard/story.ts` has the words."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from headlapse.errors import FileStateError, HeadlapseError
from headlapse.results.grokking import first_that_keeps, grokked_at
from headlapse.results.loader import ArtifactLoader
from headlapse.results.run import Run
from headlapse.results.scalar_names import TRAIN_ACCURACY
from headlapse.results.validation import check_arrays
from headlapse.visualization.lock_in_table import lock_in_rows

PATTERNS, LOCK_IN = "attention_patterns", "attention_lock_in"
READS = {"patterns": "head to from *axes"}
EVEN = 0.97  # of the largest entropy that a head can have
MOST_BYTES = 100_000_000  # of an artifact that is read for this
PAIR = 2  # axes: an input is a pair of numbers


def facts(run: Run) -> dict[str, Any]:
    """What is known of the run; what is not recorded is null.

    `memorised_at` and `grokked_at` are the first checkpoints from which on train and test accuracy are at least 0.99.
    `test_accuracy` is that of the newest checkpoint. `even` says how many heads spread their attention evenly at the first
    epoch with an artifact. `lock_in` has the epoch at which each head locks in, relative to `last`.
    """
    train, test = _train_accuracies(run), run.test_accuracies()
    newest = max(test, default=None)
    return {
        "inputs": "pairs" if len(run.axes) == PAIR else "inputs",
        "memorised_at": first_that_keeps(train),
        "grokked_at": grokked_at(run),
        "has_train_accuracy": bool(train),
        "test_accuracy": None if newest is None else test[newest],
        "even": _even(run),
        **_lock_in(run),
    }


def _train_accuracies(run: Run) -> Mapping[int, float]:
    with suppress(FileStateError):
        return run.scalars.known(TRAIN_ACCURACY, set(run.epochs))
    return {}


def _lock_in(run: Run) -> dict[str, Any]:
    with suppress(HeadlapseError):
        (row,) = lock_in_rows([(run.name, run.artifacts.load_run(LOCK_IN))])
        return {"lock_in": list(row.heads), "last": row.last_epoch}
    return {"lock_in": None, "last": None}


def _even(run: Run) -> dict[str, int] | None:
    for epoch in run.artifacts.get_epochs(PATTERNS)[:1]:
        with suppress(OSError, HeadlapseError):
            state = run.artifacts.file(PATTERNS, epoch).stat()
            if state.st_size <= MOST_BYTES:
                entropies = _entropies(_Asked(run.paths.artifacts.root, epoch, state.st_mtime_ns, state.st_size, run.artifacts))
                return {"epoch": epoch, "heads": sum(entropy >= EVEN for entropy in entropies), "of": len(entropies)}
    return None


@dataclass(frozen=True)
class _Asked:
    """An artifact as it is on the disk now, and what reads it."""

    folder: Path
    epoch: int
    modified: int
    size: int
    artifacts: ArtifactLoader = field(compare=False)


@lru_cache(maxsize=256)
def _entropies(asked: _Asked) -> tuple[float, ...]:
    """The mean entropy of each head's attention from the last position, as a share of the largest there can be."""
    arrays = asked.artifacts.open_lazy(PATTERNS, asked.epoch)
    check_arrays(asked.artifacts.file(PATTERNS, asked.epoch), arrays, READS, asked.artifacts.n_axes)
    rows = np.asarray(arrays["patterns"][:, -1], np.float64)
    weights = rows.reshape(*rows.shape[:2], -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(weights > 0, -weights * np.log(weights), 0.0)
        return tuple((terms.sum(axis=1).mean(axis=1) / np.log(weights.shape[1])).tolist())
