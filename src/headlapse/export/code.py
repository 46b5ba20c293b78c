"""The lines of Python that draw what a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headlapse.export.naming import file_name
from headlapse.export.timelapse import Timelapse
from headlapse.visualization.controls import LOOKS


def as_python(frames: Timelapse, families: Sequence[str] = (), tasks: Sequence[str] = (), theme: str = "auto") -> str:
    """Lines that draw the picture of one epoch from the run's folder, and export it.

    `families` are the folders of further families, `tasks` the files with tasks of the user's own.
    """
    (epoch,) = frames.epochs
    folder = str(frames.variant.paths.root.absolute())
    wanted = ", ".join([repr(frames.view.name), *(f"{name}={value!r}" for name, value in _arguments(frames).items())])
    style = f", theme={theme!r}" if theme == "dark" else ""
    loaded = ", ".join(map(repr, [folder, *families]))
    return "\n".join(
        [
            *_named(tasks),
            "import headlapse",
            "",
            f"variant = headlapse.load_variant({loaded})",
            f"view = variant.at({epoch}).view({wanted})",
            f"view.export({file_name(frames) + '.png'!r}{style})  # or .svg, .pdf, .npz, .csv",
            "arrays = view.arrays()",
            "view",
            "",
        ]
    )


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
    """What the view is called with: all that chooses values, and what of the look is not usual."""
    usual = [item for control in LOOKS for item in control.choices[0][1].items()]
    given = {name: value for name, value in frames.arguments.items() if value is not None and (name, value) not in usual}
    given |= {} if frames.panel is None else {"panel": frames.panel}
    return given | ({} if frames.region is None else {"zoom": str(frames.region)})
