"""The declaration of a recorded run in its config.json: everything that a family declares for a variant."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from headlapse.errors import HeadlapseError, IncompatibleFileError
from headlapse.families.axes import Axis, checked_axes
from headlapse.results.paths import RECORDED
from headlapse.results.run import RunLabels
from headlapse.results.run_layout import RunLayout

FORMAT = 1
_NAMES = ("analyzers", "cross_epoch_analyzers", "views")
_REST = ("settings", "capture", "schedule", "versions")
REMEDY = "restore its config.json, or record the training again under another name"


@dataclass(frozen=True)
class Declaration:
    """Names and sizes of the captured attention, the analyzers to run on it, and the views to offer.

    `capture` states how the attention was found: the kind of call, self or cross attention, and the selection. `settings`,
    `schedule` and `versions` are for people.
    """

    layout: RunLayout
    labels: RunLabels
    analyzers: tuple[str, ...] = ()
    cross_epoch_analyzers: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    capture: Mapping[str, Any] = field(default_factory=dict)
    schedule: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self, name: str) -> dict[str, Any]:
        """The content of the config.json of the run called `name`."""
        return {
            "format": FORMAT,
            "family": RECORDED,
            "variant": name,
            "layout": asdict(self.layout),
            "labels": asdict(self.labels),
            **{key: list(getattr(self, key)) for key in _NAMES},
            **{key: dict(getattr(self, key)) for key in _REST},
        }

    @classmethod
    def parse(cls, path: Path, content: Mapping[str, Any]) -> Self:
        """Parse the config.json at `path`. Raises `IncompatibleFileError` if anything is missing."""
        try:
            names: dict[str, Any] = {key: tuple(map(str, content[key])) for key in _NAMES}
            rest: dict[str, Any] = {key: dict(content[key]) for key in _REST}
            found = cls(RunLayout.stated(content["layout"]), _labels(content["labels"]), **names, **rest)
        except (HeadlapseError, KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"does not declare what was recorded ({type(error).__name__}: {error})"
            raise IncompatibleFileError(path, problem, REMEDY) from error
        problem = found.contradiction()
        if problem:
            raise IncompatibleFileError(path, problem, REMEDY)
        return found

    def contradiction(self) -> str:
        """How the names contradict the sizes, in words; empty if they do not."""
        sizes = (
            ("heads", len(self.labels.head_labels), self.layout.heads),
            ("positions that attend", len(self.labels.position_labels), self.layout.n_to),
            ("positions that are attended to", len(self.labels.from_position_labels), self.layout.n_from),
        )
        for what, named, stored in sizes:
            if named != stored:
                return f"names {named:,} {what} and stores {stored:,}"
        axes = tuple(axis.size for axis in self.labels.axes)
        return "" if axes == self.layout.axes else f"names axes of sizes {axes} and stores {self.layout.axes}"


def _labels(content: Mapping[str, Any]) -> RunLabels:
    axes = [Axis(axis["name"], axis["size"], axis["ticks"] and tuple(axis["ticks"])) for axis in content["axes"]]
    names = {key: tuple(map(str, content[key])) for key in ("head_labels", "position_labels", "from_position_labels")}
    return RunLabels(axes=checked_axes(axes, math.prod(axis.size for axis in axes)), **names)
