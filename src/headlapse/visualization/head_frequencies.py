"""Frequencies by head as a heat map: the share of each frequency in the head's scores and in its attention."""

from __future__ import annotations

import numpy as np

from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import array_of
from headlapse.visualization.format import pair_in_words
from headlapse.visualization.heads import chosen_heads
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import Grids, grids
from headlapse.visualization.position_controls import FromPosition, ToPosition, layer_controls
from headlapse.visualization.views import EpochData, View, ViewRegistry


def picture_head_frequencies(
    epoch_data: EpochData,
    epoch: int,
    run: RunLabels,
    *,
    to_position: int = -1,
    from_position: int = 0,
    layer: int | None = None,
) -> Grids:
    """The share of every frequency in every head.

    It shows the shares in the scores of the first position, if they are known, and in the attention from one position to
    another. Shares are of the energy without the constant, in [0, 1]. A saturated head mixes frequencies in the pattern but not
    in the score. A head whose attention is constant is empty.
    """
    shares = array_of(epoch_data, "pattern_share", "n_heads n_to n_from frequency")
    to = resolved("to_position", to_position, shares.shape[1])
    from_ = resolved("from_position", from_position, shares.shape[2])
    heads, names, _ = chosen_heads(run, len(shares), layer)
    panels = {"pattern": np.asarray(shares[heads, to, from_])}
    score = np.asarray(array_of(epoch_data, "score_share", "n_heads frequency"))[heads]
    if not np.isnan(score).all():
        panels = {"score": score, **panels}
    pair = pair_in_words(to, from_, run.position_labels, run.from_position_labels)
    axes = (Axis("head", len(names), tuple(name.removeprefix("Head ") for name in names)), frequency_axis(shares.shape[-1]))
    return grids(
        np.stack(list(panels.values())),
        tuple(panels),
        axes,
        subject=f"frequencies of heads, {pair}",
        epoch=epoch,
        value_label="share",
        panel_label="share in the",
        groups=range(len(panels)),  # below each other
        may_be_nan=True,
    )


def frequency_axis(n: int) -> Axis:
    """Frequencies 1 to n."""
    return Axis("frequency", n, tuple(str(k) for k in range(1, n + 1)))


ViewRegistry.register(
    View(
        name="head_frequencies_map",
        title="Frequencies of heads",
        analyzer="head_frequencies",
        picture=picture_head_frequencies,
        controls=lambda labels: (
            ToPosition("cross", 1),
            FromPosition("cross", 2),
            *layer_controls(labels),
        ),
        reads={"cross": "head to from"},
    )
)
