"""The epoch from which each input stays right: a heat map, with train and test inputs in separate panels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.heads import sizes_of
from headlapse.visualization.pictures import Grids, grids
from headlapse.visualization.planes import At, elsewhere, plane, plane_controls
from headlapse.visualization.views import EpochData, View, ViewRegistry

PARTS = {0: "train", 1: "test", -1: "train or test"}  # by the number that the analyzer gives them


def right_from(epochs: np.ndarray, right: np.ndarray) -> Float[np.ndarray, "*axes"]:
    """The first epoch from which each input stays right, NaN if it is wrong at the last; `right` is `(epoch, *axes)`."""
    wrong = np.asarray(right) == 0
    first = np.where(wrong.any(axis=0), len(wrong) - wrong[::-1].argmax(axis=0), 0)
    found: np.ndarray = np.append(np.asarray(epochs, np.float64), np.nan)[first]
    return found


def picture_input_correctness(
    epoch_data: EpochData,
    epoch: int | None,  # noqa: ARG001 -- part of the contract of views; the map tells of all epochs
    run: RunLabels,
    *,
    shown: Sequence[str] | None = None,
    at: At | None = None,
    order: str | None = None,
) -> Grids:
    """The first epoch from which each input stays right, over two axes of the inputs (see `planes.plane`).

    Each panel leaves out the inputs of the other part, and those that are wrong at the last epoch. Epochs are only as precise
    as the checkpoint spacing.
    """
    axes = sizes_of(run.axis_names)
    arrays = arrays_of(epoch_data, {"epochs": "epoch", "right": f"epoch {axes}", "part": f"epoch {axes}"})
    epochs, part = np.asarray(arrays["epochs"]), np.asarray(arrays["part"])[-1]
    from_ = right_from(epochs, arrays["right"])
    present = [which for which in PARTS if (part == which).any()]
    values = np.stack([np.where(part == which, from_, np.nan) for which in present])
    if len(run.axes) == 1:
        values, drawn = values[:, :, None], (run.axes[0], Axis("answer", 1))
    else:
        values, drawn = plane(values, run.axes, shown, at, order)
    return grids(
        values,
        [PARTS[which] for which in present],
        drawn,
        subject="epoch from which each input stays right" + elsewhere(run.axes, drawn, at),
        value_label="epoch",
        panel_label="inputs:",
        limits=(0.0, max(float(epochs[-1]), 1.0)),
        may_be_nan=True,
    )


ViewRegistry.register(
    View(
        name="input_correctness_map",
        title="When inputs become right",
        analyzer="input_correctness",
        picture=picture_input_correctness,
        controls=plane_controls,
        over_epochs=True,
    )
)
