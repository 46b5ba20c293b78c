"""Frequencies of heads across variants, as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headlapse.families.cyclic import LEAST_SHARE
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.views import EpochData

KEY_SHARE = 0.05  # of the embedding's power; docs/frequencies.md says why
READS = {
    "pattern_share": "head to from frequency",
    "score_share": "head frequency",
    "embedding_power": "frequency",
    **dict.fromkeys(("fve", "frequency", "share"), "head"),
}


@dataclass(frozen=True)
class HeadFrequency:
    """One head: its dominant frequency, and that frequency's shares and explained variance.

    Unknown values are None, and so are all values if no frequency has a share of at least `LEAST_SHARE`. `pattern_share` is
    the share for the last position attending to the first, `fve` the variance of that pattern which the softmax of this
    frequency explains, `settled_epoch` the epoch from which it stays dominant.
    """

    head: str
    frequency: int | None
    pattern_share: float | None
    score_share: float | None
    fve: float | None
    settled_epoch: int | None


@dataclass(frozen=True)
class FrequencyRow:
    """One variant at an epoch. `key_frequencies` are those with at least `KEY_SHARE` of the embedding's power."""

    variant: str
    epoch: int
    key_frequencies: tuple[int, ...]
    heads: tuple[HeadFrequency, ...]


def frequency_row(
    variant: str, epoch: int, head_labels: Sequence[str], arrays: EpochData, settled: Sequence[float]
) -> FrequencyRow:
    """The row of a variant from the arrays of `head_frequencies` at an epoch, and the epoch at which each head settles."""
    found = arrays_of(arrays, READS)
    numbers = {name: np.asarray(found[name]) for name in READS}
    heads = (_head(label, head, numbers, settled[head]) for head, label in enumerate(head_labels))
    return FrequencyRow(variant, epoch, key_frequencies(numbers["embedding_power"]), tuple(heads))


def key_frequencies(power: np.ndarray) -> tuple[int, ...]:
    """The frequencies with at least `KEY_SHARE` of the power, ascending; none if the power is unknown."""
    total = power.sum()
    if not total > 0:
        return ()
    return tuple(int(place) + 1 for place in np.flatnonzero(power >= KEY_SHARE * total))


def _head(label: str, head: int, arrays: EpochData, settled: float) -> HeadFrequency:
    place = int(arrays["frequency"][head]) - 1
    is_dominant = place >= 0 and arrays["share"][head] >= LEAST_SHARE
    return HeadFrequency(
        label,
        place + 1 if is_dominant else None,
        _known(arrays["pattern_share"][head, -1, 0, place]) if is_dominant else None,
        _known(arrays["score_share"][head, place]) if is_dominant else None,
        _known(arrays["fve"][head]) if is_dominant else None,
        int(settled) if math.isfinite(settled) else None,
    )


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
