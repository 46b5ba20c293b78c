"""Pictures: what is to be seen, before it is drawn. Figures, image files and canvases show the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal, TypedDict, Unpack

import numpy as np
from jaxtyping import Float

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.models.heads import head_labels
from headlapse.visualization.colors import ColorRange, ColorScale, color_scale

AXIS_NAMES = ("a", "b")  # of a renderer that is called without any


class Look(TypedDict, total=False):
    """How heat maps are drawn.

    `origin` is where row 0 stands: "upper" (default) or "lower". `color_range`, `scale` and `midpoint` are
    those of `color_scale`. `columns` is the number of heat maps side by side.
    """

    origin: Literal["upper", "lower"]
    color_range: ColorRange
    scale: str | None
    midpoint: float | None
    columns: int | None


@dataclass(frozen=True)
class HeatMaps:
    """Heat maps with square cells that share axes and colours: `values[panel, y, x]`, x to the right, y down or up.

    `subject` says what is shown, `title` also when; a picture that states its epoch elsewhere shows the subject.
    """

    values: Float[np.ndarray, "panel y x"]
    names: tuple[str, ...]
    subject: str
    title: str
    colors: ColorScale
    origin: str
    columns: int
    y_label: str
    x_label: str
    value_label: str = "attention"

    @property
    def rows(self) -> int:
        return ceil(len(self.names) / self.columns)


def heat_maps(
    values: Float[np.ndarray, "panel y x"],
    names: tuple[str, ...],
    *,
    axis_names: tuple[str, str],
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
    return HeatMaps(values, names, subject, title, colors, origin, min(wanted, len(names)), *axis_names, value_label)


def named_heads(labels: Sequence[str] | None, n_heads: int) -> tuple[str, ...]:
    """`labels`, or those of a one-layer model. Raises `InvalidValueError` where they name another number of heads."""
    if labels is not None and len(labels) != n_heads:
        raise InvalidValueError(f"head_labels must name {n_heads} heads, got {list(labels)}")
    return tuple(labels or head_labels(1, n_heads))


def two(axis_names: Sequence[str]) -> tuple[str, str]:
    """The names of rows and columns. Raises `InvalidValueError` where the inputs have another number of axes."""
    if len(axis_names) != 2:
        raise InvalidValueError(f"a grid of inputs has two axes, these have {len(axis_names)}: {', '.join(axis_names)}")
    return axis_names[0], axis_names[1]


def balanced_columns(panels: int) -> int:
    """Columns of a grid near a square, without empty places if four columns allow it: 4 -> 2, 8 -> 4."""
    square = ceil(sqrt(panels))
    return next((columns for columns in range(square, 5) if panels % columns == 0), square)
