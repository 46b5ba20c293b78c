"""The content of a file: one run over training, or several side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from headlapse.export.alignment import ALIGNMENTS
from headlapse.export.frame import Frame
from headlapse.export.naming import file_name, identity
from headlapse.export.timelapse import Progress, Timelapse


@dataclass(frozen=True)
class Moment:
    """A moment of the common epoch axis, and the epoch that each side shows at it."""

    epoch: int
    shown: tuple[int, ...]


@dataclass(frozen=True)
class Sides:
    """The frames of each side, in one view and one colour range, and the moments at which they are shown.

    A side is moved along the axis by its shift, in epochs, or stays at the epoch at which it is pinned. `notes` have words
    about its alignment.
    """

    frames: tuple[Timelapse, ...]
    moments: tuple[Moment, ...]
    shifts: tuple[int, ...] = (0,)
    pins: tuple[int | None, ...] = (None,)
    notes: tuple[str, ...] = ("",)
    align: str = ALIGNMENTS[0]
    progress: Progress | None = None

    @classmethod
    def alone(cls, frames: Timelapse) -> Self:
        """One run at its own epochs."""
        return cls((frames,), tuple(Moment(epoch, (epoch,)) for epoch in frames.epochs), progress=frames.progress)

    def __len__(self) -> int:
        return len(self.moments)

    def __iter__(self) -> Iterator[tuple[Frame, ...]]:
        for done, moment in enumerate(self.moments, start=1):
            yield self.at(moment)
            if self.progress is not None:
                self.progress(done, len(self), moment.epoch)

    def at(self, moment: Moment) -> tuple[Frame, ...]:
        """The frame of each side. Raises a `FileStateError` if the artifact of one cannot be read."""
        return tuple(side.frame(epoch) for side, epoch in zip(self.frames, moment.shown, strict=True))

    @property
    def only(self) -> Timelapse | None:
        """The frames of the only side; None if there are several."""
        return None if len(self.frames) > 1 else self.frames[0]

    @property
    def words(self) -> tuple[str, ...]:
        """The text above each side."""
        parts = zip(self.frames, self.pins, self.notes, strict=True)
        return tuple(
            " · ".join(filter(None, [side.variant.label, "" if pin is None else "pinned", note])) for side, pin, note in parts
        )

    @property
    def name(self) -> str:
        """The name of the file, without its ending: `p113_s999_heads_e11000`, `compared_e100`."""
        if self.only is not None:
            return file_name(self.only)
        first, last = self.moments[0].epoch, self.moments[-1].epoch
        return f"compared_e{first}" if first == last else f"compared_e{first}-{last}"

    @property
    def identity(self) -> str:
        """The full descriptions of all sides."""
        return "; ".join(identity(side) for side in self.frames)
