"""Export a view of a variant to one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.export.formats import format_of, style_of
from headlapse.export.naming import file_name, free_path, identity
from headlapse.export.timelapse import Progress, Timelapse, available_epochs, newest_readable, timelapse
from headlapse.results.epochs import check_epoch
from headlapse.results.run import Run
from headlapse.storage.atomic import write_bytes
from headlapse.visualization.regions import Region
from headlapse.visualization.views import ViewRegistry


@dataclass(frozen=True)
class Drawing:
    """A drawn file that is not yet written; `identity` says in whole words what it shows, which stands in it too."""

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
    .mp4, .html and .npz a time-lapse (by default all epochs); .csv and .npz hold the values themselves. Epochs that cannot be
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
    the only panel to draw; None draws all. `zoom` is the part of the grids to draw, "10-40,3-20" for rows 10 to 40 and columns
    3 to 20. `progress` is called with the number of frames done, their total, and the epoch.
    `style`: theme ("auto", "light", "dark"), scale, fps.
    """
    kind, looks = format_of(ending), style_of(style)
    frames = frames_of(variant, view, epochs, choices=choices, panel=panel, zoom=zoom, progress=progress, moves=kind.moves)
    if not kind.moves and len(frames) > 1:
        raise InvalidValueError(f"{ending} shows one epoch, not {len(frames)}; choose .gif, .webp, .mp4, .html or .npz")
    return Drawing(file_name(frames) + ending.lower(), kind.write(frames, looks), identity(frames))


def frames_of(
    variant: Run,
    view: str,
    epochs: int | Sequence[int] | None = None,
    *,
    choices: Mapping[str, str] | None = None,
    panel: int | None = None,
    zoom: str | None = None,
    progress: Progress | None = None,
    moves: bool = False,
) -> Timelapse:
    """The frames that `draw_view` draws; where `epochs` is None, those of all epochs, or of the newest unless it `moves`."""
    chosen = ViewRegistry.get(view)
    texts = _checked_choices({} if choices is None else choices)
    checks.optional(checks.function, "progress", progress)
    available = available_epochs(variant, chosen)
    if epochs is None and not moves:
        epochs = newest_readable(variant, chosen, available)
    wanted = _wanted(epochs, available, variant.name)
    part = (checks.optional(checks.whole, "panel", panel), None if zoom is None else Region.read(zoom))
    return timelapse(variant, chosen, wanted, texts, progress, *part)


def _checked_choices(choices: object) -> dict[str, str]:
    if not isinstance(choices, Mapping):
        raise checks.wrong("choices", "values of controls by name, e.g. {'pair': '2:0'}", choices)
    return {checks.text("the name of a control", name): checks.text(str(name), value) for name, value in choices.items()}


def _wanted(epochs: int | Sequence[int] | None, available: Sequence[int], owner: str) -> list[int]:
    if epochs is None:
        return list(available)
    given = epochs if checks.as_whole(epochs) is None else [epochs]
    return checks.some(lambda _, epoch: check_epoch(epoch, available, owner), "epochs", given, "epoch")
