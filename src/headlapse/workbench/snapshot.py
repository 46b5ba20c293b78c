"""A variant at one epoch, and a view of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float32

from headlapse import checks
from headlapse.export.data import arrays
from headlapse.export.formats import Style, format_of, style_of
from headlapse.export.sides import Sides
from headlapse.export.timelapse import Timelapse, available_epochs, readable_losses
from headlapse.results.epochs import check_epoch
from headlapse.storage.atomic import write_bytes
from headlapse.visualization.format import epoch_in_words, loss_in_words
from headlapse.visualization.regions import Region
from headlapse.visualization.views import ViewRegistry

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from headlapse.results.run import Run


@dataclass(frozen=True)
class Snapshot:
    """A variant at one of its epochs; `variant.at(epoch)` makes it."""

    variant: Run
    epoch: int

    def view(
        self, name: str = "attention_heads_grid", *, panel: int | None = None, zoom: str | None = None, **arguments: Any
    ) -> SnapshotView:
        """A view at this epoch. `arguments` are the renderer's, e.g. `to_position=-1, from_position=0, color_range="epoch"`.

        `panel` is the number of the only panel to show, `zoom` the part of the grids, "10-40,3-20" for rows 10 to 40 and
        columns 3 to 20. Raises `UnknownNameError` listing the views, or a `HeadlapseError` if the view has nothing for this
        epoch.

        >>> view = variant.at(40).view("attention_heads_grid", to_position=-1, from_position=0)
        >>> [heat_map.name for heat_map in view.figure().data]
        ['Head 0', 'Head 1', 'Head 2', 'Head 3']
        """
        view = ViewRegistry.get(name)
        check_epoch(self.epoch, available_epochs(self.variant, view), f"{view.analyzer} of {self.variant.name}")
        region = None if zoom is None else Region.read(zoom)
        return SnapshotView(Timelapse(self.variant, view, (self.epoch,), arguments, panel=panel, region=region))

    @property
    def patterns(self) -> Float32[np.ndarray, "head to from p p"]:
        """`patterns[head, to, from, a, b]`: the share of attention, in [0, 1]."""
        return self.variant.patterns(self.epoch)

    @property
    def record(self) -> dict[str, Any]:
        """Values in the checkpoint: `train_loss`, `test_loss` in nats, `train_accuracy`, `test_accuracy` in [0, 1]."""
        return self.variant.record(self.epoch)

    def __repr__(self) -> str:
        train, test = (loss_in_words(loss) for loss in readable_losses(self.variant).at(self.epoch))
        return f"<{self.variant.name} at {epoch_in_words(self.epoch)}: train loss {train}, test loss {test}>"


@dataclass(frozen=True)
class SnapshotView:
    """A view at an epoch. A notebook shows it as an image, so it can be read without a network."""

    frames: Timelapse

    def figure(self) -> go.Figure:
        """The plotly figure."""
        return self.frames.figure(self.frames.epochs[0])

    def show(self) -> None:
        """Show the plotly figure, with hover and zoom."""
        self.figure().show()

    def arrays(self) -> dict[str, np.ndarray]:
        """Its content as arrays: `values`, `(epoch, panel, row, column)`, with labels for every axis.

        See `headlapse.export.data.arrays`.

        >>> shown = variant.at(40).view("attention_heads_grid").arrays()
        >>> shown["values"].shape, shown["dimensions"].tolist(), shown["panels"].tolist()[:2]
        ((1, 4, 7, 7), ['epoch', 'head', 'a', 'b'], ['Head 0', 'Head 1'])
        """
        return arrays(self.frames)

    def export(self, path: str | Path, **style: Any) -> Path:
        """Write the view to `path` and return it; the ending decides the format: .png, .svg, .pdf, .html, .npz or .csv.

        `style`: theme ("auto", "light", "dark") and scale. Raises `InvalidValueError` listing the formats.
        """
        path = checks.path("path", path)
        write_bytes(path, format_of(path.suffix).write(Sides.alone(self.frames), style_of(style)))
        return path

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        if self.frames.view.picture is None:
            return {"text/html": self.figure().to_html(full_html=False, include_plotlyjs=True), "text/plain": repr(self)}
        return {"image/png": format_of(".png").write(Sides.alone(self.frames), Style()), "text/plain": repr(self)}

    def __repr__(self) -> str:
        chosen = "".join(f", {name}={value!r}" for name, value in self.frames.arguments.items())
        moment = epoch_in_words(self.frames.epochs[0])
        return f"<view {self.frames.view.name} of {self.frames.variant.name} at {moment}{chosen}>"
