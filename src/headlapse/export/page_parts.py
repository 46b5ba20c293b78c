"""The pictures of one run in an offline page: for all choices of values, and the changes that other choices make to them.

An order of places is sent as places, because the cells stay the same; curves over the cells are sent separately.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.export.page_cells import described
from headlapse.export.timelapse import Timelapse
from headlapse.visualization import wire
from headlapse.visualization.axis_orders import reordered
from headlapse.visualization.controls import LOOKS, changed_by, is_extra
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import Control

Options = Mapping[str, list[str]]
DIGITS = 3  # of points of curves, in cells


@dataclass(frozen=True)
class PageParts:
    """The parts of a page for `frames`.

    They have all values of the controls if these have at most `most_together` cells, otherwise the chosen ones. A part has at
    most `most_cells` cells.
    """

    frames: Timelapse
    most_together: int
    most_cells: int

    @property
    def offered(self) -> set[str]:
        """The names of the controls whose values the reader can choose."""
        return {*self._values, *(control.name for control in (*self._orders, *self._curve_controls))}

    @property
    def choices(self) -> dict[str, str]:
        """The first choices."""
        arranging = (*self._orders, *self._curve_controls)
        chosen = {control.name: self._options(control)[0] for control in arranging}
        return {**{name: values[0] for name, values in self._values.items()}, **chosen}

    def parts(self) -> Iterator[dict[str, Any]]:
        """The parts, each with its choices of values, and the curves of other choices. The chosen one comes first."""
        for combination in product(*self._values.values()):
            choices = dict(zip(self._values, combination, strict=True))
            part = self._with(self._plain, choices)
            curves = [] if self._first is None else list(self._curves(part))
            yield {"choices": choices, **described(part, self.most_cells), "curves": curves}

    def arrangements(self) -> Iterator[dict[str, Any]]:
        """For each order of places except the natural one: the axes, and the index in the cells of each place."""
        for control in self._orders:
            assert self._first is not None
            for value in self._options(control):
                places = control.places(self._first.axes, value)
                if all((place == np.arange(len(place))).all() for place in places):
                    continue
                axes = [wire.axis(reordered(*pair)) for pair in zip(self._first.axes, places, strict=True)]
                yield {"choices": {control.name: value}, "axes": axes, "places": [each.tolist() for each in places]}

    @cached_property
    def _first(self) -> Grids | None:
        """The first picture in natural order, without curves; None for lines."""
        picture = self._plain.picture(self._plain.epochs[0])
        return picture if isinstance(picture, Grids) else None

    @cached_property
    def _controls(self) -> list[Control]:
        controls = self.frames.view.controls_of(self.frames.variant.labels)
        return [control for control in controls if control not in LOOKS]

    @cached_property
    def _plain(self) -> Timelapse:
        """The frames in natural order, without curves."""
        changing = [control for control in self._controls if changed_by(control) != "values"]
        dropped = {name for control in changing for name in control.arguments(self._usual(control)[0])}
        names = {control.name for control in changing}
        return replace(
            self.frames,
            arguments={name: value for name, value in self.frames.arguments.items() if name not in dropped},
            chosen={name: value for name, value in self.frames.chosen.items() if name not in names},
            progress=None,
        )

    @cached_property
    def _values(self) -> Options:
        """The values of the controls that choose values, as far as all of them fit."""
        own = [control for control in self._controls if changed_by(control) == "values"]
        usual = {control.name: self._options(control) for control in own if not is_extra(control)}
        unchosen = {name: values for name, values in usual.items() if name not in self.frames.chosen}
        found = next((offered for offered in (usual, unchosen) if self._fits(offered)), {})
        for control in own:
            more = {**found, control.name: self._options(control)}
            if is_extra(control) and self.frames.view.computes is None and self._fits(more):
                found = more
        return found

    @cached_property
    def _orders(self) -> list[Any]:
        """The controls of the order of places, if these axes have one."""
        return [control for control in self._controls if changed_by(control) == "order" and self._arranges(control)]

    @cached_property
    def _curve_controls(self) -> list[Control]:
        return [control for control in self._controls if changed_by(control) == "curves"]

    def _arranges(self, control: Any) -> bool:
        try:
            return self._first is not None and bool(control.places(self._first.axes, self._options(control)[0]))
        except InvalidValueError:
            return False

    def _fits(self, offered: Options) -> bool:
        size = 1 if self._first is None else self._first.values.size
        return size * len(self.frames) * prod(map(len, offered.values())) <= self.most_together

    def _usual(self, control: Control) -> list[str]:
        arrays = self.frames.view.load(self.frames.variant.artifacts, self.frames.epochs[0])
        return [option.value for option in control.options(arrays, self.frames.variant.labels)]

    def _options(self, control: Control) -> list[str]:
        """The values of a control, the chosen one first."""
        values = self._usual(control)
        first = self.frames.chosen.get(control.name, values[0])
        return [first, *(value for value in values if value != first)]

    def _with(self, frames: Timelapse, choices: Mapping[str, str]) -> Timelapse:
        given = self.frames.view.arguments({**frames.chosen, **choices}, self.frames.variant.labels)
        return replace(frames, arguments={**frames.arguments, **given})

    def _curves(self, part: Timelapse) -> Iterator[dict[str, Any]]:
        """The curves of each choice that has any; for an order, only if they are not the moved curves of the cells."""
        others = [
            {order.name: value} for order in self._orders for value in self._usual(order) if not order.moves_curves(value)
        ]
        for control in self._curve_controls:
            for value in self._usual(control)[1:]:
                natural = _curves_of(self._with(part, {control.name: value}))
                if any(natural):
                    yield {"choices": {control.name: value}, "frames": packed(natural)}
                for order in others:
                    found = _curves_of(self._with(part, {control.name: value, **order}))
                    if any(natural) or any(found):
                        yield {"choices": {control.name: value, **order}, "frames": packed(found)}


def packed(content: object) -> str:
    """JSON, deflated, as base64."""
    return base64.b64encode(zlib.compress(json.dumps(content, separators=(",", ":")).encode())).decode()


def _curves_of(frames: Timelapse) -> list[list[dict[str, Any]]]:
    pictures = (frames.picture(epoch) for epoch in frames.epochs)
    return [
        [_rounded(curve) for curve in wire.grids(picture).get("curves", [])]
        for picture in pictures
        if isinstance(picture, Grids)
    ]


def _rounded(curve: dict[str, Any]) -> dict[str, Any]:
    points = {name: [round(place, DIGITS) for place in curve[name]] for name in ("rows", "columns")}
    return {"panel": curve["panel"], **points}
