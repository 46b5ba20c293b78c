"""A head and its reconstruction from one frequency: the real pattern, the reconstruction, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from headlapse import checks
from headlapse.errors import InvalidValueError, NoPictureError
from headlapse.families.cyclic import modulus, n_frequencies, residues, waves_of
from headlapse.models.last_scores import explained, from_table
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import array_of
from headlapse.visualization.axis_orders import order_controls
from headlapse.visualization.format import pair_in_words
from headlapse.visualization.heads import patterns_of
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import Grids, grids
from headlapse.visualization.planes import plane
from headlapse.visualization.position_controls import FromPosition, Head, ToPosition
from headlapse.visualization.views import EpochData, Option, View, ViewRegistry

NAMES = ("real", "one frequency", "difference (absolute)")
STRONGEST = "strongest"


def picture_one_frequency(
    epoch_data: EpochData,
    epoch: int,
    run: RunLabels,
    *,
    head_idx: int = 0,
    to_position: int = -1,
    from_position: int = 0,
    frequency: int | None = None,
    order: str | None = None,
) -> Grids:
    """The attention of a head from one position to another, its reconstruction from one `frequency`, and the difference.

    The default frequency is the head's strongest. From last to first position, if scores are known, the reconstruction is the
    softmax of the scores reduced to their means and that frequency, as for `fve` in `head_frequencies`; otherwise it is the
    nine terms of the pattern itself, which can leave [0, 1] if attention saturates.
    """
    shares = array_of(epoch_data, "pattern_share", "n_heads n_to n_from frequency")
    if "patterns" not in epoch_data:
        raise NoPictureError("the attention patterns of this epoch cannot be read; run headlapse analyze")
    patterns = patterns_of(epoch_data, run.axis_names)
    head = resolved("head_idx", head_idx, len(patterns))
    to, from_ = (
        resolved(name, place, size)
        for name, place, size in zip(
            ("to_position", "from_position"), (to_position, from_position), patterns.shape[1:3], strict=True
        )
    )
    k = _frequency(frequency, epoch_data, head, shares.shape[-1])
    real = np.asarray(patterns[head, to, from_], dtype=np.float64)
    made = _of_scores(epoch_data, run, head, k) if (to, from_) == (patterns.shape[1] - 1, 0) else None
    made = _of_pattern(real, run, k) if made is None else made
    values, axes = plane(np.stack([real, made, np.abs(real - made)]), run.axes, order=order)
    words = pair_in_words(to, from_, run.position_labels, run.from_position_labels)
    subject = f"{run.head_labels[head]}, {words}: frequency {k} explains {_percent(real, made)}"
    return grids(values, NAMES, axes, subject=subject, epoch=epoch, panel_label="pattern")


def _frequency(wanted: int | None, epoch_data: EpochData, head: int, n: int) -> int:
    if wanted is not None:
        k = checks.whole("frequency", wanted, least=1)
        if k > n:
            raise InvalidValueError(f"frequency must be 1 to {n}, got {k}")
        return k
    k = int(epoch_data["frequency"][head])
    if k == 0:
        raise NoPictureError("the attention of this head is constant, and has no frequency")
    return k


def _of_scores(epoch_data: EpochData, run: RunLabels, head: int, k: int) -> Float[np.ndarray, "a b"] | None:
    """The softmax of one frequency; None if the scores of this head are unknown."""
    lines = np.asarray(epoch_data["score_lines"])[head : head + 1]
    if np.isnan(lines).any():
        return None
    scores = from_table(lines, np.asarray(epoch_data["score_axes"]))
    natural = scores.pattern(scores.of_one_frequency(np.array([k])))[0]
    made: np.ndarray = natural[np.ix_(*(residues(axis) for axis in run.axes))]
    return made


def _of_pattern(real: Float[np.ndarray, "a b"], run: RunLabels, k: int) -> Float[np.ndarray, "a b"]:
    """The mean and the nine terms of one frequency."""
    p = len(real)
    basis = np.concatenate([np.full((1, p), p**-0.5), waves_of(p, k)])
    down, right = (basis[:, residues(axis)] for axis in run.axes)
    made: np.ndarray = down.T @ (down @ real @ right.T) @ right
    return made


def _percent(real: Float[np.ndarray, "a b"], made: Float[np.ndarray, "a b"]) -> str:
    if np.ptp(real) == 0:
        return "nothing, it is constant"
    return f"{100 * explained(real[None], made[None])[0]:.1f} %"


@dataclass(frozen=True)
class FrequencyChoice:
    """The frequency of the reconstruction."""

    n: int
    name: str = "frequency"
    label: str = "Frequency"
    extra: ClassVar[bool] = True

    def options(self, epoch_data: Any, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        numbers = (Option(str(k), str(k)) for k in range(1, self.n + 1))
        return [Option(STRONGEST, "The head's strongest"), *numbers]

    def arguments(self, value: str) -> dict[str, Any]:
        if value == STRONGEST:
            return {"frequency": None}
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= self.n):
            raise checks.wrong("frequency", f"{STRONGEST}, or 1 to {self.n}", value)
        return {"frequency": int(value)}


def _controls(labels: RunLabels) -> tuple[Any, ...]:
    p = modulus(labels.axes)
    positions = (ToPosition("cross", 1), FromPosition("cross", 2))
    return (Head(), *positions, *((FrequencyChoice(n_frequencies(p)),) if p else ()), *order_controls(labels.axes))


ViewRegistry.register(
    View(
        name="one_frequency_head",
        title="One frequency of a head",
        analyzer="head_frequencies",
        picture=picture_one_frequency,
        controls=_controls,
        reads={"cross": "head to from"},
        beside=("attention_patterns",),
    )
)
