"""Pictures of lines: series over epochs or along an axis, in one or more plots above each other, with marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from headlapse.errors import InvalidValueError
from headlapse.visualization.format import epoch_in_words

Color = int | str  # the number of a series; "train", "test" or "muted"; or a CSS colour
EPOCH = "epoch"


@dataclass(frozen=True)
class Series:
    """One line: `y` at `x`, NaN for missing values. `color` is the number of a colour of the theme, which repeat."""

    name: str
    x: Float[np.ndarray, " point"]
    y: Float[np.ndarray, " point"]
    color: Color = 0
    dashed: bool = False

    def __post_init__(self) -> None:
        if self.x.shape != self.y.shape or self.x.ndim != 1:
            raise InvalidValueError(f"{self.name} needs one y for each x, got {self.x.shape} and {self.y.shape}")


@dataclass(frozen=True)
class Plot:
    """Series that share a y axis, whose range is `limits` or that of the data; `levels` are horizontal lines."""

    label: str
    series: tuple[Series, ...]
    log: bool = False
    limits: tuple[float, float] | None = None
    levels: tuple[float, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A place on the x axis, e.g. an event of the run; `color` as in `Series`."""

    epoch: int
    label: str
    color: Color = "muted"


@dataclass(frozen=True)
class Lines:
    """Stacked plots that share an x axis; if that is `epoch`, the shown epoch is marked on it.

    `losses` is a plot that pages leave out, because they show the losses elsewhere.
    """

    plots: tuple[Plot, ...]
    subject: str
    x_label: str = EPOCH
    epoch: int | None = None
    title: str | None = None
    marks: tuple[Mark, ...] = ()
    losses: Plot | None = None
    x_ticks: tuple[str, ...] | None = None

    @property
    def heading(self) -> str:
        """The title: as given, or subject and epoch."""
        if self.title is not None:
            return self.title
        return self.subject if self.epoch is None else f"{self.subject} · {epoch_in_words(self.epoch)}"


def series_of(names: Sequence[str], x: np.ndarray, values: np.ndarray) -> tuple[Series, ...]:
    """One series per column of `values`, `(point, series)`, each in its own colour. Raises `InvalidValueError`."""
    if len(names) != np.shape(values)[1]:
        raise InvalidValueError(f"there must be a name for each of {np.shape(values)[1]} series, got {list(names)}")
    x, values = np.asarray(x, np.float64), np.asarray(values, np.float64)
    return tuple(Series(name, x, values[:, place], place) for place, name in enumerate(names))
