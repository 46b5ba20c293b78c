"""Time-lapses as GIF, WebP and MP4. They contain `words` about their content. The last frame stays longer than the others."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor
from PIL.ExifTags import Base

from headlapse.errors import HeadlapseError
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
    """An H.264 video that plays everywhere. Raises `HeadlapseError` if it cannot be encoded, e.g. if the disk is full."""
    need("imageio_ffmpeg", otherwise="or export .gif or .webp")
    first = next(frames)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timelapse.mp4"
        _encode(_lingering(chain([first], frames), fps), _encoder(first.size, fps, words, path))
        return path.read_bytes()


def _lingering(frames: Iterable[Image.Image], fps: float) -> Iterator[Image.Image]:
    """The frames; the last one is repeated."""
    for last in frames:
        yield last
    yield from repeat(last, round(fps * SECONDS_AT_END))


def _encode(frames: Iterable[Image.Image], command: list[str]) -> None:
    """Run ffmpeg on the frames, in a session of its own: Ctrl-C ends it with its input."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as encoder:
        assert encoder.stdin is not None
        with suppress(BrokenPipeError):  # it has ended early; its exit code says so
            for frame in frames:
                encoder.stdin.write(np.asarray(frame).tobytes())
        said = encoder.communicate()[1].decode(errors="replace").splitlines()
    if encoder.returncode:
        reason = said[-1] if said else f"ffmpeg ended with {encoder.returncode}"
        where = f"it is first written into {tempfile.gettempdir()}; free some space there or set TMPDIR to another folder"
        raise HeadlapseError(f"the video cannot be encoded ({reason}); {where}")


def _encoder(size: tuple[int, int], fps: float, words: str, path: Path) -> list[str]:
    """The command of ffmpeg that reads raw frames of this size and writes the video."""
    import imageio_ffmpeg

    frames = ["-f", "rawvideo", "-s", "{}x{}".format(*size), "-pix_fmt", "rgb24", "-r", str(fps), "-i", "-"]
    video = ["-an", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "16", "-movflags", "+faststart", *_BT709]
    return [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *frames, *video, "-metadata", f"comment={words}", str(path)]


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
