"""A view: a named way to look at an analyzer's arrays, with its controls.

Pages, exports and notebooks are built from the declarations of views; none of them refers to a view by name.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from headlapse import checks
from headlapse.errors import FileStateError, InvalidValueError
from headlapse.registry import Registry
from headlapse.results.loader import ArtifactLoader
from headlapse.results.run import Run, RunLabels
from headlapse.results.validation import check_arrays

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from headlapse.visualization.lines import Mark

EpochData = Mapping[str, Any]  # arrays by name; arrays in files are read when they are indexed
Shows = Literal["grids", "lines", "figure"]


@dataclass(frozen=True)
class Option:
    """One choice of a control: its value in addresses and files, and its words for people."""

    value: str
    label: str


@runtime_checkable
class Control(Protocol):
    """A control of a view, e.g. the attending position."""

    @property
    def name(self) -> str:
        """Key of the control in addresses, e.g. 'to'."""
        ...

    @property
    def label(self) -> str:
        """Words beside the control."""
        ...

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        """The choices for this data of a run with these labels, the default first."""
        ...

    def arguments(self, value: str) -> dict[str, Any]:
        """`value` as keywords of the picture. Raises `InvalidValueError` for a value that is no option."""
        ...


Controls = tuple[Control, ...]


@dataclass(frozen=True)
class View:
    """A way to look at `analyzer`'s arrays.

    `picture(arrays, epoch, run, **arguments)` returns the `Grids` or the `Lines` to be drawn, as `shows` says; `run` has
    `head_labels`, `position_labels` and `axes`, and an array in `arrays` is read from its file as it is indexed. A view without
    a picture has `render(epoch_data, epoch, **labels, **arguments)`, which returns a plotly Figure; `labels` are those of
    `position_labels`, `head_labels` and `axis_names` that it has parameters for.

    `controls` are its controls, or a function of a run's labels that returns them; views of grids also have those for the look
    of grids. `aliases` are controls that are understood but not offered. `marks(arrays, **labels)` returns marked epochs of the
    run. `reads` names the axes of the arrays it needs: `{"entropy": "head to *axes"}`. With `over_epochs` the
    arrays are those of all epochs, stacked along a first axis, with `epochs` saying which. Arrays of the analyzers in `beside`
    come along, as far as the epoch has them. A recorded run has the views that its labels suit. `computes(run, epoch,
    **arguments)` makes further arrays when somebody looks, e.g. from the weights, for those arguments that it has parameters
    for; `epochs` then are all that have artifacts.
    """

    name: str
    title: str
    analyzer: str
    render: Callable[..., go.Figure] | None = None
    picture: Callable[..., Any] | None = None
    shows: Shows = "grids"
    controls: Controls | Callable[[RunLabels], Controls] = ()
    aliases: Controls = ()
    marks: Callable[..., list[Mark]] | None = None
    reads: Mapping[str, str] = field(default_factory=dict)
    over_epochs: bool = False
    beside: tuple[str, ...] = ()
    suits: Callable[[RunLabels], bool] = lambda _labels: True
    computes: Callable[..., EpochData] | None = None

    def __post_init__(self) -> None:
        if self.picture is None:
            object.__setattr__(self, "shows", "figure")
            if self.render is None:
                raise InvalidValueError(f"view {self.name!r} needs a picture, or a render that returns a plotly figure")

    def load(self, artifacts: ArtifactLoader, epoch: int) -> EpochData:
        """The arrays of an epoch, read when they are indexed. Raises a `FileStateError` if they cannot be read."""
        if self.over_epochs:
            return _stacked(artifacts, self.analyzer)
        arrays = artifacts.open_lazy(self.analyzer, epoch)
        check_arrays(artifacts.file(self.analyzer, epoch), arrays, self.reads, artifacts.n_axes)
        if self.computes is not None:
            arrays = {**arrays, "epochs": artifacts.get_epochs(self.analyzer)}
        others = (_beside(artifacts, name, epoch) for name in self.beside)
        return {**{name: array for other in others for name, array in other.items()}, **arrays} if self.beside else arrays

    def arrays_of(self, run: Run, epoch: int, arguments: Mapping[str, Any]) -> EpochData:
        """The arrays of an epoch, with those it `computes` for these arguments. Raises as `load` does."""
        arrays = self.load(run.artifacts, epoch)
        if self.computes is None:
            return arrays
        taken = signature(self.computes).parameters
        given = {name: value for name, value in arguments.items() if name in taken}
        return {**arrays, **self.computes(run, epoch, **given)}

    def is_of_run(self, artifacts: ArtifactLoader) -> bool:
        """Whether its arrays describe the whole run and are the same at every epoch."""
        return self.over_epochs or artifacts.paths.has_run_file(self.analyzer)

    def controls_of(self, labels: RunLabels) -> Controls:
        """The controls for a run with these labels: those that choose the data, then those for the look of grids."""
        from headlapse.visualization.controls import LOOKS

        own = self.controls if isinstance(self.controls, tuple) else self.controls(labels)
        return (*own, *LOOKS) if self.shows == "grids" else own

    def arguments(self, chosen: Mapping[str, str], labels: RunLabels) -> dict[str, Any]:
        """The values of controls by name as keywords of the picture. Raises `UnknownNameError` or `InvalidValueError`."""
        controls = {control.name: control for control in (*self.aliases, *self.controls_of(labels))}
        checks.known(f"control of {self.name}", chosen, controls)
        merged: dict[str, Any] = {}
        for name, value in chosen.items():
            for key, argument in controls[name].arguments(value).items():
                merged[key] = {**merged.get(key, {}), **argument} if isinstance(argument, dict) else argument
        return merged

    def draw(self, arrays: EpochData, epoch: int, labels: RunLabels, **arguments: Any) -> Any:
        """The picture at an epoch: `Grids` or `Lines`. Raises `InvalidValueError` for a view that only plotly draws."""
        from headlapse.visualization.pictures import Look

        if self.picture is None:
            raise InvalidValueError(f"view {self.name!r} is drawn only by plotly; export it to .svg or .pdf")
        if self.shows != "grids":
            return self.picture(arrays, epoch, labels, **arguments)
        look = {name: arguments.pop(name) for name in Look.__annotations__ if name in arguments}
        picture = self.picture(arrays, epoch, labels, **arguments)
        return picture.looking(**look) if look else picture

    def figure(self, arrays: EpochData, epoch: int, labels: RunLabels, **arguments: Any) -> go.Figure:
        """The plotly figure at an epoch."""
        from headlapse.visualization.figures import figure_of

        if self.picture is not None:
            return figure_of(self.draw(arrays, epoch, labels, **arguments))
        assert self.render is not None
        return self.render(arrays, epoch, **label_keywords(self.render, labels), **arguments)

    def marks_of(self, arrays: EpochData, labels: RunLabels) -> list[Mark]:
        """The marked epochs of the run, from its arrays."""
        return [] if self.marks is None else self.marks(arrays, **label_keywords(self.marks, labels))


def _stacked(artifacts: ArtifactLoader, analyzer: str) -> EpochData:
    """The arrays of all epochs that can be read. Raises a `FileStateError` if none can be read."""
    with warnings.catch_warnings():  # pages and exports report unreadable epochs themselves
        warnings.simplefilter("ignore", UserWarning)
        return artifacts.load_epochs(analyzer)


def _beside(artifacts: ArtifactLoader, analyzer: str, epoch: int) -> EpochData:
    """The arrays of another analyzer at that epoch; none if they cannot be read."""
    try:
        return artifacts.open_lazy(analyzer, epoch)
    except FileStateError:
        return {}


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
