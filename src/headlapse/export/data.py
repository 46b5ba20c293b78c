"""The values of pictures as `.npz` and `.csv`, with labels for every axis and a description."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.export.line_plots import plots_of
from headlapse.export.naming import identity
from headlapse.export.sides import Sides
from headlapse.export.timelapse import Timelapse
from headlapse.families.axes import Axis
from headlapse.storage.npz import pack
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids

Arrays = Mapping[str, np.ndarray]


def as_npz(frames: Timelapse) -> bytes:
    """The arrays of all epochs, see `arrays`."""
    return bytes(pack(arrays(frames), identity(frames).encode()))


def sides_as_npz(sides: Sides) -> bytes:
    """The arrays of each side at all `moments`, with its number as a suffix: `values_0`, `values_1`, ..."""
    found: dict[str, np.ndarray] = {"moments": np.array([moment.epoch for moment in sides.moments], np.int64)}
    for number, side in enumerate(sides.frames):
        shown = replace(side, epochs=tuple(moment.shown[number] for moment in sides.moments))
        found |= {f"{name}_{number}": array for name, array in arrays(shown).items()}
    return bytes(pack(found, sides.identity.encode()))


def sides_as_csv(sides: Sides) -> bytes:
    """The rows of all sides at the only moment, below each other. Raises `InvalidValueError` if their axes have other names."""
    (moment,) = sides.moments
    shown = zip(sides.frames, moment.shown, strict=True)
    tables = [as_csv(replace(side, epochs=(epoch,))).split(b"\n", 1) for side, epoch in shown]
    if len({head for head, _ in tables}) > 1:
        raise InvalidValueError("the axes of these runs have different names, which do not fit into one table; export .npz")
    return tables[0][0] + b"\n" + b"".join(rows for _, rows in tables)


def as_csv(frames: Timelapse) -> bytes:
    """The values of one epoch, a row each: variant, view, subject, epoch, panel, both axes, value.

    Floats have enough digits to be read back exactly. Rows of lines have plot, series, x and y in place of panel, axes and
    value.
    """
    (epoch,) = frames.epochs
    picture = frames.picture(epoch)
    names, rows = _table_of_lines(picture) if isinstance(picture, Lines) else _table_of_grids(picture)
    run = frames.variant
    start = [f"{run.family_name}/{run.name}", frames.view.name, picture.subject, epoch]
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_told_apart(["variant", "view", "subject", "epoch", *names]))
    lines.writerows([*start, *row] for row in rows)
    return text.getvalue().encode()


def arrays(frames: Timelapse) -> dict[str, np.ndarray]:
    """The values of all epochs by name, and labels for their axes.

    Grids have `values`, `(epoch, panel, row, column)` as stored, labelled by `epochs`, `panels`, `rows` and `columns`;
    `dimensions` names these four, e.g. epoch, head, a, b. Lines have `plots`, `series`, `x` and `y` of the last epoch, one
    entry per point; `dimensions` names x and y. Both have `variant`, `view`, `subject`, the losses `train_loss` and
    `test_loss` at the epochs, and `identity`, a description in one line.
    """
    shown = list(frames)
    first = shown[0].picture
    described = _points(shown[-1].picture) if isinstance(first, Lines) else _cells([frame.picture for frame in shown])
    words = {
        "variant": f"{frames.variant.family_name}/{frames.variant.name}",
        "view": frames.view.name,
        "subject": first.subject,
        "identity": identity(frames),
    }
    return {
        **described,
        "epochs": np.array(frames.epochs, np.int64),
        "train_loss": np.array([frame.train_loss for frame in shown], np.float64),
        "test_loss": np.array([frame.test_loss for frame in shown], np.float64),
        **{name: np.array(text) for name, text in words.items()},
    }


def _cells(pictures: Sequence[Grids]) -> Arrays:
    first = pictures[0]
    down, right = first.axes
    return {
        "values": np.stack([picture.values for picture in pictures]),
        "dimensions": np.array(["epoch", first.panel_label, down.name, right.name]),
        "panels": np.array(first.names),
        "rows": np.array(_places(down)),
        "columns": np.array(_places(right)),
    }


def _points(picture: Lines) -> Arrays:
    lines = [(plot.label, series) for plot in plots_of(picture) for series in plot.series]
    sizes = [len(series.x) for _, series in lines]
    return {
        "plots": np.repeat([label for label, _ in lines], sizes),
        "series": np.repeat([series.name for _, series in lines], sizes),
        "x": np.concatenate([series.x for _, series in lines]),
        "y": np.concatenate([series.y for _, series in lines]),
        "dimensions": np.array([picture.x_label, "y"]),
    }


def _table_of_grids(picture: Grids) -> tuple[list[str], Iterator[Iterable[Any]]]:
    down, right = picture.axes
    places = product(picture.names, _places(down), _places(right))
    cells = (float_words(value) for value in picture.values.reshape(-1))
    rows = ((*place, value) for place, value in zip(places, cells, strict=True))
    return [picture.panel_label, down.name, right.name, picture.value_label], rows


def _table_of_lines(picture: Lines) -> tuple[list[str], Iterator[Iterable[Any]]]:
    points = _points(picture)
    columns = [points["plots"].tolist(), points["series"].tolist(), *(map(float_words, points[name]) for name in "xy")]
    return ["plot", "series", f"x: {picture.x_label}", "y"], zip(*columns, strict=True)


def float_words(value: np.floating[Any]) -> str:
    """The shortest text that is read back as the same number; empty for NaN."""
    return "" if np.isnan(value) else str(value.item() if isinstance(value, np.float64) else value)


def _places(axis: Axis) -> list[Any]:
    """Labels of all places, as numbers if all are numbers."""
    if axis.ticks is None:
        return list(range(axis.size))
    return (
        [int(tick) for tick in axis.ticks]
        if all(tick.isascii() and tick.isdigit() for tick in axis.ticks)
        else list(axis.ticks)
    )


def _told_apart(names: Sequence[str]) -> list[str]:
    """Unique names: a repeated one gets its place as a suffix."""
    return [name if name not in names[:place] else f"{name}_{place}" for place, name in enumerate(names)]
