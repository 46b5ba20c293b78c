"""Export a view of a variant to one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headlapse import checks
from headlapse.export.asked import frames_of
from headlapse.export.formats import check_moments, format_of, style_of
from headlapse.export.naming import free_path
from headlapse.export.sides import Sides
from headlapse.export.timelapse import Progress
from headlapse.results.run import Run
from headlapse.storage.atomic import write_bytes


@dataclass(frozen=True)
class Drawing:
    """A drawn file that is not yet written; `identity` describes its content in full, and is in the file, too."""

    name: str
    content: bytes
    identity: str


def export_view(
    variant: Run,
    output: str | Path | None = None,
    *,
    epochs: int | Sequence[int] | None = None,
    **options: Any,
) -> Path:
    """Draw a view at `epochs` into `output`, and return the path written.

    The ending of `output` decides the format: .png, .svg, .pdf and .csv have one epoch (by default the newest), .gif, .webp,
    .mp4, .html and .npz a time-lapse (by default all epochs); .csv and .npz hold the values. Epochs that cannot be
    read are left out, each with a warning, unless you ask for a single one. If `output` is a folder or None, the file is named
    after variant, view, epochs and pair: .png for one epoch, .gif otherwise. `options` are those of `draw_view`.

    >>> export_view(variant, results / "heads.png", epochs=40, choices={"to": "=", "from": "b"}, scale=2).name
    'heads.png'
    >>> export_view(variant, results, epochs=[0, 60]).name
    'p7_s999_frac0.6_heads_e0-60.gif'
    """
    path = Path() if output is None else checks.path("output", output)
    if path.is_dir():
        drawing = draw_view(variant, ".png" if checks.as_whole(epochs) is not None else ".gif", epochs=epochs, **options)
        path = free_path(path / drawing.name, drawing.content, drawing.identity)
    else:
        drawing = draw_view(variant, path.suffix, epochs=epochs, **options)
    write_bytes(path, drawing.content)
    return path


def draw_view(
    variant: Run,
    ending: str,
    *,
    view: str = "attention_heads_grid",
    epochs: int | Sequence[int] | None = None,
    choices: Mapping[str, str] | None = None,
    panel: int | None = None,
    zoom: str | None = None,
    progress: Progress | None = None,
    **style: Any,
) -> Drawing:
    """The file of format `ending` (".png", ...) that `export_view` writes.

    `choices` are values of the view's controls, e.g. `{"to": "2", "from": "0", "color": "epoch"}`. `panel` is the number of
    the only panel to draw; None: all panels. `zoom` is the part of the grids to draw, "10-40,3-20" for rows 10 to 40 and
    columns 3 to 20. `progress` is called with the number of frames done, their total, and the epoch. `style`: theme ("auto",
    "light", "dark"), scale, fps.
    """
    kind, looks = format_of(ending), style_of(style)
    frames = frames_of(variant, view, epochs, choices=choices, panel=panel, zoom=zoom, progress=progress, moves=kind.moves)
    shown = Sides.alone(frames)
    check_moments(ending, shown)
    return Drawing(shown.name + ending.lower(), kind.write(shown, looks), shown.identity)
