"""Two to four runs side by side in one file, as the page Compare shows them: in one colour range, on one axis of epochs.

Each side shows its epoch that is nearest to a moment of the axis; a run given at an epoch stays at it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.export.alignment import ALIGNMENTS, alignment_words, is_unaligned, nearest, shifts_of, stops_of
from headlapse.export.api import Drawing
from headlapse.export.asked import frames_of
from headlapse.export.formats import check_moments, format_of, style_of
from headlapse.export.one_range import in_one_range
from headlapse.export.sides import Moment, Sides
from headlapse.export.timelapse import Progress, Timelapse, available_epochs, selected
from headlapse.results.epochs import check_epoch
from headlapse.results.run import Run
from headlapse.storage.atomic import write_bytes
from headlapse.visualization.controls import LOOKS
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import View, ViewRegistry

AXIS = "the axis of these runs"
MOST_RUNS = 4  # of sides that move
MOST_SIDES = 5  # including sides that stay


@runtime_checkable
class AtEpoch(Protocol):
    """A run at an epoch, such as `variant.at(200)`."""

    @property
    def variant(self) -> Run:
        """The run."""
        ...

    @property
    def epoch(self) -> int:
        """One of its epochs."""
        ...


class Side(NamedTuple):
    """A run, and the epoch at which it stays; None if it moves."""

    variant: Run
    epoch: int | None = None


def export_compared(
    variants: Sequence[Run | AtEpoch | Side],
    output: str | Path,
    **options: Any,
) -> Path:
    """Draw a view of two to four runs side by side into `output`, and return its path. `options` are those of `draw_compared`.

    A run at an epoch, such as `variant.at(200)`, stays at it. A warning names each run that cannot be aligned at grokking.
    """
    path = checks.path("output", output)
    align = options.get("align", ALIGNMENTS[0])
    for side in _checked(variants):
        if is_unaligned(side.variant, align):
            warnings.warn(f"{side.variant.label} {alignment_words(side.variant, align)}", stacklevel=2)
    write_bytes(path, draw_compared(variants, path.suffix, **options).content)
    return path


def draw_compared(
    variants: Sequence[Run | AtEpoch | Side],
    ending: str,
    *,
    view: str = "attention_heads_grid",
    epochs: int | Sequence[int] | None = None,
    align: str = "epoch",
    choices: Mapping[str, str] | None = None,
    panel: int | None = None,
    zoom: str | None = None,
    progress: Progress | None = None,
    **style: Any,
) -> Drawing:
    """The file of format `ending` (".png", ...) that `export_compared` writes.

    `epochs` are epochs of the common axis. With `align="grokking"`, this is the axis of the first run that groks, and the
    others are shifted so that all grok together. A run that has not grokked is not shifted, and the text above it says so. The
    default is the last epoch for still images, and all epochs otherwise. All sides share one colour range; two sides with the
    same panels and axes also have their difference. The rest is as in `draw_view`.
    """
    kind, looks = format_of(ending), style_of(style)
    how: dict[str, Any] = {"choices": choices, "panel": panel, "zoom": zoom, "progress": progress}
    shown = compared(variants, view, epochs, align=align, moves=kind.moves, **how)
    check_moments(ending, shown)
    return Drawing(shown.name + ending.lower(), kind.write(shown, looks), shown.identity)


def compared(
    variants: Sequence[Run | AtEpoch | Side],
    view: str,
    epochs: int | Sequence[int] | None = None,
    *,
    align: str = "epoch",
    moves: bool = False,
    progress: Progress | None = None,
    choices: Mapping[str, str] | None = None,
    panel: int | None = None,
    zoom: str | None = None,
) -> Sides:
    """What `draw_compared` draws, `moves` if it is a time-lapse."""
    sides = _checked(variants)
    chosen = ViewRegistry.get(view)
    if chosen.shows != "grids":
        raise InvalidValueError(f"{view} is not a view of grids; only grids can be compared")
    shifts = shifts_of([side.variant for side in sides], align)
    stops = _stops(sides, chosen, shifts, epochs, moves)
    shown = [_seen(side, chosen, [stop - shift for stop in stops]) for side, shift in zip(sides, shifts, strict=True)]
    first = frames_of(sides[0].variant, view, shown[0], choices=choices, panel=panel, zoom=zoom)
    others = (_like(first, side.variant, epochs, choices) for side, epochs in zip(sides[1:], shown[1:], strict=True))
    frames = (first, *others)
    moments = tuple(Moment(stop, tuple(_nearest(frames, shifts, stop))) for stop in stops)
    notes = tuple(alignment_words(side.variant, align) for side in sides)
    pins = tuple(side.epoch for side in sides)
    return in_one_range(Sides(frames, moments, tuple(shifts), pins, notes, align, progress))


def select_moments(
    variants: Sequence[Run | AtEpoch | Side], view: str, align: str = "epoch", **wanted: int | None
) -> list[int]:
    """Epochs of the common axis, chosen as `select_epochs` does for one run."""
    sides = _checked(variants)
    known = [available_epochs(side.variant, ViewRegistry.get(view)) for side in sides]
    return selected(stops_of(known, shifts_of([side.variant for side in sides], align)), AXIS, **wanted)


def _checked(variants: Sequence[Run | AtEpoch | Side]) -> list[Side]:
    sides = [Side(one.variant, one.epoch) if isinstance(one, Side | AtEpoch) else Side(one) for one in variants]
    moving = sum(side.epoch is None for side in sides)
    if not 2 <= len(sides) <= MOST_SIDES or moving > MOST_RUNS:
        staying = f", or {MOST_SIDES} with those that stay at an epoch" if len(sides) > MOST_RUNS else ""
        raise InvalidValueError(f"2 to {MOST_RUNS} runs are compared{staying}, got {len(sides)}")
    return sides


def _stops(
    sides: Sequence[Side], view: View, shifts: Sequence[int], epochs: int | Sequence[int] | None, moves: bool
) -> list[int]:
    """The requested moments, which may be at checkpoints without an artifact; by default all that `view` has, or the last."""
    known = [available_epochs(side.variant, view) for side in sides]
    stops = stops_of(known, shifts)
    if epochs is None:
        return stops if moves else stops[-1:]
    every = stops_of([[*of, *side.variant.run_state.epochs] for of, side in zip(known, sides, strict=True)], shifts)
    given = epochs if checks.as_whole(epochs) is None else [epochs]
    return checks.some(lambda _, epoch: check_epoch(epoch, every, AXIS), "epochs", given, "epoch")


def _seen(side: Side, view: View, wanted: Sequence[int]) -> list[int]:
    """The epochs that a side shows."""
    known = available_epochs(side.variant, view)
    if side.epoch is not None:
        return [check_epoch(side.epoch, known, side.variant.name)]
    return sorted({nearest(known, epoch) for epoch in wanted})


def _like(first: Timelapse, run: Run, epochs: Sequence[int], choices: Mapping[str, str] | None) -> Timelapse:
    """Another run with the choices of the first, as far as it has them, and its own defaults otherwise, as on the page."""
    frames = frames_of(run, first.view.name, epochs, choices=_offered(run, first.view, epochs[0], choices or {}))
    whole = frames.picture(frames.epochs[0])
    assert isinstance(whole, Grids), "a view of grids"
    panel = None if first.panel is None else min(first.panel, len(whole.names) - 1)
    return replace(frames, panel=panel, region=first.region and first.region.within(whole.axes))


def _offered(run: Run, view: View, epoch: int, choices: Mapping[str, str]) -> dict[str, str]:
    """The choices that this run offers, too."""
    data = view.load(run.artifacts, epoch)
    offered = {control.name: control.options(data, run.labels) for control in view.controls_of(run.labels)}
    free = {control.name for control in (*view.aliases, *LOOKS)}
    return {
        name: value
        for name, value in choices.items()
        if name in free or any(value in (option.value, option.label) for option in offered.get(name, ()))
    }


def _nearest(frames: Sequence[Timelapse], shifts: Sequence[int], stop: int) -> Iterator[int]:
    """The epoch that each side shows at a moment."""
    for side, shift in zip(frames, shifts, strict=True):
        yield nearest(side.epochs, stop - shift)
