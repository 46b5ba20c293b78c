"""Two to four runs side by side in one file: one view in one colour range, at the same epoch or aligned at grokking."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from headlapse import checks
from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.export import animations
from headlapse.export.api import frames_of
from headlapse.export.formats import style_of
from headlapse.export.naming import identity
from headlapse.export.painter import painter_of
from headlapse.export.theme import Theme, font, get_theme
from headlapse.export.timelapse import Progress, Timelapse, available_epochs
from headlapse.results.grokking import grokked_at
from headlapse.results.run import Run
from headlapse.storage.atomic import write_bytes
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import ViewRegistry

ENDINGS = (".png", ".gif", ".webp")
ALIGNMENTS = ("epoch", "grokking")
SIDES = (2, 4)  # least and most
NAME = 44  # pixels for the name above a side


@dataclass(frozen=True)
class Comparison:
    """Sides, each with its epoch at every moment."""

    sides: tuple[Timelapse, ...]
    moments: tuple[tuple[int, ...], ...]

    @property
    def identity(self) -> str:
        """What it shows in whole words, side by side."""
        return "; ".join(identity(side) for side in self.sides)


def export_compared(
    variants: Sequence[Run],
    output: str | Path,
    *,
    view: str = "attention_heads_grid",
    epochs: int | Sequence[int] | None = None,
    align: str = "epoch",
    choices: Mapping[str, str] | None = None,
    panel: int | None = None,
    zoom: str | None = None,
    progress: Progress | None = None,
    **style: Any,
) -> Path:
    """Draw a view of two to four runs side by side into `output`, and return its path: .png, .gif or .webp.

    `epochs` are those of the first run; by default the newest for .png and all for others. The other runs show their nearest
    epoch, or with `align="grokking"` the one as far from their grokking. All sides share one colour range. The rest is as in
    `draw_view`.
    """
    path = checks.path("output", output)
    ending = checks.one_of("the ending of a comparison", path.suffix.lower(), ENDINGS)
    look = style_of(style)
    shown = _comparison(variants, view, epochs, ending == ".png", align, {"choices": choices, "panel": panel, "zoom": zoom})
    images = _images(shown, get_theme(look.theme), look.scale, ending != ".png", progress)
    if ending == ".png":
        content = _png(next(images), shown.identity)
    else:
        palette = animations.shared_palette(shown.sides[0].picture(shown.moments[0][0]), get_theme(look.theme))
        write = animations.gif if ending == ".gif" else animations.webp
        content = write(images, animations.frame_durations(len(shown.moments), look.fps), palette, shown.identity)
    write_bytes(path, content)
    return path


def draw_sides(sides: Sequence[tuple[Run, int]], theme: str = "auto", **options: Any) -> bytes:
    """Runs, each at an epoch, as one PNG in one colour range. `options` are those of `export_compared`."""
    shown = Comparison(tuple(frames_of(run, epochs=epoch, **options) for run, epoch in sides), (tuple(e for _, e in sides),))
    shown = _in_one_range(shown)
    return _png(next(_images(shown, get_theme(theme), 1, curves=False)), shown.identity)


def _comparison(
    variants: Sequence[Run],
    view: str,
    epochs: int | Sequence[int] | None,
    is_still: bool,
    align: str,
    options: Mapping[str, Any],
) -> Comparison:
    runs = list(variants)
    if not SIDES[0] <= len(runs) <= SIDES[1]:
        raise InvalidValueError(f"{SIDES[0]} to {SIDES[1]} runs are compared, got {len(runs)}")
    checks.one_of("align", align, ALIGNMENTS)
    chosen = ViewRegistry.get(view)
    if chosen.shows != "grids":
        raise InvalidValueError(f"{view} is not a view of grids, which alone are compared")
    known = [available_epochs(run, chosen) for run in runs]
    first = frames_of(runs[0], view, epochs, moves=not is_still, **options)
    if is_still and len(first) > 1:
        raise InvalidValueError(f".png shows one epoch, not {len(first)}; choose .gif or .webp")
    shifts = _shifts(runs, align)
    moments = tuple(
        (epoch, *(_nearest(known[side], epoch + shifts[side]) for side in range(1, len(runs)))) for epoch in first.epochs
    )
    rest = (
        frames_of(run, view, sorted({*column}), **options)
        for run, column in zip(runs[1:], [*zip(*moments, strict=True)][1:], strict=True)
    )
    return _in_one_range(Comparison((first, *rest), moments))


def _shifts(runs: Sequence[Run], align: str) -> list[int]:
    """How much later than the first run each is at the same moment. Raises `HeadlapseError` for a run that does not grok."""
    if align == "epoch":
        return [0] * len(runs)
    grokked = [grokked_at(run) for run in runs]
    for run, epoch in zip(runs, grokked, strict=True):
        if epoch is None:
            raise HeadlapseError(f"{run.name} has not grokked, so that it cannot be aligned at grokking; leave out align")
    return [(epoch or 0) - (grokked[0] or 0) for epoch in grokked]


def _nearest(epochs: Sequence[int], wanted: int) -> int:
    return min(epochs, key=lambda epoch: (abs(epoch - wanted), epoch))


def _in_one_range(shown: Comparison) -> Comparison:
    """With the colour range of the first side on all, or of all their epochs where the colours follow the epoch."""
    first, *_ = shown.sides
    asked = first.arguments.get("color_range", "fixed")
    if asked == "fixed":
        limits = _grids(first, first.epochs[0]).limits
    elif asked == "epoch" or (isinstance(asked, tuple) and first.chosen.get("color") == "epoch"):
        whole = [replace(side, region=None) for side in shown.sides]
        values = [_grids(side, epoch).values for side in whole for epoch in side.epochs]
        limits = (float(min(np.nanmin(part) for part in values)), float(max(np.nanmax(part) for part in values)))
    else:
        return shown
    sides = (replace(side, arguments={**side.arguments, "color_range": limits}) for side in shown.sides)
    return replace(shown, sides=tuple(sides))


def _grids(side: Timelapse, epoch: int) -> Grids:
    picture = side.picture(epoch)
    assert isinstance(picture, Grids), "a view of grids"
    return picture


def _images(
    shown: Comparison, theme: Theme, scale: int, curves: bool, progress: Progress | None = None
) -> Iterator[Image.Image]:
    losses = [side.losses if curves and len(side.losses) else None for side in shown.sides]
    painters = [
        painter_of(side.picture(epoch), theme, scale, known)
        for side, epoch, known in zip(shown.sides, shown.moments[0], losses, strict=True)
    ]
    for done, epochs in enumerate(shown.moments, start=1):
        drawn = [painter.paint(side.frame(epoch)) for painter, side, epoch in zip(painters, shown.sides, epochs, strict=True)]
        yield _beside([side.variant.label for side in shown.sides], drawn, theme, scale)
        if progress is not None:
            progress(done, len(shown.moments), epochs[0])


def _beside(names: Sequence[str], drawn: Sequence[Image.Image], theme: Theme, scale: int) -> Image.Image:
    top = NAME * scale
    width, height = sum(image.width for image in drawn), top + max(image.height for image in drawn)
    whole = Image.new("RGB", (width, height + height % 2), theme.paper)
    draw, left = ImageDraw.Draw(whole), 0
    for name, image in zip(names, drawn, strict=True):
        whole.paste(image, (left, top))
        draw.text((left + 60 * scale, top), name, theme.muted, font(17 * scale), anchor="lb")
        left += image.width
    return whole


def _png(image: Image.Image, words: str) -> bytes:
    buffer, info = io.BytesIO(), PngInfo()
    info.add_text("Description", words)
    image.save(buffer, "PNG", optimize=True, pnginfo=info)
    return buffer.getvalue()
