"""Why a file could not be written or read, in words that do not mislead."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from headlapse.errors import CorruptFileError, HeadlapseError, MissingFileError, WriteFailedError
from headlapse.storage import atomic, filesystem
from headlapse.storage.atomic import kept_in_place, write_bytes
from headlapse.storage.filesystem import Disk, obstacle, read_file


def failing(operation: str, number: int) -> Disk:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    disk = Disk()
    setattr(disk, operation, fail)
    return disk


@pytest.mark.parametrize(
    ("files", "free", "words"),
    [
        (1000, 0, r"the disk holds as many files as it can \([\d,]+ bytes free, but no inodes\); remove files you do not need"),
        (1000, 5, r"the disk is full \([\d,]+ bytes free\); free some space"),
        (0, 0, r"the disk is full \([\d,]+ bytes free\); free some space"),  # inodes are made as they are needed there
    ],
)
def test_a_disk_without_inodes_is_not_called_full(
    files: int, free: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "disk", failing("create", errno.ENOSPC))
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_files=files, f_favail=free))
    monkeypatch.setattr(filesystem, "free_bytes", lambda _: 42_000_000)
    with pytest.raises(WriteFailedError, match=words):
        write_bytes(tmp_path / "file", b"x")


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name, words in (("file", "is a file, not a folder"), ("link", "is a link to .*nowhere, which does not exist")):
        for path in (tmp_path / name / "x", tmp_path / name / "a" / "b" / "x"):
            with pytest.raises(WriteFailedError, match=rf"{tmp_path / name} {words}; name another folder, or move that away"):
                write_bytes(path, b"x")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file" / "inside").mkdir(parents=True)
    with pytest.raises(WriteFailedError, match="a folder is in the place of the file; move it away"):
        write_bytes(tmp_path / "file", b"x")


def test_a_name_that_is_too_long_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(WriteFailedError, match="File name too long; choose a shorter name"):
        write_bytes(tmp_path / ("x" * 300), b"x")


def test_what_can_be_a_folder_has_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [obstacle(tmp_path / name) for name in ("real", "link", "link/new", "new/newer")] == [None] * 4


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "Permission denied.; check its permissions"),
        (errno.EIO, "Input/output error.; check the disk"),
        (errno.EINTR, "Interrupted system call.; repair it"),
    ],
)
def test_the_remedy_for_what_cannot_be_read_fits_the_reason(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(CorruptFileError, match=rf"cannot be read .{words}$"):
        read_file(tmp_path / "file", "repair it")


def test_what_is_no_file_is_moved_away_before_it_is_repaired(tmp_path: Path) -> None:
    with pytest.raises(CorruptFileError, match="is not a regular file; move it away, then repair it"):
        read_file(tmp_path, "repair it")


def test_a_folder_that_was_moved_away_is_not_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "results" / "run"
    write_bytes(folder / "witness", b"x")
    words = "run: the folder is gone; it was moved or removed while it was in use: put it back"
    with (
        pytest.raises(WriteFailedError, match=words),
        kept_in_place(folder, folder / "witness"),
    ):
        (tmp_path / "results").rename(tmp_path / "elsewhere")
        for part in (folder / "x", folder / "deeper" / "x"):
            with pytest.raises(WriteFailedError, match="the folder is gone"):
                write_bytes(part, b"x")
    assert not (tmp_path / "results").exists()
    write_bytes(folder / "x", b"x")  # nothing is in use any more


@pytest.mark.parametrize("error", [MissingFileError(Path("x"), "does not exist", "repair it"), OSError(errno.EIO, "x")])
def test_what_fails_in_a_folder_that_is_gone_fails_because_it_is_gone(error: Exception, tmp_path: Path) -> None:
    for is_gone, words in ((False, "x"), (True, "the folder is gone")):
        folder = tmp_path / str(is_gone)
        write_bytes(folder / "witness", b"x")
        with pytest.raises((HeadlapseError, OSError), match=words) as caught, kept_in_place(folder, folder / "witness"):
            if is_gone:
                folder.rename(tmp_path / "elsewhere")
            raise error
        assert (caught.value is error) != is_gone
