"""What pictures ask a run for words: the names of its heads, positions and axes."""

from __future__ import annotations

from dataclasses import dataclass

from headlapse.families.axes import Axis


@dataclass(frozen=True)
class RunLabels:
    """One name per head of all layers and per token position, and the axes that the inputs enumerate."""

    head_labels: tuple[str, ...]
    position_labels: tuple[str, ...]
    axes: tuple[Axis, ...]

    @property
    def axis_names(self) -> tuple[str, ...]:
        return tuple(axis.name for axis in self.axes)
