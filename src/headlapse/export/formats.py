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
from headlapse.export.naming import identity
from headlapse.export.page import page
from headlapse.export.painter import FramePainter, painter_of
from headlapse.export.theme import get_theme
from headlapse.export.timelapse import Timelapse
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
    write: Callable[[Timelapse, Style], bytes]


def format_of(ending: str) -> Format:
    """The format of files with this ending. Raises `InvalidValueError` listing the endings."""
    if checks.text("the ending", ending).lower() not in FORMATS:
        raise InvalidValueError(f"a file name must end in one of {', '.join(FORMATS)}, got {checks.shown(ending)}")
    return FORMATS[ending.lower()]


def _png(frames: Timelapse, style: Style) -> bytes:
    (image,) = _images(frames, style, curves=False)
    buffer = io.BytesIO()
    words = PngInfo()
    words.add_text("Description", identity(frames))
    image.save(buffer, "PNG", optimize=True, pnginfo=words)
    return buffer.getvalue()


def _gif(frames: Timelapse, style: Style) -> bytes:
    return animations.gif(
        _images(frames, style), animations.frame_durations(len(frames), style.fps), _palette(frames, style), identity(frames)
    )


def _webp(frames: Timelapse, style: Style) -> bytes:
    return animations.webp(
        _images(frames, style), animations.frame_durations(len(frames), style.fps), _palette(frames, style), identity(frames)
    )


def _mp4(frames: Timelapse, style: Style) -> bytes:
    return animations.mp4(_images(frames, style), style.fps, identity(frames))


def _svg(frames: Timelapse, style: Style) -> bytes:
    return with_description(_vector(frames, style, "svg"), identity(frames))


def _pdf(frames: Timelapse, style: Style) -> bytes:
    return _vector(frames, style, "pdf")


def _html(frames: Timelapse, style: Style) -> bytes:
    return page(frames, style.theme, style.fps)


def _npz(frames: Timelapse, style: Style) -> bytes:  # noqa: ARG001 -- data has no look
    return data.as_npz(frames)


def _csv(frames: Timelapse, style: Style) -> bytes:  # noqa: ARG001 -- data has no look
    return data.as_csv(frames)


def _vector(frames: Timelapse, style: Style, kind: str) -> bytes:
    (epoch,) = frames.epochs
    figure = frames.figure(epoch)
    if style.theme == "dark":
        paper = get_theme(style.theme).paper
        figure.update_layout(template="plotly_dark", paper_bgcolor=paper, plot_bgcolor=paper)
    return vector(figure, kind)


def _palette(frames: Timelapse, style: Style) -> Image.Image:
    return animations.shared_palette(frames.picture(frames.epochs[0]), get_theme(style.theme))


def _images(frames: Timelapse, style: Style, curves: bool = True) -> Iterator[Image.Image]:
    painter: FramePainter | None = None
    losses = frames.losses if curves and len(frames.losses) else None
    for frame in frames:
        painter = painter or painter_of(frame.picture, get_theme(style.theme), style.scale, losses)
        yield painter.paint(frame)


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
