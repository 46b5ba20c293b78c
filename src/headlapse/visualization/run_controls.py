"""The knobs of views over a whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headlapse import checks
from headlapse.results.run import RunLabels
from headlapse.visualization.format import position_in_words
from headlapse.visualization.views import EpochData, Option


@dataclass(frozen=True)
class ToPosition:
    """Which position attends, an `axis` of `array`; the last one, from which the answer is read, comes first."""

    array: str = "distance"
    axis: int = 2
    name: str = "to"
    label: str = "Attending"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        positions = reversed(range(epoch_data[self.array].shape[self.axis]))
        return [Option(str(to), position_in_words(to, labels.position_labels)) for to in positions]

    def arguments(self, value: str) -> dict[str, Any]:
        try:
            return {"to_position": int(value)}
        except ValueError as error:
            raise checks.wrong("to", "the number of a position", value) from error


@dataclass(frozen=True)
class Threshold:
    """Below which distance to the final pattern a head counts as settled."""

    name: str = "threshold"
    label: str = "Settled below"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        return [Option(repr(value), f"{value:g}") for value in epoch_data["thresholds"].tolist()]

    def arguments(self, value: str) -> dict[str, Any]:
        try:
            return {"threshold": float(value)}
        except ValueError as error:
            raise checks.wrong("threshold", "a number", value) from error
