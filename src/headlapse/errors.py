"""Every error that headlapse raises on purpose. All share one base class, and each also inherits a built-in exception."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


def shown(value: object) -> str:
    """`value` as Python writes it, short and in one line."""
    try:
        text = _SHORT.repr(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        text = "a number with too many digits to show"
    return " ".join(text.split())


def in_one_line(name: object) -> str:
    """`name`, e.g. a path, with line breaks and control characters escaped as in Python."""
    text = str(name)
    return text if text.isprintable() else repr(text)


def counted(number: int, noun: str) -> str:
    """E.g. "1 checkpoint" or "1,200 checkpoints"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def some_of(names: Sequence[str], most: int = 8) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


class HeadlapseError(Exception):
    """Base class of all errors raised on purpose. `str(error)` is one line that says what to do."""

    def __str__(self) -> str:  # KeyError would quote the message
        return " ".join(str(argument) for argument in self.args)


class InvalidValueError(HeadlapseError, ValueError):
    """A value that the user gave is not allowed."""


class NoPictureError(InvalidValueError):
    """Values of an epoch that cannot be drawn, such as NaN. Other epochs may have pictures."""


class OutOfRangeError(HeadlapseError, IndexError):
    """A position, head or epoch that does not exist."""


class UnknownNameError(HeadlapseError, KeyError):
    """An unknown name."""

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
        """The error for `name`, listing the names of this `kind` that exist."""
        return cls(f"unknown {kind} {shown(name)}; known: {', '.join(sorted(map(str, known))) or 'none'}")


class BrokenFamilyError(HeadlapseError, ValueError):
    """A family.json that cannot be used."""


class FileStateError(HeadlapseError):
    """A file that cannot be used. `state` is the word shown to users."""

    state: ClassVar[str]

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        super().__init__(f"{in_one_line(path)}: {problem}; {remedy}")
        self.path = path
        self.problem = problem
        self.remedy = remedy


class MissingFileError(FileStateError, FileNotFoundError):
    """The file does not exist."""

    state = "missing"


class CorruptFileError(FileStateError, ValueError):
    """The file is damaged: truncated, altered, or not in the format of its name."""

    state = "corrupt"


class IncompatibleFileError(FileStateError, ValueError):
    """The file is undamaged but belongs to something else (another family, prime, epoch or shape)."""

    state = "incompatible"


class StaleFileError(FileStateError, ValueError):
    """The file was made from another checkpoint, probe or analyzer version."""

    state = "stale"


class NonFiniteError(FileStateError, ValueError):
    """The weights or results contain NaN or infinity."""

    state = "nonfinite"


class BusyError(HeadlapseError, RuntimeError):
    """Another process has locked this variant."""


class LeaseLostError(BusyError):
    """Another process has taken over the variant, because this one was paused or unreachable for too long."""


class WriteFailedError(HeadlapseError, OSError):
    """A file could not be written; its earlier content is unchanged."""

    def __init__(self, message: str, number: int | None) -> None:
        super().__init__(message)
        self.errno = number
