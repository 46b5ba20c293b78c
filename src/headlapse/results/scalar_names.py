"""Names of scalars with a meaning, and test accuracies read without numpy, because lists show many runs."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from headlapse.errors import FileStateError
from headlapse.results.paths import VariantPaths
from headlapse.results.remedies import REPAIR
from headlapse.storage.journal import Kind, count_written, read_plain

JOURNAL = Kind("epoch", "value", first_type="<i8")
TRAIN_LOSS, TEST_LOSS = "train_loss", "test_loss"  # in nats
TRAIN_ACCURACY, TEST_ACCURACY = "train_accuracy", "test_accuracy"  # in [0, 1]
MANY = 2**14  # records; for more, importing numpy pays off


def test_accuracies(paths: VariantPaths, epochs: Collection[int]) -> dict[int, float]:
    """The test accuracy at each of `epochs` with a record; empty if it cannot be read."""
    with suppress(FileStateError):
        return _known(paths, set(epochs))
    return {}


def _known(paths: VariantPaths, epochs: Collection[int]) -> dict[int, float]:
    path = paths.scalar(TEST_ACCURACY)
    if count_written(path) > MANY:
        from headlapse.results.scalars import Scalars

        return Scalars(paths).known(TEST_ACCURACY, epochs)
    return {int(epoch): value for epoch, value in read_plain(path, JOURNAL, REPAIR) if epoch in epochs}
