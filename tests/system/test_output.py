"""Output outlasts its reader, and is otherwise that of the stream it replaces."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from headlapse.system.output import drop_unwritten, lasting, write_line


@pytest.fixture
def unread() -> Iterator[TextIO]:
    """A pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    yield open(writer, "w", closefd=False, encoding="utf-8")  # noqa: SIM115 -- what it could not write is lost with it
    os.close(writer)


@pytest.fixture
def full() -> Iterator[TextIO]:
    """A file on a full disk."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    number = os.open("/dev/full", os.O_WRONLY)
    yield open(number, "w", closefd=False, encoding="utf-8")  # noqa: SIM115
    os.close(number)


def test_a_closed_pipe_loses_text_and_stops_nothing(unread: TextIO) -> None:
    with pytest.raises(BrokenPipeError):
        print("before", file=unread, flush=True)
    stream = lasting(unread, BrokenPipeError)
    for _ in range(3):
        print("lost", file=stream, flush=True)
    write_line("lost", unread)


def test_only_what_is_to_be_ignored_is(full: TextIO) -> None:
    with pytest.raises(OSError, match="No space left"):
        print("result", file=lasting(full, BrokenPipeError), flush=True)
    print("progress", file=lasting(full), flush=True)


def test_text_arrives_as_in_the_stream_itself(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("w", encoding="latin-1", errors="backslashreplace") as file:
        print("before", file=file)
        stream = lasting(file)
        print("é δ", file=stream, flush=True)
        assert (stream.fileno(), stream.isatty(), stream.encoding) == (file.fileno(), False, "latin-1")
        assert lasting(stream) is stream
        del stream
        print("after", file=file)
    assert path.read_bytes() == b"before\n\xe9 \\u03b4\nafter\n"


def test_a_stream_without_a_file_stays_as_it_is() -> None:
    for stream in (io.StringIO(), io.TextIOWrapper(io.BytesIO())):
        assert lasting(stream) is stream


def test_what_cannot_be_written_is_not_tried_again(full: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (None, sys.__stdout__):
        monkeypatch.setattr(sys, "stdout", stream)
        drop_unwritten()
        assert sys.stdout is stream
    monkeypatch.setattr(sys, "stdout", lasting(full, BrokenPipeError))
    sys.stdout.write("result")
    drop_unwritten()
    assert sys.stdout is sys.__stdout__


def test_text_without_a_buffer_arrives_at_once(tmp_path: Path) -> None:
    """As with `python -u` and PYTHONUNBUFFERED, which containers set."""
    path = tmp_path / "log"
    file = io.TextIOWrapper(io.FileIO(path, "w"), encoding="utf-8", write_through=True)  # type: ignore[type-var]  # as CPython does
    print("δ", file=lasting(file))
    assert path.read_text(encoding="utf-8") == "δ\n"
    file.close()
