"""The claims of a lease on disk: numbered folders with their owner and a heartbeat. `headlapse.storage.lease` has the rules."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from headlapse.system import processes

SECONDS_UNTIL_DEAD = 90.0
OWNER, BEAT, FREE = "owner.json", "beat", "free"


@dataclass(frozen=True)
class Owner:
    """The owner of a lease: the process `pid` of `host`, which began at `started`. Each claim has its own `token`."""

    host: str
    pid: int
    started: str
    token: str
    seconds_until_dead: float

    @classmethod
    def of_this_process(cls) -> Owner:
        """The current process, with a new token."""
        pid = os.getpid()
        return cls(processes.host(), pid, processes.started(pid), secrets.token_hex(8), SECONDS_UNTIL_DEAD)

    @property
    def is_dead(self) -> bool | None:
        """Whether its process has ended or has given the lease back; None if that cannot be known from here."""
        if self.host != processes.host():
            return None
        if self.pid == os.getpid():
            return self.token not in held_tokens
        return not processes.is_alive(self.pid, self.started)


@dataclass
class Watch:
    """Observations of one claim: when its heartbeat was last seen to change, and whether it ever changed."""

    seen: tuple[int, bytes]
    since: float = field(default_factory=time.monotonic)
    has_changed: bool = False

    def look(self, number: int, beat: bytes) -> None:
        """Note the current number and heartbeat of the claim."""
        if (number, beat) != self.seen:
            self.has_changed = number == self.seen[0]
            self.seen, self.since = (number, beat), time.monotonic()

    def is_silent(self, seconds: float) -> bool:
        """Whether the heartbeat has not been seen to change for this long."""
        return time.monotonic() - self.since > seconds


_watches: dict[Path, Watch] = {}
silent_tokens: set[str] = set()
held_tokens: set[str] = set()  # tokens of this process; a folder that was moved away and back may have another


@dataclass(frozen=True)
class Claim:
    """The claim `number` in the folder of a lease."""

    folder: Path
    number: int

    @classmethod
    def newest(cls, folder: Path) -> Claim | None:
        """The claim with the highest number; None if there is none."""
        numbers = _numbers(folder)
        return cls(folder, numbers[-1]) if numbers else None

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.folder / str(self.number)

    @property
    def is_free(self) -> bool:
        """Whether its owner is giving it back."""
        return (self.path / FREE).exists()

    @property
    def owner(self) -> Owner | None:
        """Its owner; None if it cannot be read, e.g. after a power cut."""
        try:
            return self.owner_as_it_is
        except OSError:
            return None

    @property
    def owner_as_it_is(self) -> Owner | None:
        """Its owner; None if there is none or its content is invalid. Raises `OSError` if the disk does not answer."""
        try:
            stated: dict[str, Any] = json.loads((self.path / OWNER).read_bytes())
            return Owner(**stated)
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
            return None

    @property
    def has_successor(self) -> bool:
        """Whether another process has claimed the next number."""
        return (self.folder / str(self.number + 1)).exists()

    def is_dead(self) -> bool:
        """Whether its process has ended, or was silent for the time that it states."""
        owner = self.owner
        if owner is not None and owner.is_dead is not None:
            return owner.is_dead
        if owner is not None and owner.token in silent_tokens:
            return True
        return self._watched().is_silent(SECONDS_UNTIL_DEAD if owner is None else owner.seconds_until_dead)

    def is_alive(self) -> bool:
        """Whether its process is known to be alive: a process of this host, or one whose heartbeat was seen to change."""
        owner = self.owner
        return (owner is not None and owner.is_dead is False) or self._watched().has_changed

    def write(self, name: str, content: bytes) -> None:
        """Overwrite the file `name` of the claim."""
        _write(self.path / name, content)

    def _watched(self) -> Watch:
        try:
            beat = (self.path / BEAT).read_bytes()
        except OSError:
            beat = b""
        watch = _watches.setdefault(self.folder, Watch((self.number, beat)))
        watch.look(self.number, beat)
        return watch


def put(owner: Owner, claim: Claim) -> bool:
    """Create the folder of a claim under a temporary name and move it into place, which fails if the place is taken."""
    aside = claim.folder / f".claim.{owner.token}.tmp"
    try:
        aside.mkdir()
        _write(aside / OWNER, json.dumps(asdict(owner)).encode(), os.O_CREAT)
        _write(aside / BEAT, b"", os.O_CREAT)
        aside.rename(claim.path)
    except OSError as error:
        remove(aside)
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
            return False
        raise
    return True


def _numbers(folder: Path) -> list[int]:
    """The numbers of the claims, ascending."""
    try:
        return sorted(int(name) for name in os.listdir(folder) if name.isascii() and name.isdigit())  # noqa: PTH208
    except (FileNotFoundError, NotADirectoryError):
        return []


def _write(path: Path, content: bytes, flags: int = 0) -> None:
    file = os.open(path, os.O_WRONLY | flags | getattr(os, "O_BINARY", 0), 0o666)
    try:
        os.write(file, content)
    finally:
        os.close(file)


def remove(folder: Path) -> None:
    """Remove a claim, its owner first. Another process may already have removed parts of it."""
    for name in (OWNER, BEAT):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    for emptied in (folder / FREE, folder):
        with contextlib.suppress(OSError):
            emptied.rmdir()
