"""Tasks about two symbols whose training pairs come in batches, a random one for each step."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from headlapse.families.pair_task import PairTask
from headlapse.families.tasks import Batch, Settings

KEPT = 8  # sets of training pairs


class InBatches(PairTask):
    """Mix it into a task: each step trains on `batch_size` of the training pairs, or on all if there are fewer.

    Source: Power et al., "Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets" (2022), with 512 pairs.
    """

    def batch(self, settings: Settings, step: int) -> Batch:
        pairs = _training_pairs(self, tuple(sorted(settings.items())))
        size = min(int(settings["batch_size"]), len(pairs.labels))
        rows = np.random.default_rng([int(settings["data_seed"]), step]).choice(len(pairs.labels), size, replace=False)
        return Batch(pairs.tokens[rows], pairs.labels[rows])


@lru_cache(maxsize=KEPT)
def _training_pairs(task: PairTask, items: tuple[tuple[str, object], ...]) -> Batch:
    settings = dict(items)
    rows = task.split(settings).train
    return Batch(task.probe(settings)[rows], task.labels(settings)[rows])
