"""The user's object for a variant: train it, and look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from headlapse.results.epochs import check_epoch
from headlapse.results.variant import Variant as StoredVariant

if TYPE_CHECKING:
    from headlapse.workbench.snapshot import Snapshot


@dataclass(frozen=True, repr=False, eq=False)  # equal and hashed as the base says
class Variant(StoredVariant):
    """One member of a family, with its files."""

    def train(
        self,
        epochs: int | None = None,
        checkpoint_epochs: Sequence[int] | None = None,
        analyze: bool = True,
        **options: Any,
    ) -> Self:
        """Train to `epochs`, continuing where an earlier run stopped; see `headlapse.training.train`.

        >>> variant = family.variant(prime=5, train_fraction=0.6, results=results)
        >>> variant.train(epochs=10, checkpoint_every=5, progress=Silent()).epochs
        [0, 5, 10]
        """
        from headlapse.training import train

        train(self, epochs=epochs, checkpoint_epochs=checkpoint_epochs, analyze=analyze, **options)
        return self

    def at(self, epoch: int) -> Snapshot:
        """The variant at one of its `epochs`. Raises `OutOfRangeError` for another epoch, naming the nearest.

        >>> variant.at(40).patterns.shape  # (head, to, from, a, b)
        (4, 3, 3, 7, 7)
        >>> sorted(variant.at(40).record)
        ['test_accuracy', 'test_loss', 'train_accuracy', 'train_loss']
        """
        from headlapse.workbench.snapshot import Snapshot

        return Snapshot(self, check_epoch(epoch, self.epochs, self.name))
