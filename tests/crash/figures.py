"""What a harness tried and found, gathered by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.crash.forks import in_children


@dataclass
class Figures:
    """What was tried; `lost` and `wrong` must stay empty, and every planted bug be found."""

    points: int = 0
    planted: dict[str, str] = field(default_factory=dict)  # what each planted bug was caught by
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def are_good(self) -> bool:
        return not self.lost and not self.wrong and all(self.planted.values())

    def note(self, name: str, lost: Iterable[str] = (), wrong: Iterable[str] = ()) -> None:
        """Something lost or wrong after the disturbance called `name`."""
        self.lost += [f"{name}: {text}" for text in lost]
        self.wrong += [f"{name}: {text}" for text in wrong]

    def add(self, counted: dict[str, Any]) -> None:
        """The figures of a part: numbers of trials, and what was found."""
        for name, value in asdict(self).items():
            if isinstance(value, int | list):
                setattr(self, name, value + counted[name])


AnyFigures = TypeVar("AnyFigures", bound=Figures)
Trial = Callable[[AnyFigures, Path], object]  # works in a folder of its own and notes what it finds


def gather(figures: AnyFigures, trials: list[Trial[AnyFigures]], processes: int, folder: Path) -> None:
    """Add to `figures` what `trials` find, shared among `processes`."""

    def share(child: int) -> dict[str, Any]:
        own = type(figures)()
        for trial in trials[child::processes]:
            trial(own, folder / f"trial{child}")
        return asdict(own)

    for counted in in_children(processes, share, folder):
        figures.add(counted)
