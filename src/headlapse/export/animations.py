"""Time-lapses as GIF, WebP and MP4. The last frame stays a little longer than the others."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor

from headlapse.errors import HeadlapseError
from headlapse.export.theme import Theme
from headlapse.visualization.colors import ColorScale

SECONDS_AT_END = 1.5


def gif(frames: Iterator[Image.Image], count: int, fps: float, colors: ColorScale, theme: Theme) -> bytes:
    """A GIF that loops. All frames share one palette, so that no colour flickers; players know steps of 10 ms only."""
    palette = _palette(colors, theme)
    quantized = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames)
    milliseconds = [max(20, round(100 / fps) * 10)] * (count - 1) + [round(1000 * SECONDS_AT_END)]
    return _save(quantized, "GIF", duration=milliseconds, loop=0)


def webp(frames: Iterator[Image.Image], count: int, fps: float) -> bytes:
    """A WebP that loops, without loss; smaller than a GIF."""
    milliseconds = [round(1000 / fps)] * (count - 1) + [round(1000 * SECONDS_AT_END)]
    return _save(frames, "WEBP", duration=milliseconds, loop=0, lossless=True, quality=20, method=2)


def mp4(frames: Iterator[Image.Image], fps: float) -> bytes:
    """An H.264 video that plays everywhere."""
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise HeadlapseError("MP4 needs the extra 'video': pip install 'headlapse[video]'; or export .gif or .webp") from error
    first = next(frames)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timelapse.mp4"
        sink = imageio_ffmpeg.write_frames(
            str(path),
            first.size,
            fps=fps,
            codec="libx264",
            macro_block_size=2,
            output_params=["-crf", "16", "-movflags", "+faststart", *_BT709],
        )
        sink.send(None)
        last = first
        for last in chain([first], frames):
            sink.send(np.asarray(last))
        for still in repeat(np.asarray(last), round(fps * SECONDS_AT_END)):
            sink.send(still)
        sink.close()
        return path.read_bytes()


_BT709 = [
    *("-vf", "scale=out_color_matrix=bt709:out_range=tv"),
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
]


def _save(frames: Iterator[Image.Image], kind: str, **options: object) -> bytes:
    first = next(frames)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=frames, **options)
    return buffer.getvalue()


def _palette(colors: ColorScale, theme: Theme) -> Image.Image:
    """256 colours: those of the data, and those of text and curves on paper with their soft edges."""
    paper = np.array(ImageColor.getrgb(theme.paper))
    softness = np.linspace(0, 1, 13)[1:, None]
    inks = [np.array(ImageColor.getrgb(ink)) for ink in (theme.ink, theme.muted, theme.line, theme.train, theme.test)]
    edges = np.concatenate([paper[None], *(paper + softness * (ink - paper) for ink in inks)])
    table = colors.table()
    data = table[np.linspace(0, len(table) - 1, 256 - len(edges)).round().astype(int)]
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.concatenate([data, edges.round()]).astype(np.uint8).tobytes())
    return palette
