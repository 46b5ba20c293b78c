"""Numbers, heads and position pairs as researchers read them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

NOT_KNOWN = "–"  # noqa: RUF001 -- an en dash, as tables have it


def epoch_in_words(epoch: int) -> str:
    """10400 -> 'epoch 10,400'."""
    return f"epoch {epoch:,}"


def loss_in_words(loss: float) -> str:
    """Two digits: 1.6e-07 -> '1.6e-7', 0.1123 -> '0.11'; a dash where it is not known."""
    if not isfinite(loss):
        return NOT_KNOWN
    if loss == 0 or 0.001 <= abs(loss) < 100:
        return f"{loss:#.2g}".removesuffix(".")
    mantissa, exponent = f"{loss:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def head_in_words(head: int, layer: int | None = None) -> str:
    """'Head 1' in a one-layer model (`layer` None), 'L0H1' where there are layers."""
    return f"Head {head}" if layer is None else f"L{layer}H{head}"


def position_in_words(position: int, position_labels: Sequence[str] | None) -> str:
    """'=' in the labels given; 'position 2' without."""
    return f"position {position}" if position_labels is None else position_labels[position]


def pair_in_words(to_position: int, from_position: int, position_labels: Sequence[str] | None) -> str:
    """'= attending to a' in the labels given; 'position 2 attending to position 0' without."""
    to, from_ = (position_in_words(position, position_labels) for position in (to_position, from_position))
    return f"{to} attending to {from_}"
