"""A disk that counts its operations and fails at one of them: by a kill, a power cut, an error or a short write."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from headlapse.storage import atomic
from headlapse.storage.filesystem import Disk
from tests.crash.forks import in_child

KILLED = 137
KILLS = ("kill before", "kill halfway", "kill after")
POWER_CUTS = ("power cut, zeros", "power cut, half", "power cut, rename lost")
ERRORS = {"ENOSPC once": errno.ENOSPC, "ENOSPC for ever": errno.ENOSPC, "EIO once": errno.EIO, "EIO for ever": errno.EIO}
SHORT_WRITES = ("short write once", "short writes for ever")  # half is written, and the writer is told so
HALVES = ("kill halfway", *SHORT_WRITES)
FAULTS = (*KILLS, *POWER_CUTS, *ERRORS, *SHORT_WRITES)
NEEDS_SPACE = ("make_folder", "create", "write", "truncate", "sync")
Told = Callable[[Path], object]


def can_meet(fault: str, operation: str) -> bool:
    """Whether an operation of this name can have this fault."""
    if fault in HALVES:
        return operation == "write"
    return not fault.startswith("ENOSPC") or operation in NEEDS_SPACE


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

    def __init__(self, fault: str, at: int, committed: Told = lambda _: None, within: str = "") -> None:
        self.fault, self.at = fault, at
        self.operations: list[str] = []
        self._committed, self._within = committed, within
        self._unsynced = Unsynced()
        self._paths: dict[int, Path] = {}
        self._renamed: set[Path] = set()

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
        half = content[: (len(content) + 1) // 2]
        return self._step("write", path, lambda: Disk.write(self, file, content), lambda: Disk.write(self, file, half))

    def truncate(self, file: int, size: int) -> None:
        self._step("truncate", self._paths[file], lambda: Disk.truncate(self, file, size))

    def sync(self, file: int) -> None:
        self._step("sync", self._paths[file], lambda: Disk.sync(self, file))
        self._unsynced.sizes.pop(self._paths[file], None)

    def replace(self, source: Path, target: Path) -> None:
        self._unsynced.renamed(source, target)
        self._step("replace", target, lambda: Disk.replace(self, source, target))
        self._renamed.add(target)

    def unlink(self, path: Path) -> None:
        self._step("unlink", path, lambda: Disk.unlink(self, path))

    def remove_folder(self, path: Path) -> None:
        self._step("remove_folder", path, lambda: Disk.remove_folder(self, path))

    def sync_folder(self, path: Path) -> None:
        self._step("sync_folder", path, lambda: Disk.sync_folder(self, path))
        for target in [target for target in self._renamed if target.parent == path]:
            self._unsynced.renames.pop(target, None)
            self._renamed.remove(target)
            self._committed(target)

    def _step(self, name: str, path: Path, whole: Callable[[], object], half: Callable[[], object] = lambda: None) -> object:
        if self._within not in str(path):
            return whole()
        self.operations.append(name)
        if not self._is_due(name):
            return whole()
        if self.fault in ERRORS:
            raise OSError(ERRORS[self.fault], os.strerror(ERRORS[self.fault]))
        if self.fault not in SHORT_WRITES:
            self._die(whole, half)
        return half()

    def _is_due(self, name: str) -> bool:
        count = len(self.operations)
        due = count >= self.at > 0 if self.fault.endswith("for ever") else count == self.at
        return due and can_meet(self.fault, name)

    def _die(self, whole: Callable[[], object], half: Callable[[], object]) -> NoReturn:
        {"kill before": lambda: None, "kill after": whole}.get(self.fault, half)()
        if self.fault in POWER_CUTS:
            self._unsynced.lose(self.fault)
        os._exit(KILLED)


def disturbed(work: Callable[[], object], log: Path, disk: Callable[[Told], FailingDisk]) -> tuple[int, list[Path]]:
    """Exit code of a fork that does `work` on a failing `disk`, and every file that was then safe for good."""
    log.write_text("")

    def work_on_disk() -> None:
        file = os.open(log, os.O_WRONLY | os.O_APPEND)
        atomic.disk = disk(lambda path: os.write(file, f"{path}\n".encode()))
        work()

    code = in_child(work_on_disk)
    return code, [Path(line) for line in log.read_text().splitlines()]
