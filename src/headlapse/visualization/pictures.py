"""Pictures: what is to be seen, before it is drawn. Figures, image files and canvases show the same one."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal, TypedDict

import numpy as np
from jaxtyping import Float

from headlapse.errors import InvalidValueError
from headlapse.visualization.colors import ColorRange, ColorScale, color_scale


class Look(TypedDict, total=False):
    """How heat maps are drawn.

    `origin` is where a = 0 stands: "upper" (default) or "lower". `color_range`, `scale` and `midpoint` are
    those of `color_scale`. `columns` is the number of heat maps side by side.
    """

    origin: Literal["upper", "lower"]
    color_range: ColorRange
    scale: str | None
    midpoint: float | None
    columns: int | None


@dataclass(frozen=True)
class HeatMaps:
    """Square heat maps that share axes and colours: `values[panel, a, b]`, b to the right, a down or up.

    `subject` says what is shown, `title` also when; a picture that states its epoch elsewhere shows the subject.
    """

    values: Float[np.ndarray, "panel p p"]
    names: tuple[str, ...]
    subject: str
    title: str
    colors: ColorScale
    origin: str
    columns: int
    x_label: str = "b"
    y_label: str = "a"
    value_label: str = "attention"

    @property
    def rows(self) -> int:
        return ceil(len(self.names) / self.columns)


def heat_maps(
    values: Float[np.ndarray, "panel p p"],
    names: tuple[str, ...],
    *,
    subject: str,
    title: str,
    origin: str = "upper",
    color_range: ColorRange = "fixed",
    scale: str | None = None,
    midpoint: float | int | None = None,
    columns: int | None = None,
    value_label: str = "attention",
) -> HeatMaps:
    """The picture of `values`. Raises `InvalidValueError` naming what is allowed."""
    if origin not in ("upper", "lower"):
        raise InvalidValueError(f"origin must be 'upper' or 'lower', got {origin!r}")
    if columns is not None and columns < 1:
        raise InvalidValueError(f"columns must be at least 1, got {columns}")
    columns = min(columns or balanced_columns(len(names)), len(names))
    colors = color_scale(values, color_range, scale, midpoint)
    return HeatMaps(values, names, subject, title, colors, origin, columns, value_label=value_label)


def balanced_columns(panels: int) -> int:
    """Columns of a grid near a square, without empty places if four columns allow it: 4 -> 2, 8 -> 4."""
    square = ceil(sqrt(panels))
    return next((columns for columns in range(square, 5) if panels % columns == 0), square)
