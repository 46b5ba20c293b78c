"""The frames of one view over training, read from artifacts on demand."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError, OutOfRangeError
from headlapse.export.frame import Frame
from headlapse.results.discovery import check_run
from headlapse.results.epochs import check_epoch
from headlapse.results.losses import Losses
from headlapse.results.plug_ins import analysis_command, why_unsuited
from headlapse.results.run import Run
from headlapse.visualization.controls import LOOKS
from headlapse.visualization.figures import figure_of
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids
from headlapse.visualization.position_controls import FromPosition, Head, Layer, PositionPair, ToPosition
from headlapse.visualization.regions import Region, cut
from headlapse.visualization.views import Control, EpochData, View, ViewRegistry

NUMBERED = (ToPosition, FromPosition, Head, Layer)
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Timelapse:
    """One view of one variant over `epochs`, with the same arguments and the same colours throughout."""

    variant: Run
    view: View
    epochs: tuple[int, ...]
    arguments: Mapping[str, Any]
    progress: Progress | None = None
    panel: int | None = None  # the panel to show; None: all
    chosen: Mapping[str, str] = field(default_factory=dict)  # requested values of controls
    region: Region | None = None  # the part of the grids to show; None: all

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[Frame]:
        for done, epoch in enumerate(self.epochs):
            yield self.frame(epoch)
            if self.progress is not None:
                self.progress(done + 1, len(self), epoch)

    def frame(self, epoch: int) -> Frame:
        """The picture at `epoch`. Raises a `FileStateError` if its artifact cannot be read."""
        train_loss, test_loss = self.losses.at(epoch)
        return Frame(self.picture(epoch), epoch, train_loss, test_loss)

    @cached_property
    def losses(self) -> Losses:
        """The losses of the run; none, with a warning, if they are damaged."""
        return readable_losses(self.variant)

    @property
    def looks(self) -> dict[str, str]:
        """The values that choose how grids are drawn."""
        return {control.name: self.chosen[control.name] for control in LOOKS if control.name in self.chosen}

    def figure(self, epoch: int) -> Any:
        """The plotly figure at `epoch`."""
        if self.view.picture is None:
            return self.view.figure(self._data(epoch), epoch, self.variant.labels, **self.arguments)
        return figure_of(self.picture(epoch))

    def picture(self, epoch: int) -> Grids | Lines:
        """The picture at `epoch`, without the losses. Raises `InvalidValueError` for a view that only plotly draws."""
        picture: Grids | Lines = self.view.draw(self._data(epoch), epoch, self.variant.labels, **self.arguments)
        if isinstance(picture, Lines):
            return picture
        if self.panel is not None:
            picture = picture.only([self.panel])
        return picture if self.region is None else cut(picture, self.region)

    def _data(self, epoch: int) -> EpochData:
        return self.view.arrays_of(self.variant, epoch, self.arguments)


def timelapse(
    variant: Run,
    view: View,
    epochs: Sequence[int],
    choices: Mapping[str, str],
    progress: Progress | None = None,
    panel: int | None = None,
    region: Region | None = None,
) -> Timelapse:
    """Frames of `view` at `epochs`, of all panels or one, whole or a `region`. `choices` gives values or words of its controls.

    If there are several epochs, those whose artifacts cannot be read are left out, each with a warning. The colour range
    "epoch" would jump from frame to frame; with several epochs it becomes the range of all of them.
    """
    epochs = epochs if len(epochs) == 1 else list(_readable(variant, view, epochs))
    values = values_of(variant, view, epochs[0], choices)
    arguments = view.arguments(values, variant.labels)
    chosen = Timelapse(variant, view, tuple(epochs), arguments, panel=panel, chosen=values)
    if chosen.arguments.get("color_range") == "epoch" and len(epochs) > 1:
        chosen = replace(chosen, arguments={**chosen.arguments, "color_range": range_of(chosen) or "fixed"})
    if region is not None and view.shows != "grids":
        raise InvalidValueError(f"{view.name} is not a view of grids; only grids can be zoomed; leave out zoom")
    return replace(chosen, progress=progress, region=region)


def range_of(frames: Timelapse) -> tuple[float, float] | None:
    """The least and the largest value of all readable frames; None if there are no grids or no values."""
    ranges = list(_ranges(frames))
    return (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None


def _ranges(frames: Timelapse) -> Iterator[tuple[float, float]]:
    for epoch in frames.epochs:
        with suppress(FileStateError):
            picture = frames.picture(epoch)
            if isinstance(picture, Grids) and np.isfinite(picture.values).any():
                yield float(np.nanmin(picture.values)), float(np.nanmax(picture.values))


def differing(subjects: Sequence[str]) -> list[str]:
    """The subjects of pictures at several epochs; empty if all are the same."""
    return list(subjects) if len(set(subjects)) > 1 else []


def select_epochs(
    variant: Run,
    view: str,
    epoch: int | None = None,
    first: int | None = None,
    last: int | None = None,
    most: int | None = None,
) -> list[int]:
    """The given `epoch`, or those from `first` to `last`: at most `most`, evenly spread, including both ends."""
    return selected(available_epochs(variant, ViewRegistry.get(view)), variant.name, epoch, first, last, most)


def selected(
    available: Sequence[int],
    owner: str,
    epoch: int | None = None,
    first: int | None = None,
    last: int | None = None,
    most: int | None = None,
) -> list[int]:
    """As `select_epochs`, from the `available` epochs of their `owner`."""
    low, high = (checks.optional(checks.whole, name, limit) for name, limit in (("first", first), ("last", last)))
    frames = None if most is None else checks.whole("the number of frames", most, least=1)
    if epoch is not None:
        return [check_epoch(epoch, available, owner)]
    chosen = [number for number in available if (low or 0) <= number <= (available[-1] if high is None else high)]
    if not chosen:
        raise OutOfRangeError(f"no epoch in the requested range; there are {available[0]:,} to {available[-1]:,}")
    return chosen if frames is None else evenly(chosen, frames)


def evenly(epochs: Sequence[int], most: int) -> list[int]:
    """At most `most` of the epochs, evenly spread, including both ends."""
    if most >= len(epochs):
        return list(epochs)
    return [epochs[place] for place in np.linspace(0, len(epochs) - 1, most).round().astype(int)]


def available_epochs(variant: Run, view: View) -> list[int]:
    """Epochs that `view` can show. Raises `HeadlapseError` if there are none."""
    check_run(variant)
    epochs = variant.artifacts.get_epochs(view.analyzer)
    reason = "" if epochs else why_unsuited(view.analyzer, variant.axes)
    if reason:
        raise HeadlapseError(f"{view.name} does not apply to {variant.name}: {reason}")
    if not epochs:
        first = "train it, then " if variant.is_untrained else ""
        command = analysis_command(variant, view.analyzer)
        raise HeadlapseError(f"{variant.name} has no {view.analyzer} artifacts; {first}run: {command}")
    return epochs


def values_of(variant: Run, view: View, epoch: int, choices: Mapping[str, str]) -> dict[str, str]:
    """`choices`, which may be words, as values of controls. Raises `HeadlapseError` listing what can be chosen."""
    labels = variant.labels
    controls = {control.name: control for control in (*view.aliases, *view.controls_of(labels))}
    checks.known(f"control of {view.name}", choices, controls)
    data = view.load(variant.artifacts, epoch) if choices else {}
    values = {}
    for name, given in choices.items():
        control = controls[name]
        words = {option.label: option.value for option in control.options(data, labels)}
        other = control.value_of if isinstance(control, PositionPair) else lambda given, _: given
        values[name] = words[given] if given in words else other(given, labels)
        if isinstance(control, NUMBERED):
            _check_number(control, values[name], words)
    return values


def _check_number(control: Control, value: str, words: Iterable[str]) -> None:
    """Raise `InvalidValueError` with the `words` of a control of positions, heads or layers if `value` is not a number."""
    try:
        control.arguments(value)
    except InvalidValueError as error:
        raise checks.wrong(control.name, f"a number or one of {', '.join(words)}", value) from error


def newest_readable(variant: Run, view: View, epochs: Sequence[int]) -> int:
    """The last of `epochs` that can be read; warnings name later ones. Raises a `FileStateError` if none can be read."""
    return next(_readable(variant, view, epochs[::-1]))


def _readable(variant: Run, view: View, epochs: Sequence[int]) -> Iterator[int]:
    """The `epochs` that can be read; warnings name the others. Raises a `FileStateError` if none can be read."""
    problems: list[FileStateError] = []
    for epoch in epochs:
        try:
            view.load(variant.artifacts, epoch)
        except FileStateError as error:
            problems.append(error)
            warnings.warn(f"epoch {epoch:,} is left out: {error}", stacklevel=5)
        else:
            yield epoch
    if len(problems) == len(epochs):
        first, none = problems[0], f"none of the {view.analyzer} artifacts of {variant.name} can be read"
        raise type(first)(first.path, f"{none}: {first.problem}", first.remedy) from first


def readable_losses(variant: Run) -> Losses:
    """Its losses. If they are damaged, there is a warning and the pictures have no losses."""
    try:
        return variant.losses
    except FileStateError as error:
        warnings.warn(f"the losses are left out: {error}", stacklevel=2)
        return Losses(np.empty(0), np.empty(0))
