"""Time-lapses as GIF, WebP and MP4. They contain `words` about their content. The last frame stays longer than the others."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor
from PIL.ExifTags import Base

from headlapse.export.theme import Theme
from headlapse.extras import need
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids
from headlapse.visualization.theme import SERIES

Durations = list[int]

SECONDS_AT_END = 1.5


def gif(frames: Iterator[Image.Image], durations: Durations, palette: Image.Image, words: str) -> bytes:
    """A GIF that loops. Durations are multiples of 10 ms."""
    steps = [max(20, round(duration / 10) * 10) for duration in durations]
    return _save(_quantized(frames, palette), "GIF", duration=steps, loop=0, comment=words.encode())


def webp(frames: Iterator[Image.Image], durations: Durations, palette: Image.Image, words: str) -> bytes:
    """A WebP that loops. Lossless compression of few colours is smaller than lossy compression, and cells keep sharp edges."""
    exif = Image.Exif()
    exif[Base.ImageDescription] = words
    few_colors = (frame.convert("RGB") for frame in _quantized(frames, palette))
    return _save(few_colors, "WEBP", duration=durations, loop=0, lossless=True, quality=50, method=4, exif=exif)


def mp4(frames: Iterator[Image.Image], fps: float, words: str) -> bytes:
    """An H.264 video that plays everywhere."""
    need("imageio_ffmpeg", otherwise="or export .gif or .webp")
    import imageio_ffmpeg

    first = next(frames)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timelapse.mp4"
        sink = imageio_ffmpeg.write_frames(
            str(path),
            first.size,
            fps=fps,
            codec="libx264",
            macro_block_size=2,
            output_params=["-crf", "16", "-movflags", "+faststart", "-metadata", f"comment={words}", *_BT709],
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


def frame_durations(count: int, fps: float) -> Durations:
    """Milliseconds of each of `count` frames."""
    return [round(1000 / fps)] * (count - 1) + [round(1000 * SECONDS_AT_END)]


def shared_palette(pictures: Sequence[Grids | Lines], theme: Theme) -> Image.Image:
    """256 colours for all frames, so that nothing flickers: the colours of the data, and of anti-aliased text and lines.

    `pictures` has one picture for each colour scale.
    """
    paper = np.array(ImageColor.getrgb(theme.paper))
    softness = np.linspace(0, 1, 9)[1:, None]
    inks = [
        theme.ink,
        theme.muted,
        theme.line,
        theme.train,
        theme.test,
        *(SERIES if any(isinstance(one, Lines) for one in pictures) else ()),
    ]
    edges = np.concatenate([paper[None], *(paper + softness * (np.array(ImageColor.getrgb(ink)) - paper) for ink in inks)])
    tables = [one.colors.table() if isinstance(one, Grids) else np.zeros((1, 3), np.uint8) for one in pictures]
    rooms = np.diff(np.linspace(0, 256 - len(edges), len(tables) + 1).astype(int)).tolist()
    spread = (np.linspace(0, len(table) - 1, room).round().astype(int) for table, room in zip(tables, rooms, strict=True))
    data = np.concatenate([table[places] for table, places in zip(tables, spread, strict=True)])
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.concatenate([data, edges.round()]).astype(np.uint8).tobytes())
    return palette


def _quantized(frames: Iterator[Image.Image], palette: Image.Image) -> Iterator[Image.Image]:
    return (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames)


def _save(frames: Iterator[Image.Image], kind: str, **options: object) -> bytes:
    first = next(frames)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=frames, **options)
    return buffer.getvalue()
