"""Output that outlasts its reader: if a pipe is closed or a terminal is gone, text is lost and the work continues."""

from __future__ import annotations

import sys
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def lasting(stream: TextIO, ignored: type[OSError] = OSError) -> TextIO:
    """A stream into the same file that loses text instead of raising errors of type `ignored`.

    A stream without a file, and the console of Windows, are returned unchanged.
    """
    if not isinstance(stream, TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not FileIO:
        return stream
    with suppress(ignored):
        stream.flush()
    file = _Lasting(raw.fileno(), ignored)
    return TextIOWrapper(
        file if raw is stream.buffer else BufferedWriter(file),  # with python -u, there is no buffer
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def outlast_readers() -> None:
    """Make the output of this process lasting: on stdout a closed pipe is ignored, on stderr every error."""
    sys.stdout, sys.stderr = lasting(sys.stdout, BrokenPipeError), lasting(sys.stderr)


def drop_unwritten() -> None:
    """Discard text that stdout could not write. It has been reported, and the interpreter must not try again as it ends."""
    try:
        if sys.stdout is not None:  # e.g. if the shell has closed it
            sys.stdout.flush()
    except OSError:
        sys.stdout = sys.__stdout__


def write_line(text: str, stream: TextIO | None = None) -> None:
    """Write a line into `stream`, or on stderr. If nobody reads the pipe or the disk is full, the line is lost."""
    with suppress(OSError):
        print(text, file=stream or sys.stderr, flush=True)


class _Lasting(FileIO):
    """A file that is only written, never closed."""

    def __init__(self, number: int, ignored: type[OSError]) -> None:
        super().__init__(number, "w", closefd=False)
        self._ignored = ignored

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except self._ignored:
            return memoryview(data).nbytes
