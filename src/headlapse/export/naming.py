"""Names of exported files, and the full description inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from headlapse.export.timelapse import Timelapse
from headlapse.visualization.controls import is_extra

COMMON = ("attention", "grid")  # words in names of views that distinguish none


def file_name(frames: Timelapse) -> str:
    """Variant, view, epochs, and choices that are not the default: `p113_s999_heads_e11000`."""
    first, last = frames.epochs[0], frames.epochs[-1]
    epochs = f"e{first}" if first == last else f"e{first}-{last}"
    part = [] if frames.panel is None else [f"panel-{frames.panel}"]
    part += [] if frames.region is None else [f"zoom-{_plain(str(frames.region))}"]
    chosen = [f"{name}-{_plain(value)}" for name, value in unusual(frames)]
    return "_".join([frames.variant.short_label, _short(frames.view.name), epochs, *chosen, *part])


def identity(frames: Timelapse) -> str:
    """The full identity: family, variant, view, epochs and the value of every control that chooses data."""
    run, view = frames.variant, frames.view
    data = view.load(run.artifacts, frames.epochs[0])
    given = _given(frames)
    usual = ((control, control.options(data, run.labels)[0].value) for control in view.controls_of(run.labels))
    values = {
        control.name: value for control, value in usual if not (is_extra(control) or {*control.arguments(value)} & {*given})
    }
    values |= dict(frames.chosen) | given | ({} if frames.panel is None else {"panel": str(frames.panel)})
    values |= {} if frames.region is None else {"zoom": str(frames.region)}
    first, last = frames.epochs[0], frames.epochs[-1]
    epochs = f"epoch={first}" if first == last else f"epochs={first}-{last}"
    parts = [f"variant={run.family_name}/{run.name}", f"view={view.name}", epochs, *(f"{k}={v}" for k, v in values.items())]
    return "headlapse: " + ", ".join(parts)


def _given(frames: Timelapse) -> dict[str, str]:
    """Arguments of the view that no chosen value sets."""
    known = frames.view.arguments(frames.chosen, frames.variant.labels)
    return {name: str(value) for name, value in frames.arguments.items() if name not in known}


def free_path(path: Path, drawn: bytes, words: str) -> Path:
    """`path`, or with a number if it is another file whose content differs from `words`."""
    number, free = 1, path
    while free.exists() and (found := free.read_bytes()) != drawn and words.encode() not in found:
        number += 1
        free = path.with_name(f"{path.stem}_{number}{path.suffix}")
    return free


def unusual(frames: Timelapse) -> Iterator[tuple[str, str]]:
    """Chosen values that are not the defaults of the controls."""
    view, labels = frames.view, frames.variant.labels
    data = view.load(frames.variant.artifacts, frames.epochs[0])
    for control in (*view.aliases, *view.controls_of(labels)):
        value = frames.chosen.get(control.name)
        if value is not None and value != control.options(data, labels)[0].value:
            yield control.name, value


def _short(view: str) -> str:
    words = [word for word in view.split("_") if word not in COMMON]
    return "_".join(words) or view


def _plain(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", value).strip("-")
