"""Output that outlasts its reader: where a pipe is closed or a terminal is gone, text is lost and the work goes on."""

from __future__ import annotations

import sys
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def lasting(stream: TextIO, ignored: type[OSError] = OSError) -> TextIO:
    """A stream into the same file; what an error of type `ignored` keeps it from writing is lost, and nothing is raised.

    A stream without a file, and the console of Windows, are given back as they are.
    """
    if not isinstance(stream, TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not FileIO:
        return stream
    with suppress(ignored):
        stream.flush()
    return TextIOWrapper(
        BufferedWriter(_Lasting(raw.fileno(), ignored)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def outlast_readers() -> None:
    """Make the output of this process lasting: on stdout a closed pipe is ignored, on stderr every error."""
    sys.stdout, sys.stderr = lasting(sys.stdout, BrokenPipeError), lasting(sys.stderr)


def drop_unwritten() -> None:
    """Leave what stdout could not write, which has been reported, so that the interpreter does not try again as it ends."""
    try:
        if sys.stdout is not None:  # as where the shell has closed it
            sys.stdout.flush()
    except OSError:
        sys.stdout = sys.__stdout__


def write_line(text: str, stream: TextIO | None = None) -> None:
    """Write a line into `stream`, or on stderr. If nobody reads the pipe or the disk is full, the line is lost."""
    with suppress(OSError):
        print(text, file=stream or sys.stderr, flush=True)


class _Lasting(FileIO):
    """A file that is only written, and not closed."""

    def __init__(self, number: int, ignored: type[OSError]) -> None:
        super().__init__(number, "w", closefd=False)
        self._ignored = ignored

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except self._ignored:
            return memoryview(data).nbytes
