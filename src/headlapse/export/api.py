"""Export a view of a variant to one file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headlapse.errors import InvalidValueError
from headlapse.export.formats import Style, format_of
from headlapse.export.timelapse import Progress, Timelapse, available_epochs, check_available, timelapse
from headlapse.results import Variant
from headlapse.results.atomic import write_bytes
from headlapse.visualization.controls import Choice
from headlapse.visualization.views import ViewRegistry


def export_view(
    variant: Variant,
    output: str | Path | None = None,
    *,
    view: str = "attention_heads_grid",
    epochs: int | Sequence[int] | None = None,
    choices: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    **style: Any,
) -> Path:
    """Draw `view` at `epochs` into `output`, and return the path written.

    The ending of `output` decides what is made: .png, .svg and .pdf show one epoch (the newest unless `epochs` says which),
    .gif, .webp, .mp4 and .html a time-lapse (all epochs unless `epochs` says which). A folder, or nothing, means a file there
    that is named after variant, view, epochs and pair: .gif for several epochs, .png for one. `choices` are values of the
    view's controls, e.g. `{"pair": "2:0", "color": "epoch"}`. `style`: theme ("auto", "light", "dark"), scale, fps.

        export_view(variant, "heads.gif")
        export_view(variant, "heads.png", epochs=10_400, choices={"pair": "= attending to b"}, scale=2)
    """
    chosen = ViewRegistry.get(view)
    looks = Style(**style)
    available = available_epochs(variant, chosen)
    named = _name_given(output)
    moves = format_of(named).moves if named else not isinstance(epochs, int)
    wanted = _wanted(epochs, available, moves)
    if named and not moves and len(wanted) > 1:
        raise InvalidValueError(f"{named.suffix} shows one epoch, not {len(wanted)}; choose .gif, .webp, .mp4 or .html")
    frames = timelapse(variant, chosen, wanted, choices or {}, progress)
    path = named or Path(output or ".") / (default_name(frames, choices or {}) + (".gif" if len(wanted) > 1 else ".png"))
    write_bytes(path, format_of(path).write(frames, looks))
    return path


def default_name(frames: Timelapse, choices: Mapping[str, str]) -> str:
    """A file name without ending that says variant, view, epochs and what was chosen, e.g. the position pair."""
    first, last = frames.epochs[0], frames.epochs[-1]
    epochs = f"epoch{first}" if first == last else f"epochs{first}-{last}"
    chosen = [f"{name}-{_plain(value)}" for name, value in {**_defaults(frames), **choices}.items()]
    return "_".join([frames.variant.name, frames.view.name, epochs, *chosen])


def _name_given(output: str | Path | None) -> Path | None:
    return None if output is None or Path(output).is_dir() else Path(output)


def _wanted(epochs: int | Sequence[int] | None, available: Sequence[int], moves: bool) -> list[int]:
    if epochs is None:
        return list(available) if moves else [available[-1]]
    wanted = [epochs] if isinstance(epochs, int) else list(epochs)
    if not wanted:
        raise InvalidValueError("epochs is empty; name at least one epoch")
    for epoch in wanted:
        check_available(available, epoch)
    return wanted


def _defaults(frames: Timelapse) -> dict[str, str]:
    """Values of the controls that choose data, such as the pair; how it looks is named only where it was chosen."""
    data = frames.variant.artifacts.load_epoch(frames.view.analyzer, frames.epochs[0])
    controls = [control for control in frames.view.controls if not isinstance(control, Choice)]
    return {control.name: control.options(data, frames.variant.family.position_labels)[0].value for control in controls}


def _plain(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", value).strip("-")
