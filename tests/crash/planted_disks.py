"""Bugs in writing, planted to see that the harness finds them."""

from __future__ import annotations

from pathlib import Path

from headlapse.errors import HeadlapseError
from headlapse.storage import atomic
from tests.crash.failing_disk import FailingDisk


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


class Believed(FailingDisk):
    """Planted bug: how much was written is not looked at."""

    def write(self, file: int, content: memoryview) -> int:
        super().write(file, content)
        return len(content)


# and the fault that brings each to light
PLANTS = {
    "no-fsync": (NoSync, "power cut, zeros"),
    "in-place": (InPlace, "kill halfway"),
    "short-write-believed": (Believed, "short write once"),
}


def two_writers(path: Path, disk: type[FailingDisk]) -> str:
    """What goes wrong where a second writer of `path` comes and goes while the first is halfway."""

    class Rival(disk):  # type: ignore[misc, valid-type]
        met = False

        def write(self, file: int, content: memoryview) -> int:
            if not self.met:
                self.met = True
                done = super().write(file, content[:5])
                atomic.write_bytes(path, b"second")
                return done
            return super().write(file, content)

    atomic.disk, usual = Rival("kill before", 0), atomic.disk
    try:
        atomic.write_bytes(path, b"the first")
    except HeadlapseError as error:
        return f"two writers: {error}"
    finally:
        atomic.disk = usual
    content = path.read_bytes()
    return "" if content in (b"the first", b"second") else f"two writers: the file holds {content!r}"


def _target(temporary: Path) -> Path:
    """The file a temporary will become; a journal is no temporary."""
    name = temporary.name
    return temporary.with_name(name[1:].rsplit(".", 2)[0]) if name.endswith(".tmp") else temporary


def _without_token(temporary: Path) -> Path:
    target = _target(temporary)
    return target if target == temporary else target.with_name(f".{target.name}.tmp")
