"""Formats that can be written, by the ending of the file's name."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.export import animations, data
from headlapse.export.images import images, samples
from headlapse.export.page import page
from headlapse.export.side_figures import figure_of
from headlapse.export.sides import Sides
from headlapse.export.theme import get_theme
from headlapse.export.vector import vector, with_description


@dataclass(frozen=True)
class Style:
    """The look of exports: theme auto, light or dark; `scale` enlarges images; `fps` are frames per second."""

    theme: str = "auto"
    scale: int = 1
    fps: float = 12.0

    def __post_init__(self) -> None:
        get_theme(self.theme)
        object.__setattr__(self, "scale", checks.whole("scale", self.scale, least=1, most=8))
        object.__setattr__(self, "fps", checks.number("fps", self.fps, least=0.1, most=50))


def style_of(options: Mapping[str, Any]) -> Style:
    """The style with these fields. Raises `UnknownNameError` for another one."""
    checks.known("option", options, Style.__dataclass_fields__)
    return Style(**options)


@dataclass(frozen=True)
class Format:
    """A file format: its media type, whether it is a time-lapse, and the function that writes it."""

    mime: str
    moves: bool
    write: Callable[[Sides, Style], bytes]


def format_of(ending: str) -> Format:
    """The format of files with this ending. Raises `InvalidValueError` listing the endings."""
    if checks.text("the ending", ending).lower() not in FORMATS:
        raise InvalidValueError(f"a file name must end in one of {', '.join(FORMATS)}, got {checks.shown(ending)}")
    return FORMATS[ending.lower()]


def check_moments(ending: str, sides: Sides) -> None:
    """Raise `InvalidValueError` if the format with this ending cannot show that many moments."""
    if not format_of(ending).moves and len(sides) > 1:
        still = [other for other, kind in FORMATS.items() if kind.moves]
        raise InvalidValueError(f"{ending} shows one epoch, not {len(sides)}; choose {', '.join(still[:-1])} or {still[-1]}")


def _png(sides: Sides, style: Style) -> bytes:
    (image,) = _images(sides, style, curves=False)
    buffer = io.BytesIO()
    words = PngInfo()
    words.add_text("Description", sides.identity)
    image.save(buffer, "PNG", optimize=True, pnginfo=words)
    return buffer.getvalue()


def _gif(sides: Sides, style: Style) -> bytes:
    return animations.gif(
        _images(sides, style), animations.frame_durations(len(sides), style.fps), _palette(sides, style), sides.identity
    )


def _webp(sides: Sides, style: Style) -> bytes:
    return animations.webp(
        _images(sides, style), animations.frame_durations(len(sides), style.fps), _palette(sides, style), sides.identity
    )


def _mp4(sides: Sides, style: Style) -> bytes:
    return animations.mp4(_images(sides, style), style.fps, sides.identity)


def _svg(sides: Sides, style: Style) -> bytes:
    return with_description(_vector(sides, style, "svg"), sides.identity)


def _pdf(sides: Sides, style: Style) -> bytes:
    return _vector(sides, style, "pdf")


def _html(sides: Sides, style: Style) -> bytes:
    return page(sides, style.theme, style.fps)


def _npz(sides: Sides, style: Style) -> bytes:  # noqa: ARG001 -- data has no look
    return data.sides_as_npz(sides) if sides.only is None else data.as_npz(sides.only)


def _csv(sides: Sides, style: Style) -> bytes:  # noqa: ARG001 -- data has no look
    return data.sides_as_csv(sides) if sides.only is None else data.as_csv(sides.only)


def _vector(sides: Sides, style: Style, kind: str) -> bytes:
    figure = figure_of(sides)
    if style.theme == "dark":
        paper = get_theme(style.theme).paper
        figure.update_layout(template="plotly_dark", paper_bgcolor=paper, plot_bgcolor=paper)
    return vector(figure, kind)


def _palette(sides: Sides, style: Style) -> Image.Image:
    return animations.shared_palette(samples(sides), get_theme(style.theme))


def _images(sides: Sides, style: Style, curves: bool = True) -> Iterator[Image.Image]:
    return images(sides, get_theme(style.theme), style.scale, curves)


FORMATS = {
    ".png": Format("image/png", moves=False, write=_png),
    ".svg": Format("image/svg+xml", moves=False, write=_svg),
    ".pdf": Format("application/pdf", moves=False, write=_pdf),
    ".gif": Format("image/gif", moves=True, write=_gif),
    ".webp": Format("image/webp", moves=True, write=_webp),
    ".mp4": Format("video/mp4", moves=True, write=_mp4),
    ".html": Format("text/html", moves=True, write=_html),
    ".npz": Format("application/x-npz", moves=True, write=_npz),
    ".csv": Format("text/csv", moves=False, write=_csv),
}
