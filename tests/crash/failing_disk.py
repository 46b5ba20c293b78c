"""A disk that counts its operations and fails at one of them: by a kill, a power cut or an error."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from headlapse.results import atomic
from headlapse.results.disk import Disk
from tests.crash.forks import in_child

KILLED = 137
KILLS = ("kill before", "kill halfway", "kill after")
POWER_CUTS = ("power cut, zeros", "power cut, half", "power cut, rename lost")
ERRORS = {
    "ENOSPC once": (errno.ENOSPC, False),
    "ENOSPC for ever": (errno.ENOSPC, True),
    "EIO once": (errno.EIO, False),
    "EIO for ever": (errno.EIO, True),
}
FAULTS = (*KILLS, *POWER_CUTS, *ERRORS)
Told = Callable[[Path, str], object]  # of a file and its sha256
NEEDS_SPACE = ("make_folder", "create", "write", "truncate", "sync")


@dataclass
class Unsynced:
    """What a power cut takes back: bytes written but not flushed, renames whose folder was not flushed."""

    sizes: dict[Path, int] = field(default_factory=dict)  # bytes that are safe
    renames: dict[Path, bytes | None] = field(default_factory=dict)  # content before

    def renamed(self, source: Path, target: Path) -> None:
        self.renames[target] = target.read_bytes() if target.exists() else None
        if source in self.sizes:
            self.sizes[target] = self.sizes.pop(source)

    def lose(self, fault: str) -> None:
        for path, safe in self.sizes.items():
            if path.exists():
                content = path.read_bytes()
                unsafe = content[safe:]
                kept = bytes(len(unsafe)) if fault.endswith("zeros") else unsafe[: len(unsafe) // 2]
                path.write_bytes(content[:safe] + kept)
        for path, before in self.renames.items() if fault.endswith("rename lost") else ():
            if before is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(before)


class FailingDisk(Disk):
    """Does `fault` at operation number `at`; `at=0` never. Files that are safe for good are told to `committed`.

    Only operations on paths that hold the text `within` are counted and can fail.
    """

    def __init__(
        self, fault: str, at: int, committed: Told = lambda *_: None, within: str = ""
    ) -> None:
        self.fault, self.at, self.count = fault, at, 0
        self._committed, self._within = committed, within
        self._unsynced = Unsynced()
        self._paths: dict[int, Path] = {}
        self._renamed: dict[Path, str] = {}

    def make_folder(self, path: Path) -> None:
        self._step("make_folder", path, lambda: Disk.make_folder(self, path))

    def create(self, path: Path) -> int:
        file: int = self._step("create", path, lambda: Disk.create(self, path))
        self._paths[file] = path
        self._unsynced.sizes[path] = 0
        return file

    def open(self, path: Path) -> int:
        file: int = self._step("open", path, lambda: Disk.open(self, path))
        self._paths[file] = path
        return file

    def write(self, file: int, content: memoryview) -> int:
        path = self._paths[file]
        self._unsynced.sizes.setdefault(path, os.fstat(file).st_size)
        half = content[: len(content) // 2]
        return self._step("write", path, lambda: Disk.write(self, file, content), lambda: Disk.write(self, file, half))

    def truncate(self, file: int, size: int) -> None:
        self._step("truncate", self._paths[file], lambda: Disk.truncate(self, file, size))

    def sync(self, file: int) -> None:
        self._step("sync", self._paths[file], lambda: Disk.sync(self, file))
        self._unsynced.sizes.pop(self._paths[file], None)

    def replace(self, source: Path, target: Path) -> None:
        self._unsynced.renamed(source, target)
        self._step("replace", target, lambda: Disk.replace(self, source, target))
        self._renamed[target] = hashlib.sha256(target.read_bytes()).hexdigest()

    def unlink(self, path: Path) -> None:
        self._step("unlink", path, lambda: Disk.unlink(self, path))

    def remove_folder(self, path: Path) -> None:
        self._step("remove_folder", path, lambda: Disk.remove_folder(self, path))

    def sync_folder(self, path: Path) -> None:
        self._step("sync_folder", path, lambda: Disk.sync_folder(self, path))
        for target in [target for target in self._renamed if target.parent == path]:
            self._unsynced.renames.pop(target, None)
            self._committed(target, self._renamed.pop(target))

    def _step(
        self, name: str, path: Path, whole: Callable[[], object], half: Callable[[], object] = lambda: None
    ) -> object:
        if self._within not in str(path):
            return whole()
        self.count += 1
        if self.fault in ERRORS:
            self._raise_if_due(name)
        elif self.count == self.at:
            {"kill halfway": half, "kill after": whole}.get(self.fault, lambda: None)()
            if self.fault in POWER_CUTS:
                half()
                self._unsynced.lose(self.fault)
            os._exit(KILLED)
        return whole()

    def _raise_if_due(self, name: str) -> None:
        number, for_ever = ERRORS[self.fault]
        due = self.count >= self.at if for_ever else self.count == self.at
        if self.at and due and (number == errno.EIO or name in NEEDS_SPACE):
            raise OSError(number, os.strerror(number))


def disturbed(work: Callable[[], object], log: Path, disk: Callable[[Told], FailingDisk]) -> tuple[int, dict[Path, str]]:
    """Exit code of a fork that does `work` on a failing `disk`, and the sha256 of every file that was safe for good."""
    log.write_text("")

    def work_on_disk() -> None:
        file = os.open(log, os.O_WRONLY | os.O_APPEND)
        atomic.disk = disk(lambda path, sha256: os.write(file, f"{sha256} {path}\n".encode()))
        work()

    code = in_child(work_on_disk)
    return code, {Path(line[65:]): line[:64] for line in log.read_text().splitlines()}


class NoSync(FailingDisk):
    """Planted bug: files are not flushed before the rename."""

    def sync(self, file: int) -> None:
        self._step("sync", self._paths[file], lambda: None)


class FixedTemporary(FailingDisk):
    """Planted bug: every writer of a file uses the same temporary name."""

    def create(self, path: Path) -> int:
        fixed = _without_token(path)
        fixed.unlink(missing_ok=True)
        return super().create(fixed)

    def replace(self, source: Path, target: Path) -> None:
        super().replace(_without_token(source), target)


class InPlace(FailingDisk):
    """Planted bug: the file itself is opened and written."""

    def create(self, path: Path) -> int:
        target = _target(path)
        target.unlink(missing_ok=True)
        return super().create(target)

    def replace(self, source: Path, target: Path) -> None:
        super().replace(target, target)

    def unlink(self, path: Path) -> None:
        if not path.name.endswith(".tmp"):
            super().unlink(path)


PLANTS = {"": FailingDisk, "no-fsync": NoSync, "fixed-temporary": FixedTemporary, "in-place": InPlace}


def _target(temporary: Path) -> Path:
    """The file a temporary will become; a journal is no temporary."""
    name = temporary.name
    return temporary.with_name(name[1:].rsplit(".", 2)[0]) if name.endswith(".tmp") else temporary


def _without_token(temporary: Path) -> Path:
    target = _target(temporary)
    return target if target == temporary else target.with_name(f".{target.name}.tmp")
