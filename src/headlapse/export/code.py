"""Python code that draws the picture of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headlapse.export.alignment import ALIGNMENTS
from headlapse.export.naming import file_name, unusual
from headlapse.export.sides import Sides
from headlapse.export.timelapse import Timelapse
from headlapse.visualization.controls import LOOKS


def as_python(frames: Timelapse, families: Sequence[str] = (), tasks: Sequence[str] = (), theme: str = "auto") -> str:
    """Lines that draw the picture of one epoch from the run's folder, and export it.

    `families` are the folders of further families, `tasks` the files with the user's own tasks.
    """
    (epoch,) = frames.epochs
    wanted = ", ".join([repr(frames.view.name), *(f"{name}={value!r}" for name, value in _arguments(frames).items())])
    style = f", theme={theme!r}" if theme == "dark" else ""
    return "\n".join(
        [
            *_named(tasks),
            "import headlapse",
            "",
            f"variant = {_loaded(frames, families)}",
            f"view = variant.at({epoch}).view({wanted})",
            f"view.export({file_name(frames) + '.png'!r}{style})  # or .svg, .pdf, .npz, .csv",
            "arrays = view.arrays()",
            "view",
            "",
        ]
    )


def compared_as_python(sides: Sides, families: Sequence[str] = (), tasks: Sequence[str] = (), theme: str = "auto") -> str:
    """Lines that draw runs side by side at one moment, from their folders; otherwise as `as_python`."""
    (moment,) = sides.moments
    first = sides.frames[0]
    choices = dict(unusual(first))
    given: dict[str, Any] = {"view": first.view.name, "epochs": moment.epoch}
    given |= {} if sides.align == ALIGNMENTS[0] else {"align": sides.align}
    given |= {"choices": choices} if choices else {}
    given |= {} if first.panel is None else {"panel": first.panel}
    given |= {} if first.region is None else {"zoom": str(first.region)}
    given |= {"theme": theme} if theme == "dark" else {}
    return "\n".join(
        [
            *_named(tasks),
            "import headlapse",
            "from headlapse.export import export_compared",
            "",
            "runs = [",
            *(f"    {_loaded(side, families)}{_at(pin)}," for side, pin in zip(sides.frames, sides.pins, strict=True)),
            "]",
            "export_compared(",
            "    runs,",
            f"    {sides.name + '.png'!r},  # or .svg, .pdf, .npz, .csv; without epochs also .gif, .webp, .mp4, .html",
            *(f"    {name}={value!r}," for name, value in given.items()),
            ")",
            "",
        ]
    )


def _loaded(frames: Timelapse, families: Sequence[str]) -> str:
    folder = str(frames.variant.paths.root.absolute())
    return f"headlapse.load_variant({', '.join(map(repr, [folder, *families]))})"


def _at(pin: int | None) -> str:
    return "" if pin is None else f".at({pin})"


def _named(tasks: Sequence[str]) -> list[str]:
    if not tasks:
        return []
    return [
        "from pathlib import Path",
        "",
        "from headlapse.families.task_files import name_task_files",
        "",
        f"name_task_files([{', '.join(f'Path({task!r})' for task in tasks)}])",
        "",
    ]


def _arguments(frames: Timelapse) -> dict[str, Any]:
    """The arguments of the view: all that choose values, and those of the look that are not the default."""
    usual = [item for control in LOOKS for item in control.choices[0][1].items()]
    given = {name: value for name, value in frames.arguments.items() if value is not None and (name, value) not in usual}
    given |= {} if frames.panel is None else {"panel": frames.panel}
    return given | ({} if frames.region is None else {"zoom": str(frames.region)})
