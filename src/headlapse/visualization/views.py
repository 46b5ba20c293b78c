"""A view: a named pairing of an analyzer's arrays with a renderer, and the controls the renderer understands.

Pages, exports and notebooks are built from what a view declares; none of them knows a view by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from headlapse.registry import Registry
from headlapse.results.loader import ArtifactLoader
from headlapse.results.run import RunLabels
from headlapse.results.validation import check_arrays

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from headlapse.visualization.pictures import HeatMaps

EpochData = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Option:
    """One choice of a control: the value as it stands in addresses and files, and the words for people."""

    value: str
    label: str


@runtime_checkable
class Control(Protocol):
    """A knob of a view, e.g. which position pair to show."""

    @property
    def name(self) -> str:
        """Key of the control in addresses, e.g. 'pair'."""
        ...

    @property
    def label(self) -> str:
        """Words beside the control."""
        ...

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        """The choices for this data of a run with these labels, the default first."""
        ...

    def arguments(self, value: str) -> dict[str, Any]:
        """`value` as keywords of the renderer. Raises `InvalidValueError` for a value that is no option."""
        ...


@dataclass(frozen=True)
class Mark:
    """A moment to show on a slider or an axis of epochs."""

    epoch: int
    label: str
    color: str


@dataclass(frozen=True)
class View:
    """`render(epoch_data, epoch, **labels, **arguments)` makes a Figure of `analyzer`'s arrays.

    `labels` are those of `position_labels`, `head_labels` and `axis_names` that `render` has parameters for.
    `picture`, where a view has it, takes the same arguments and returns the `HeatMaps` that the figure shows:
    image files and canvases are then drawn without a browser or plotly. `marks`, where a view has it, gives the
    moments of the run that its arrays tell of. `reads` names the axes of the arrays it needs: `{"entropy": "head to *axes"}`.
    """

    name: str
    title: str
    analyzer: str
    render: Callable[..., go.Figure]
    picture: Callable[..., HeatMaps] | None = None
    controls: tuple[Control, ...] = ()
    marks: Callable[[EpochData], list[Mark]] | None = None
    reads: Mapping[str, str] = field(default_factory=dict)

    def load(self, artifacts: ArtifactLoader, epoch: int) -> EpochData:
        """The arrays of an epoch, for `render`. Raises a `FileStateError` where they cannot be read or are not those."""
        arrays = artifacts.load_epoch(self.analyzer, epoch)
        check_arrays(artifacts.file(self.analyzer, epoch), arrays, self.reads, artifacts.n_axes)
        return arrays


def label_keywords(function: Callable[..., Any], labels: RunLabels) -> dict[str, Any]:
    """The labels of a run as keywords of a renderer or of marks, as far as the function has parameters for them."""
    known = {
        "position_labels": list(labels.position_labels),
        "head_labels": labels.head_labels,
        "axis_names": labels.axis_names,
    }
    taken = signature(function).parameters
    return {name: value for name, value in known.items() if name in taken}


class ViewRegistry(Registry[View]):
    """Views in modules of `headlapse.visualization`, entry points `headlapse.views`, and registered ones."""

    kind = "view"
    package = "headlapse.visualization"
    group = "headlapse.views"
    one_per_module = False
