"""How one file is written: beside its target, whole or not at all, with the user's permissions, and never seen half."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from headlapse.errors import CorruptFileError, WriteFailedError
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.headers import Identity
from headlapse.results.paths import ArtifactPaths, VariantPaths
from headlapse.storage import atomic
from headlapse.storage.atomic import read_json, temporaries, write_bytes, write_json
from headlapse.storage.checksums import placeholder, write_checksum
from headlapse.storage.filesystem import Disk


class Failing(Disk):
    """Fails at every call of one operation, and counts those calls."""

    def __init__(self, operation: str, number: int) -> None:
        self.calls = 0

        def fail(*_: object) -> None:
            self.calls += 1
            raise OSError(number, os.strerror(number))

        setattr(self, operation, fail)


@pytest.fixture
def break_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], Failing]:
    """A function that makes one operation of the disk fail."""

    def apply(operation: str, number: int) -> Failing:
        disk = Failing(operation, number)
        monkeypatch.setattr(atomic, "disk", disk)
        return disk

    return apply


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_files_have_the_permissions_of_the_user(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        write_bytes(tmp_path / "file", b"x")
        write_checkpoint(tmp_path / "weights", {"W": np.zeros(3, np.float32)}, Identity("f", "v", 0))
    finally:
        os.umask(before)
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_temporary_lies_beside_its_target_under_a_name_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renames: list[tuple[Path, Path]] = []

    class Noting(Disk):
        def replace(self, source: Path, target: Path) -> None:
            renames.append((source, target))
            super().replace(source, target)

    monkeypatch.setattr(atomic, "disk", Noting())
    for _ in range(2):
        write_bytes(tmp_path / "file", b"x")
    assert [source.parent for source, _ in renames] == [tmp_path] * 2 == [target.parent for _, target in renames]
    assert renames[0][0] != renames[1][0]


def test_what_a_killed_write_left_is_no_epoch(tmp_path: Path) -> None:
    artifacts, variant = ArtifactPaths(tmp_path), VariantPaths(tmp_path)
    for path in (artifacts.file("a", 20), variant.checkpoint(20)):
        path.parent.mkdir()
        path.with_name(f".{path.name}.{'0' * 16}.tmp").touch()
        path.with_name(f".{path.stem}_tmp{path.suffix}").touch()
    assert artifacts.epochs("a") == variant.epochs() == [] == artifacts.analyzers()


def test_a_full_disk_says_so_and_how_much_is_free(tmp_path: Path, break_disk: Callable[[str, int], Failing]) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")
    break_disk("write", errno.ENOSPC)
    with pytest.raises(WriteFailedError, match=r"file: the disk is full \([\d,]+ bytes free\); free some space") as caught:
        write_bytes(path, b"new")
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"old" and not temporaries(tmp_path)


def test_a_flush_that_failed_is_not_tried_again(tmp_path: Path, break_disk: Callable[[str, int], Failing]) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")
    disk = break_disk("sync", errno.EIO)
    with pytest.raises(WriteFailedError, match="check the disk"):
        write_bytes(path, b"new")
    assert disk.calls == 1 and path.read_bytes() == b"old"


def test_a_read_only_folder_is_named(tmp_path: Path, break_disk: Callable[[str, int], Failing]) -> None:
    break_disk("create", errno.EROFS)
    with pytest.raises(WriteFailedError, match=r"file: .+; check the path and its permissions"):
        write_bytes(tmp_path / "file", b"x")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_json_holds_no_nan(value: float, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(path, {"loss": value})
    assert not path.exists()


def test_json_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    with path.open("wb") as file:
        file.truncate(atomic.MAX_JSON_BYTES + 1)
    with pytest.raises(CorruptFileError, match="more than the 268,435,456 it may"):
        read_json(path, "")


def test_json_that_is_nested_too_deeply_is_a_typed_error(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    content = bytearray(b'{"a": ' + b"[" * 100_000 + b'"' + placeholder().encode() + b'"\n}\n')
    write_checksum(content, len(content) - len(placeholder()) - 4)
    path.write_bytes(content)
    with pytest.raises(CorruptFileError, match="is not JSON"):
        read_json(path, "")


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    variant = VariantPaths(tmp_path)
    variant.checkpoints.mkdir()
    (variant.checkpoints / "again").symlink_to(tmp_path)
    variant.checkpoint(20).symlink_to(variant.checkpoint(40))
    variant.checkpoint(40).symlink_to(variant.checkpoint(20))
    assert variant.epochs() == [20, 40] and not temporaries(tmp_path)
    with pytest.raises(CorruptFileError, match="symbolic links"):
        read_json(variant.checkpoint(20), "")
