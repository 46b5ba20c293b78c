"""Pictures: what is to be seen, before it is drawn. Figures, image files and canvases show the same one."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal, TypedDict, Unpack

import numpy as np
from jaxtyping import Float

from headlapse import checks
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
    value_label: str = "attention",
    **look: Unpack[Look],
) -> HeatMaps:
    """The picture of `values`. Raises `InvalidValueError` or `UnknownNameError` naming what is allowed."""
    checks.known("argument", look, Look.__annotations__)
    origin, columns = look.get("origin", "upper"), look.get("columns")
    if not isinstance(origin, str) or origin not in ("upper", "lower"):
        raise checks.wrong("origin", "'upper' or 'lower'", origin)
    wanted = balanced_columns(len(names)) if columns is None else checks.whole("columns", columns, least=1)
    colors = color_scale(values, look.get("color_range", "fixed"), look.get("scale"), look.get("midpoint"))
    return HeatMaps(values, names, subject, title, colors, origin, min(wanted, len(names)), value_label=value_label)


def balanced_columns(panels: int) -> int:
    """Columns of a grid near a square, without empty places if four columns allow it: 4 -> 2, 8 -> 4."""
    square = ceil(sqrt(panels))
    return next((columns for columns in range(square, 5) if panels % columns == 0), square)
