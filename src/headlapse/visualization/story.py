"""The facts for the line under the heads of a run; `web/dashboard/story.ts` has the words."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from headlapse.errors import FileStateError, HeadlapseError
from headlapse.results.grokking import first_that_keeps
from headlapse.results.loader import ArtifactLoader
from headlapse.results.paths import state_of
from headlapse.results.run import Run
from headlapse.results.scalar_names import TEST_ACCURACY, TRAIN_ACCURACY
from headlapse.results.validation import check_arrays
from headlapse.visualization.lock_in_table import lock_in_rows

PATTERNS, LOCK_IN = "attention_patterns", "attention_lock_in"
READS = {"patterns": "head to from *axes"}
EVEN = 0.97  # of the largest entropy that a head can have
MOST_BYTES = 100_000_000  # of an artifact that may be read for this
PAIR = 2  # axes: an input is a pair of numbers


def facts(run: Run) -> dict[str, Any]:
    """The known facts of the run; unrecorded ones are null.

    `memorised_at` and `grokked_at` are the first checkpoints from which train and test accuracy stay at least 0.99.
    `test_accuracy` is that of the newest checkpoint. `even` is the number of heads that spread their attention evenly at the
    first epoch with an artifact. `lock_in` has the epoch at which each head locks in, relative to `last`. Files are read again
    when one of them has changed.
    """
    return deepcopy(_facts(_Read(run.paths.root, _fingerprint(run), run)))


@dataclass(frozen=True)
class _Read:
    """A run, and the state of the files that its facts come from."""

    folder: Path
    fingerprint: tuple[object, ...]
    run: Run = field(compare=False)


def _fingerprint(run: Run) -> tuple[object, ...]:
    paths = run.paths
    first = [paths.artifacts.file(PATTERNS, epoch) for epoch in run.artifacts.get_epochs(PATTERNS)[:1]]
    scalars = [paths.scalar(name) for name in (TRAIN_ACCURACY, TEST_ACCURACY)]
    files = [paths.config, *scalars, paths.artifacts.run_file(LOCK_IN), *first]
    return (tuple(run.epochs), tuple(first), *map(state_of, files))


@lru_cache(maxsize=256)
def _facts(read: _Read) -> dict[str, Any]:
    run = read.run
    train, test = _train_accuracies(run), run.test_accuracies()
    newest = max(test, default=None)
    return {
        "inputs": "pairs" if len(run.axes) == PAIR else "inputs",
        "memorised_at": first_that_keeps(train),
        "grokked_at": first_that_keeps(test),
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
            if run.artifacts.file(PATTERNS, epoch).stat().st_size <= MOST_BYTES:
                entropies = _entropies(run.artifacts, epoch)
                return {"epoch": epoch, "heads": sum(entropy >= EVEN for entropy in entropies), "of": len(entropies)}
    return None


def _entropies(artifacts: ArtifactLoader, epoch: int) -> tuple[float, ...]:
    """The mean entropy of each head's attention from the last position, as a share of the largest there can be."""
    arrays = artifacts.open_lazy(PATTERNS, epoch)
    check_arrays(artifacts.file(PATTERNS, epoch), arrays, READS, artifacts.n_axes)
    rows = np.asarray(arrays["patterns"][:, -1], np.float64)
    weights = rows.reshape(*rows.shape[:2], -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(weights > 0, -weights * np.log(weights), 0.0)
        return tuple((terms.sum(axis=1).mean(axis=1) / np.log(weights.shape[1])).tolist())
