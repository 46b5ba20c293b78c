"""The widget behind `scrub`: the kernel sends one frame at a time, the browser (`web/widget`) paints it.

They communicate only by traits, which every host of anywidget supports: the browser sets `index` and `choices`, and the kernel
answers with `frame`. It has the index to which it belongs, so that a late answer is never painted as another epoch, the number
of the answer (both uint32), and the values as float32. For an epoch that cannot be read, the frame has no values, and
`problem` says why. Lines are sent completely in `setting`.
"""

from __future__ import annotations

import math
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets

from headlapse.errors import FileStateError, HeadlapseError
from headlapse.export.formats import Style, format_of
from headlapse.export.sides import Sides
from headlapse.export.timelapse import Timelapse, range_of, readable_losses
from headlapse.export.web import curves, static
from headlapse.visualization import wire
from headlapse.visualization.lines import Lines
from headlapse.visualization.run_marks import marks
from headlapse.visualization.scalar_curves import curves as scalar_curves

if TYPE_CHECKING:
    from headlapse.results.run import Run
    from headlapse.visualization.views import EpochData, View


RUN = "run"  # the colours span the values of the whole run: an option of the browser, see web/core/look.ts


class ScrubWidget(anywidget.AnyWidget):
    """The picture of a view above the losses and a slider over epochs."""

    _esm = static("widget/widget.js")
    _css = static("widget/widget.css")
    index = traitlets.Int(0).tag(sync=True)
    choices: Any = traitlets.Dict().tag(sync=True)
    controls: Any = traitlets.List().tag(sync=True)
    scales = traitlets.Dict().tag(sync=True)
    moments: Any = traitlets.List().tag(sync=True)
    curves = traitlets.Dict().tag(sync=True)
    marks: Any = traitlets.List().tag(sync=True)
    scalars: Any = traitlets.List().tag(sync=True)
    range: Any = traitlets.List().tag(sync=True)
    setting = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)

    @classmethod
    def of(cls, variant: Run, view: View, epochs: list[int]) -> ScrubWidget:
        """The widget for `view` of `variant`, at the newest readable one of `epochs`."""
        index, arrays = _newest(variant, view, epochs)
        controls = wire.controls(view, arrays, variant.labels)
        losses = readable_losses(variant)
        moments = [[epoch, *_known(losses.at(epoch))] for epoch in epochs]
        told = {"curves": curves(losses), "marks": marks(variant), "scalars": scalar_curves(variant)}
        widget = cls(moments=moments, controls=controls, scales=wire.scales(), index=index, **told)
        widget._variant, widget._view, widget._epochs = variant, view, tuple(epochs)
        widget._send_frame()
        widget.observe(widget._send_frame, names=["index", "choices"])
        return widget

    def _send_frame(self, _change: Any = None) -> None:
        try:
            frames = self._frames()
            picture = frames.picture(frames.epochs[0])
            self.range = self._range_of_the_run(frames)
        except HeadlapseError as error:
            self.problem = str(error)
            self._answer(b"")
            return
        self.problem = ""
        if isinstance(picture, Lines):
            self.setting = {"subject": picture.subject, "grids": None, "lines": wire.lines(picture)}
            self._answer(b"")
        else:
            self.setting = {"subject": picture.subject, "grids": wire.grids(picture), "lines": None}
            self._answer(np.asarray(picture.values, "<f4").tobytes())

    def _answer(self, numbers: bytes) -> None:
        self._answers = getattr(self, "_answers", 0) + 1
        self.frame = struct.pack("<II", self.index, self._answers) + numbers

    def _frames(self) -> Timelapse:
        """The shown frame, with the choices that determine its values."""
        epoch = self._epochs[min(max(self.index, 0), len(self._epochs) - 1)]
        looks = {control["name"] for control in self.controls if control["isLook"]}
        values = {name: value for name, value in self.choices.items() if name not in looks}
        return Timelapse(self._variant, self._view, (epoch,), self._view.arguments(values, self._variant.labels))

    def _range_of_the_run(self, frames: Timelapse) -> list[float]:
        """The least and the largest value of all epochs, if the colour range needs them; all are read, once."""
        if self.choices.get("color") != RUN:
            return []
        key = repr(sorted(frames.arguments.items()))
        self._ranges: dict[str, list[float]] = getattr(self, "_ranges", {})
        if key not in self._ranges:
            self._ranges[key] = list(range_of(replace(frames, epochs=self._epochs)) or [])
        return self._ranges[key]

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and an image for readers without a kernel."""
        shown = super()._repr_mimebundle_(**options)
        if shown is None:
            return None
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        return {**data, "image/png": format_of(".png").write(Sides.alone(self._frames()), Style())}, metadata


def _newest(variant: Run, view: View, epochs: list[int]) -> tuple[int, EpochData]:
    """The place of the newest epoch that can be read, and its arrays. Raises a `FileStateError` if none can be read."""
    problems: list[FileStateError] = []
    for index in reversed(range(len(epochs))):
        try:
            return index, view.load(variant.artifacts, epochs[index])
        except FileStateError as error:
            problems.append(error)
    raise problems[0]


def _known(losses: tuple[float, float]) -> list[float | None]:
    return [loss if math.isfinite(loss) else None for loss in losses]
