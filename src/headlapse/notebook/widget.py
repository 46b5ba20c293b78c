"""The widget behind `scrub`: the kernel sends one frame at a time, the browser (`web/widget`) paints it.

Only traits travel, which every host of anywidget supports: the browser sets `index` and `choice`, the kernel answers with
`frame`, whose first four bytes are the index it belongs to, so that a late answer is never painted as another epoch. Of an
epoch that cannot be read the frame has no more than that, and `problem` says why.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from headlapse.errors import FileStateError
from headlapse.export.formats import Style, format_of
from headlapse.export.timelapse import Timelapse, arguments_of, readable_losses
from headlapse.export.web import curves, grids, static

if TYPE_CHECKING:
    from headlapse.results.run import Run
    from headlapse.visualization.views import EpochData, View


class ScrubWidget(anywidget.AnyWidget):
    """One heat map per head above the losses and a slider over epochs."""

    _esm = static("widget/widget.js")
    _css = static("widget/widget.css")
    index = traitlets.Int(0).tag(sync=True)
    choice = traitlets.Unicode("").tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)
    moments: Any = traitlets.List().tag(sync=True)
    choices: Any = traitlets.List().tag(sync=True)
    curves = traitlets.Dict().tag(sync=True)
    setting = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    table = traitlets.Bytes(b"").tag(sync=True)

    @classmethod
    def of(cls, variant: Run, view: View, epochs: list[int]) -> ScrubWidget:
        """The widget for `view` of `variant`, at the newest readable one of `epochs`. Its first control becomes the choice."""
        index, data = _newest(variant, view, epochs)
        options = view.controls[0].options(data, variant.labels) if view.controls else []
        choices = [[option.value, option.label] for option in options]
        losses = readable_losses(variant)
        moments = [[epoch, *_known(losses.at(epoch))] for epoch in epochs]
        choice = choices[0][0] if choices else ""
        widget = cls(moments=moments, choices=choices, choice=choice, index=index, curves=curves(losses))
        widget._variant, widget._view, widget._epochs = variant, view, tuple(epochs)
        widget._send_frame()
        widget.observe(widget._send_frame, names=["index", "choice"])
        return widget

    def _send_frame(self, _change: Any = None) -> None:
        try:
            frames = self._frames()
            picture = frames.picture(frames.epochs[0])
        except FileStateError as error:
            self.problem = str(error)
            self.frame = struct.pack("<I", self.index)
            return
        self.problem = ""
        self.setting = {"subject": picture.subject, "grids": grids(picture)}
        self.table = picture.colors.table().tobytes()
        self.frame = struct.pack("<I", self.index) + picture.colors.steps(picture.values).tobytes()

    def _frames(self) -> Timelapse:
        """The one frame that is shown."""
        epoch = self._epochs[min(max(self.index, 0), len(self._epochs) - 1)]
        chosen = {self._view.controls[0].name: self.choice} if self.choice else {}
        return Timelapse(self._variant, self._view, (epoch,), arguments_of(self._variant, self._view, epoch, chosen))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and an image for readers without a kernel."""
        shown = super()._repr_mimebundle_(**options)
        if shown is None:
            return None
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        return {**data, "image/png": format_of(".png").write(self._frames(), Style())}, metadata


def _newest(variant: Run, view: View, epochs: list[int]) -> tuple[int, EpochData]:
    """The place of the newest epoch that can be read, and its arrays. Raises the newest's `FileStateError` where none can."""
    problems: list[FileStateError] = []
    for index in reversed(range(len(epochs))):
        try:
            return index, view.load(variant.artifacts, epochs[index])
        except FileStateError as error:
            problems.append(error)
    raise problems[0]


def _known(losses: tuple[float, float]) -> list[float | None]:
    return [loss if math.isfinite(loss) else None for loss in losses]
