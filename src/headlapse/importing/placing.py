"""Place lists of losses on the axis of epochs.

A list without epochs is compared with the checkpoints and with the longest list. If only one distance between its entries fits,
it is used and a line states it; otherwise the user is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.importing.loss_lists import Series, is_finite
from headlapse.importing.loss_names import Part

SHORT = 2  # number of entries of a list that fits any distance
LONGEST = 50_000_000  # epochs
Placed = dict[Part, np.ndarray]


def place(
    series: Mapping[Part, Series], epochs: Sequence[int], every: Fraction | None, stated: Iterable[int] = ()
) -> tuple[Placed, list[str]]:
    """For each list, the loss at every epoch, NaN if there is none, and the inferences in words.

    `epochs` are those of the checkpoints, `every` is the distance that the user gave (0 leaves the losses out), `stated` are
    numbers of epochs in the source. Raises `InvalidValueError` for a list that could be placed in several ways.
    """
    if every == 0:
        return {}, [f"{found.name} left out, as asked" for found in series.values()]
    placed: Placed = {}
    notes: list[str] = []
    span = max(epochs)
    without = sorted((part for part in series if series[part].epochs is None), key=lambda part: -len(series[part].values))
    before: Series | None = None
    for part in without:
        found = series[part]
        step = _step(found, before, span, epochs, every, frozenset(stated))
        notes += _remarks(found, step, before, span, is_given=every is not None)
        placed[part] = _spread(found, [index * step for index in range(len(found.values))])
        if before is None and len(found.values) > SHORT:
            before, span = found, int((len(found.values) - 1) * step)
    notes += [_not_finite(found) for found in series.values() if not all(map(is_finite, found.known))]
    for part in series.keys() - set(without):
        placed[part] = _spread(series[part], list(map(Fraction, series[part].epochs or ())))
    return placed, notes


def _step(
    found: Series, longer: Series | None, span: int, epochs: Sequence[int], every: Fraction | None, stated: frozenset[int]
) -> Fraction:
    """Epochs between two entries of `found`."""
    length = len(found.values)
    fits_at_once = span <= length <= span + 2
    if every is not None and not (fits_at_once and longer is None and every != 1 and _is_first_of_two(found, every, span)):
        return every
    if length <= SHORT or fits_at_once or span < 2 or any(abs(length - total) <= 1 for total in stated if longer is None):
        return Fraction(1)
    if length > span + 2:
        return _beyond(found, span)
    if length > span // 2 + 1:  # entries two epochs apart would be fewer
        return Fraction(1)
    return Fraction(_inferred(found, longer, span, epochs))


def _is_first_of_two(found: Series, every: Fraction, span: int) -> bool:
    """Whether the given distance is not meant for this list, because it already has an entry for every epoch."""
    return every * (len(found.values) - 1) > 2 * span


def _beyond(found: Series, span: int) -> Fraction:
    """A list that continues after the last checkpoint, unless it looks like several entries per epoch."""
    length = len(found.values)
    for per_epoch, exact in ((length // span, length % span == 0), (length // (span + 1), length % (span + 1) == 0)):
        if exact:
            known = f"{found.name} has {length:,} entries for {span:,} epochs: {per_epoch} for each, or the run went on"
            options = f"--losses-every 1/{per_epoch}, or --losses-every 1"
            raise InvalidValueError(f"{found.path}: {known}; say which with {options}")
    return Fraction(1)


def _inferred(found: Series, longer: Series | None, span: int, epochs: Sequence[int]) -> int:
    """The only distance that fits the number of entries. Raises `InvalidValueError` if there is none or more than one.

    A distance that divides the epochs of all checkpoints is the most likely; among others, only one fits a long list.
    """
    length = len(found.values)
    from_zero = _distances(span, length - 1)  # measured at 0, k, 2k, ...
    before_end = _distances(span, length) if longer is None else set()  # the same, up to the step before the last checkpoint
    regular = {k for k in from_zero | before_end if all(epoch % k == 0 for epoch in epochs)}
    if len(regular) == 1:
        return regular.pop()
    if not regular and len(from_zero) == 1 and length**2 > 2 * span:
        return from_zero.pop()
    against = f"{len(longer.values):,} {longer.name}" if longer is not None else f"{span:,} epochs"
    known = f"{found.name} has {length:,} entries for {against}"
    raise InvalidValueError(f"{found.path}: {known}, which fits no single distance; give it with --losses-every")


def _distances(span: int, steps: int) -> set[int]:
    """Every whole distance that fits `steps` times into `span`."""
    return {k for k in range(max(2, span // (steps + 1)), span // steps + 1) if span // k == steps}


def _spread(found: Series, epochs: Sequence[Fraction]) -> np.ndarray:
    """The losses at whole epochs."""
    whole = [(int(epoch), value) for epoch, value in zip(epochs, found.values, strict=True) if epoch.denominator == 1]
    length = max((epoch for epoch, _ in whole), default=-1) + 1
    if length > LONGEST:
        raise InvalidValueError(f"{found.path}: {found.name} reach epoch {length - 1:,}, more than {LONGEST:,} epochs")
    losses = np.full(length, np.nan)
    for epoch, value in whole:
        losses[epoch] = value if value is not None and is_finite(value) else np.nan
    return losses


def _not_finite(found: Series) -> str:
    count = sum(not is_finite(value) for value in found.known)
    return f"{found.name}: {count:,} of {len(found.values):,} entries are no finite numbers; not known at these epochs"


def _remarks(found: Series, step: Fraction, longer: Series | None, span: int, is_given: bool) -> list[str]:
    length = len(found.values)
    if is_given:
        return []
    if step != 1:
        told = f"the {len(longer.values):,} {longer.name}" if longer is not None else "the checkpoints"
        known = f"one every {step} epochs from epoch 0, as {told} imply (--losses-every says otherwise)"
        return [f"{found.name}: {length:,} entries, {known}"]
    if length < span and longer is None:
        last = f"taken for epochs 0 to {length - 1:,}; later ones have none (--losses-every says otherwise)"
        return [f"{found.name}: {length:,} entries, {last}"]
    if length > span + 2 and longer is None:
        return [f"{found.name} go on to epoch {length - 1:,}, beyond the last checkpoint"]
    return []
