"""Pictures: the content of a view, before it is drawn. Figures, image files, canvases and pages draw the same pictures.

A picture is `Grids` (panels of values with two axes) or `Lines` (see `lines.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from math import ceil, sqrt
from typing import Literal, Self, TypedDict, Unpack

import numpy as np
from jaxtyping import Float

from headlapse import checks
from headlapse.errors import InvalidValueError, NoPictureError, OutOfRangeError
from headlapse.families.axes import Axis
from headlapse.models.heads import head_labels
from headlapse.visualization.colors import ATTENTION_RANGE, ColorRange, ColorScale, color_scale
from headlapse.visualization.format import epoch_in_words

AXIS_NAMES = ("a", "b")  # default of a renderer
BY_LAYER = "layer"


class Look(TypedDict, total=False):
    """How grids are drawn.

    `origin` is the place of row 0: "upper" (default) or "lower". `color_range`, `scale` and `midpoint` are those of
    `color_scale`. `columns` is the number of panels side by side, or "layer" for one row of panels per layer.
    """

    origin: Literal["upper", "lower"]
    color_range: ColorRange
    scale: str | None
    midpoint: float | None
    columns: int | Literal["layer"] | None


@dataclass(frozen=True)
class Curve:
    """A line over the cells of one panel: places on the two axes, in cells from 0, which may lie between cells."""

    panel: int
    rows: tuple[float, ...]
    columns: tuple[float, ...]


@dataclass(frozen=True)
class Opening:
    """What a click on a panel opens: a panel of another view, with these values of its controls.

    `places` names the controls that get the row and the column of the clicked cell, if any.
    """

    view: str
    panel: int
    choices: Mapping[str, str]
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grids:
    """Panels with square cells that share axes and colours: `values[panel, y, x]`, y down (or up), x to the right.

    `subject` says what is shown; `heading` adds the epoch. `limits` is the default range of the colours, the same at every
    epoch. `groups` gives the layer of each panel, or another group that shares a row. NaN is not drawn. `openings` gives what
    each panel opens; without them, a click enlarges the panel.
    """

    values: Float[np.ndarray, "panel y x"]
    names: tuple[str, ...]
    axes: tuple[Axis, Axis]
    subject: str
    epoch: int | None = None
    title: str | None = None
    value_label: str = "attention"
    panel_label: str = "head"
    limits: tuple[float, float] = ATTENTION_RANGE
    groups: tuple[int, ...] = ()
    curves: tuple[Curve, ...] = ()
    openings: tuple[Opening, ...] = ()
    look: Look = field(default_factory=Look)

    def looking(self, **look: Unpack[Look]) -> Self:
        """The same picture with another look. Raises `InvalidValueError` or `UnknownNameError` naming what is allowed."""
        checks.known("argument", look, Look.__annotations__)
        origin, columns = look.get("origin", "upper"), look.get("columns")
        if not isinstance(origin, str) or origin not in ("upper", "lower"):
            raise checks.wrong("origin", "'upper' or 'lower'", origin)
        if columns is not None and not (isinstance(columns, str) and columns == BY_LAYER):
            checks.whole("columns", columns, least=1)
        looking = replace(self, look={**self.look, **look})
        _ = looking.colors  # refuses wrong values now
        return looking

    def only(self, panels: Sequence[int]) -> Self:
        """The picture of some of the panels. Raises `OutOfRangeError` for one that does not exist."""
        if not panels or not 0 <= min(panels) <= max(panels) < len(self.names):
            raise OutOfRangeError(f"panels must be among 0 to {len(self.names) - 1}, got {list(panels)}")
        curves = (replace(curve, panel=panels.index(curve.panel)) for curve in self.curves if curve.panel in panels)
        return replace(
            self,
            values=self.values[list(panels)],
            names=tuple(self.names[panel] for panel in panels),
            groups=tuple(self.groups[panel] for panel in panels) if self.groups else (),
            curves=tuple(curves),
            openings=tuple(self.openings[panel] for panel in panels) if self.openings else (),
        )

    @property
    def heading(self) -> str:
        """The title: as given, or subject and epoch."""
        if self.title is not None:
            return self.title
        return self.subject if self.epoch is None else f"{self.subject} · {epoch_in_words(self.epoch)}"

    @cached_property
    def colors(self) -> ColorScale:
        """The colours of the values."""
        color_range = self.look.get("color_range", "fixed")
        limits = self.limits if isinstance(color_range, str) and color_range == "fixed" else color_range
        return color_scale(self.values, limits, self.look.get("scale"), self.look.get("midpoint"))

    @property
    def origin(self) -> str:
        """The place of row 0: "upper" or "lower"."""
        return self.look.get("origin", "upper")

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Row and column of each panel."""
        columns = self.look.get("columns")
        if columns == BY_LAYER or (columns is None and len(set(self.groups)) > 1):
            rows = [list(panels) for _, panels in groupby(range(len(self.names)), key=self._group)]
            return tuple((row, column) for row, panels in enumerate(rows) for column in range(len(panels)))
        wide = balanced_columns(len(self.names)) if columns is None else min(int(columns), len(self.names))
        return tuple(divmod(panel, wide) for panel in range(len(self.names)))

    @property
    def rows(self) -> int:
        """Rows of panels."""
        return 1 + max(row for row, _ in self.places)

    @property
    def columns(self) -> int:
        """Columns of panels."""
        return 1 + max(column for _, column in self.places)

    def _group(self, panel: int) -> int:
        return self.groups[panel] if self.groups else 0


def grids(
    values: np.ndarray,
    names: Sequence[str],
    axes: Sequence[Axis],
    *,
    subject: str,
    epoch: int | None = None,
    value_label: str = "attention",
    panel_label: str = "head",
    limits: tuple[float, float] = ATTENTION_RANGE,
    groups: Sequence[int] = (),
    curves: Sequence[Curve] = (),
    may_be_nan: bool = False,
) -> Grids:
    """The picture of `values`, `(panel, y, x)`: one name per panel, two axes.

    Raises `InvalidValueError` for values of another shape, and for NaN or infinity unless `may_be_nan`: NaN is not drawn.
    """
    values = np.asarray(values)
    names, (down, right) = tuple(names), two(axes)
    if values.shape != (len(names), down.size, right.size):
        raise NoPictureError(f"values must be ({len(names)}, {down.size}, {right.size}), got {values.shape}")
    if not (np.isfinite(values) | np.isnan(values) if may_be_nan else np.isfinite(values)).all():
        raise NoPictureError(f"{value_label} holds NaN or infinity, and so no picture; look at the checkpoint it was made from")
    moment = None if epoch is None else checks.whole("epoch", epoch)
    return Grids(
        values,
        names,
        (down, right),
        subject,
        moment,
        value_label=value_label,
        panel_label=panel_label,
        limits=limits,
        groups=tuple(groups),
        curves=tuple(curves),
    )


def named_heads(labels: Sequence[str] | None, n_heads: int) -> tuple[str, ...]:
    """`labels`, or those of a one-layer model. Raises `InvalidValueError` if their number is not that of the heads."""
    if labels is not None and len(labels) != n_heads:
        raise InvalidValueError(f"head_labels must name {n_heads} heads, got {list(labels)}")
    return tuple(labels or head_labels(1, n_heads))


def two(axes: Sequence[Axis]) -> tuple[Axis, Axis]:
    """The axes of rows and columns. Raises `InvalidValueError` if there are not two."""
    if len(axes) != 2:
        names = ", ".join(axis.name for axis in axes)
        raise InvalidValueError(f"a grid has two axes, these are {len(axes)}: {names}")
    return axes[0], axes[1]


def balanced_columns(panels: int) -> int:
    """Columns of a grid near a square, without empty places if four columns allow it: 4 -> 2, 8 -> 4."""
    square = ceil(sqrt(panels))
    return next((columns for columns in range(square, 5) if panels % columns == 0), square)
