"""The strongest frequencies of each head over training, with switches marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from jaxtyping import Float

from headlapse import checks
from headlapse.families.cyclic import LEAST_SHARE
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.controls import Choice
from headlapse.visualization.heads import chosen_heads
from headlapse.visualization.lines import Lines, Mark, Plot, Series
from headlapse.visualization.pictures import named_heads
from headlapse.visualization.position_controls import layer_controls
from headlapse.visualization.views import EpochData, Option, View, ViewRegistry

Quantity = Literal["auto", "score", "pattern"]
STRONGEST = 3
READS = {
    **dict.fromkeys(("epochs", "train_loss", "test_loss"), "epoch"),
    "score_share": "epoch head frequency",
    "pattern_share": "epoch head frequency",
    "dominant": "epoch head",
    "settled": "head",
    "grokking_epoch": "",
}


def frequency_marks(epoch_data: EpochData, head_labels: Sequence[str] | None = None) -> list[Mark]:
    """Where each head settles on a frequency, and where it switches from one to another, by epoch."""
    arrays = arrays_of(epoch_data, READS)
    names = named_heads(head_labels, len(arrays["settled"]))
    final = np.asarray(arrays["dominant"])[-1].tolist()
    marks = [
        Mark(int(epoch), f"{names[head]} settles on frequency {final[head]}", head)
        for head, epoch in enumerate(arrays["settled"].tolist())
        if math.isfinite(epoch)
    ]
    for epoch, head, before, after in np.asarray(epoch_data["switches"]).tolist():
        marks.append(Mark(epoch, f"{names[head]} switches from frequency {before} to {after}", head))
    return sorted(marks, key=lambda mark: mark.epoch)


def picture_frequency_timeline(
    epoch_data: EpochData, epoch: int | None, run: RunLabels, *, quantity: Quantity = "auto", layer: int | None = None
) -> Lines:
    """The shares of the three strongest frequencies of each head over epochs, a plot per head, and the losses.

    Strongest are those with the largest share at any epoch. `quantity` is the share in the "score", or in the "pattern" from
    the last position to the first; "auto" takes the score if it is known. Marks show where heads settle, switch and
    lock in, and where the run groks.
    """
    checks.one_of("quantity", quantity, ("auto", "score", "pattern"))
    arrays = arrays_of(epoch_data, READS)
    shares = _shares(arrays, quantity)
    heads, names, _ = chosen_heads(run, shares.shape[1], layer)
    epochs = np.asarray(arrays["epochs"], np.float64)
    chosen = [_strongest(head) for head in shares[:, heads].swapaxes(0, 1)]
    colors = {k: color for color, k in enumerate(dict.fromkeys(k for found in chosen for k in found))}
    plots = [
        Plot(
            name,
            tuple(Series(f"{name}: {k}", epochs, head[:, k - 1], colors[k]) for k in found),
            limits=(0.0, 1.0),
            levels=(LEAST_SHARE,),
        )
        for name, head, found in zip(names, shares[:, heads].swapaxes(0, 1), chosen, strict=True)
    ]
    return Lines(
        tuple(plots),
        subject="strongest frequencies of each head",
        epoch=checks.optional(checks.whole, "epoch", epoch),
        marks=tuple(_marks(epoch_data, run)),
        losses=_losses(arrays, epochs),
    )


def _marks(epoch_data: EpochData, run: RunLabels) -> list[Mark]:
    """Marks of frequencies, of lock-in if it was analysed, and of grokking."""
    from headlapse.visualization.attention_lock_in import lock_in_marks

    marks = frequency_marks(epoch_data, run.head_labels)
    if "lock_in" in epoch_data:
        marks += lock_in_marks(epoch_data, head_labels=run.head_labels)
    elif math.isfinite(float(epoch_data["grokking_epoch"])):
        marks.append(Mark(int(epoch_data["grokking_epoch"]), "test accuracy reaches 0.99"))
    return sorted(marks, key=lambda mark: mark.epoch)


def _shares(arrays: EpochData, quantity: Quantity) -> Float[np.ndarray, "epoch head frequency"]:
    score, pattern = (np.asarray(arrays[name], np.float64) for name in ("score_share", "pattern_share"))
    if quantity == "auto":
        return np.where(np.isnan(score), pattern, score)
    return score if quantity == "score" else pattern


def _strongest(shares: Float[np.ndarray, "epoch frequency"]) -> list[int]:
    """The frequencies with the largest share at any epoch, the strongest first; none if no share is known."""
    largest = np.nan_to_num(shares).max(axis=0)
    order = np.argsort(-largest, kind="stable")[:STRONGEST]
    return [int(place) + 1 for place in order if largest[place] > 0]


def _losses(arrays: EpochData, epochs: Float[np.ndarray, " epoch"]) -> Plot:
    parts = ("train", "test")
    series = tuple(Series(f"{part} loss", epochs, np.asarray(arrays[f"{part}_loss"], np.float64), part) for part in parts)
    return Plot("loss (nats)", series, log=True)


def _choice(value: str, words: str) -> tuple[Option, dict[str, Any]]:
    return Option(value, words), {"quantity": value}


ViewRegistry.register(
    View(
        name="head_frequency_timeline",
        title="How heads find their frequencies",
        analyzer="head_frequency_history",
        picture=picture_frequency_timeline,
        shows="lines",
        controls=lambda labels: (
            Choice(
                "quantity",
                "Share in",
                (_choice("auto", "Score if known"), _choice("score", "Score"), _choice("pattern", "Pattern")),
            ),
            *layer_controls(labels),
        ),
        marks=frequency_marks,
        reads={"dominant": "epoch head", "epochs": "epoch"},
        beside=("attention_lock_in",),
    )
)
