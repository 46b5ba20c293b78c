"""A journal gives back every record that was finished, whatever ends the writing, and never a wrong one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from headlapse.errors import WriteFailedError
from headlapse.storage import atomic
from headlapse.storage.filesystem import Disk
from headlapse.storage.journal import RECORD_BYTES, Appender, Kind, append_together, read_plain
from headlapse.storage.journal_arrays import pack, read_finished

KIND = Kind("epoch", "value", first_type="<i8")
EPOCHS = [0, 7, 7, 100_000, 3]
VALUES = [1.5, -0.0, float("inf"), 5e-324, -1e308]


def written(path: Path, count: int = 0) -> bytes:
    appender = Appender(path, KIND, count)
    for epoch, value in zip(EPOCHS, VALUES, strict=True):
        appender.append(epoch, value)
    appender.sync()
    appender.close()
    return path.read_bytes()


def test_one_at_a_time_or_all_at_once_gives_the_same_bytes(tmp_path: Path) -> None:
    content = written(tmp_path / "folder" / "journal")
    assert content == pack(KIND, EPOCHS, VALUES, start=0)
    records, is_damaged = read_finished(tmp_path / "folder" / "journal", KIND, "")
    assert records["epoch"].tolist() == EPOCHS and records["value"].tolist() == VALUES and not is_damaged


def test_a_writer_goes_on_after_the_records_it_is_told_to_keep(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    first = written(path)
    again = written(path, count=2)
    assert again[: 2 * RECORD_BYTES] == first[: 2 * RECORD_BYTES]
    records, is_damaged = read_finished(path, KIND, "")
    assert records["epoch"].tolist() == EPOCHS[:2] + EPOCHS and not is_damaged


def test_records_of_several_journals_look_at_the_lease_once(tmp_path: Path) -> None:
    looks: list[int] = []
    with atomic.guarded(tmp_path, lambda: looks.append(1)):
        journals = [Appender(tmp_path / name, KIND, 0) for name in ("one", "other")]
        looks.clear()
        for epoch, value in zip(EPOCHS, VALUES, strict=True):
            append_together([(each, epoch, value) for each in journals])
        for each in journals:
            each.close()
    assert len(looks) == len(EPOCHS)
    assert {(tmp_path / name).read_bytes() for name in ("one", "other")} == {pack(KIND, EPOCHS, VALUES, start=0)}


def test_every_cut_leaves_the_records_before_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    content = written(path)
    for size in range(len(content) + 1):
        path.write_bytes(content[:size])
        records, is_damaged = read_finished(path, KIND, "")
        assert records["epoch"].tolist() == EPOCHS[: size // RECORD_BYTES] and not is_damaged


def test_every_changed_bit_before_the_last_record_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    content = written(path)
    for bit in range(8 * (len(content) - RECORD_BYTES)):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        records, is_damaged = read_finished(path, KIND, "")
        assert is_damaged and len(records) == bit // 8 // RECORD_BYTES
        assert list(read_plain(path, KIND, "")) == list(zip(EPOCHS, VALUES, strict=True))[: len(records)]


def test_records_that_change_places_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    content = written(path)
    path.write_bytes(content[RECORD_BYTES:] + content[:RECORD_BYTES])
    assert len(read_finished(path, KIND, "").records) == 0


def test_what_was_appended_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    code = f"""
import os, signal
from pathlib import Path
from headlapse.storage.journal import Appender, Kind
appender = Appender(Path({str(path)!r}), Kind("epoch", "value", first_type="<i8"), 0)
for epoch in range(1000):
    appender.append(epoch, epoch / 7)
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    records, is_damaged = read_finished(path, KIND, "")
    np.testing.assert_array_equal(records["value"], np.arange(1000) / 7)
    assert not is_damaged


def test_a_record_that_does_not_fit_the_disk_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"

    class Full(Disk):
        """Takes ten bytes more, and then none."""

        left = 3 * RECORD_BYTES + 10

        def write(self, file: int, content: memoryview) -> int:
            if not self.left:
                raise OSError(28, "No space left on device")
            count = super().write(file, content[: self.left])
            self.left -= count
            return count

    whole = atomic.disk
    monkeypatch.setattr(atomic, "disk", Full())
    appender = Appender(path, KIND, 0)
    for epoch in range(3):
        appender.append(epoch, 0.5)
    with pytest.raises(WriteFailedError, match="disk is full"):
        appender.append(3, 0.5)
    assert path.stat().st_size == 3 * RECORD_BYTES
    monkeypatch.setattr(atomic, "disk", whole)
    appender.append(3, 0.25)
    assert read_finished(path, KIND, "").records["epoch"].tolist() == [0, 1, 2, 3]
