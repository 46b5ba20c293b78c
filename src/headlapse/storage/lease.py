"""A lease on a folder, for file systems whose locks do not exclude other hosts.

A lease is a folder of numbered claims, which exists while a process holds it or has died. The highest number is the newest; its
folder contains the owner (host, process, token) and a heartbeat, or a mark that it is being given back. A process claims the
lease by renaming a temporary folder to the next number, which succeeds for only one process. A waiting process takes over a
claim if its owner is known to be dead, or if its heartbeat has not changed for the time that it states, measured by the clock
of the waiting process, so that clocks of hosts may differ.

A process that was paused for long may have been taken for dead. It therefore checks its claim right before every change
(`Lease.check`), and finds it gone.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from headlapse.errors import HeadlapseError, LeaseLostError, in_one_line
from headlapse.storage.filesystem import failures_named
from headlapse.system import processes

SECONDS_UNTIL_DEAD = 90.0
BEATS = 6  # within that time
SUFFIX = ".lease"
PAUSE = 0.02  # seconds between two looks of a waiting process
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
            return self.token not in _held
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
_silent: set[str] = set()
_held: set[str] = set()  # tokens of this process; a folder that was moved away and back may have another


def trust_silence(token: str) -> None:
    """Treat the claim with this token as dead: another process of this program has watched it for long enough."""
    _silent.add(token)


def silent_token(folder: Path) -> str:
    """The token of the newest claim if this process has watched it and treats it as dead; otherwise empty."""
    claim = _Claim.newest(folder)
    owner = claim.owner if claim is not None else None
    return owner.token if claim is not None and owner is not None and not claim.is_free and not is_held(folder) else ""


def is_held(folder: Path) -> bool:
    """Whether a live process holds the lease; a process that may be alive counts as alive."""
    claim = _Claim.newest(folder)
    if claim is None or claim.is_free:
        return False
    return not claim.is_dead()


@dataclass
class Lease:
    """A lease held by this process."""

    claim: _Claim
    owner: Owner
    _given_back: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def explaining(self) -> Iterator[None]:
        """Within the block, an error that follows from losing the lease becomes a `LeaseLostError`."""
        try:
            yield
        except (HeadlapseError, OSError):
            self.check()
            raise

    def check(self) -> None:
        """Raise `LeaseLostError` if another process has taken the lease over.

        The file is opened, because that asks the server even if names are cached.
        """
        home = self.claim.folder.parent  # if it was moved away, the next write reports it
        if home.exists() and (self.claim.owner_as_it_is != self.owner or self.claim.has_successor):
            raise LeaseLostError(
                f"{in_one_line(home)} was taken over by another process, because this one did not answer for "
                f"{self.owner.seconds_until_dead:g} s; this process stops"
            )

    def beat(self) -> None:
        """Keep the heartbeat changing until the lease is given back or lost."""
        count = 0
        while not self._given_back.wait(self.owner.seconds_until_dead / BEATS):
            count += 1
            with contextlib.suppress(OSError):
                if self.claim.owner_as_it_is != self.owner:
                    return
                self.claim.write(BEAT, f"{count:020d}".encode())

    def give_back(self) -> None:
        """Let the next process claim the lease at once, and leave nothing behind."""
        self._given_back.set()
        _held.discard(self.owner.token)
        with contextlib.suppress(OSError):
            if self.claim.owner_as_it_is == self.owner:
                (self.claim.path / FREE).mkdir()
                _remove(self.claim.path)
                self.claim.folder.rmdir()


def acquire(folder: Path) -> Lease | None:
    """The lease at `folder`, or None if a live process holds it.

    This takes up to one heartbeat if the owner is on another host, and its time-out if it is dead.
    """
    with failures_named(folder):
        while True:
            with contextlib.suppress(FileExistsError):  # exist_ok looks again, and the owner may have removed it by then
                folder.mkdir()
            claim = _Claim.newest(folder)
            if claim is None or claim.is_free or claim.is_dead():
                lease = _claim_after(folder, claim)
                if lease is not None:
                    threading.Thread(target=lease.beat, daemon=True).start()
                    return lease
            elif claim.is_alive():
                return None
            time.sleep(PAUSE)


def _claim_after(folder: Path, before: _Claim | None) -> Lease | None:
    """The lease, unless another process was quicker. Earlier claims are removed, so that their owners find them gone."""
    owner, claim = Owner.of_this_process(), _Claim(folder, 1 if before is None else before.number + 1)
    _held.add(owner.token)
    if not _put(owner, claim):
        _held.discard(owner.token)
        return None
    if _Claim.newest(folder) != claim or claim.owner_as_it_is != owner:  # its number was free again, or it is incomplete
        _held.discard(owner.token)
        _remove(claim.path)
        return None
    for path in [path for path in folder.iterdir() if path != claim.path]:
        _remove(path)
    return Lease(claim, owner)


def _put(owner: Owner, claim: _Claim) -> bool:
    """Create the folder of a claim under a temporary name and move it into place, which fails if the place is taken."""
    aside = claim.folder / f".claim.{owner.token}.tmp"
    try:
        aside.mkdir()
        _write(aside / OWNER, json.dumps(asdict(owner)).encode(), os.O_CREAT)
        _write(aside / BEAT, b"", os.O_CREAT)
        aside.rename(claim.path)
    except OSError as error:
        _remove(aside)
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
            return False
        raise
    return True


@dataclass(frozen=True)
class _Claim:
    """The claim `number` in the folder of a lease."""

    folder: Path
    number: int

    @classmethod
    def newest(cls, folder: Path) -> _Claim | None:
        numbers = _numbers(folder)
        return cls(folder, numbers[-1]) if numbers else None

    @property
    def path(self) -> Path:
        return self.folder / str(self.number)

    @property
    def is_free(self) -> bool:
        return (self.path / FREE).exists()

    @property
    def owner(self) -> Owner | None:
        """None if it cannot be read, e.g. after a power cut."""
        try:
            return self.owner_as_it_is
        except OSError:
            return None

    @property
    def owner_as_it_is(self) -> Owner | None:
        """None if there is none or its content is invalid. Raises `OSError` if the disk does not answer."""
        try:
            stated: dict[str, Any] = json.loads((self.path / OWNER).read_bytes())
            return Owner(**stated)
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
            return None

    @property
    def has_successor(self) -> bool:
        return (self.folder / str(self.number + 1)).exists()

    def is_dead(self) -> bool:
        """Whether its process has ended, or was silent for the time that it states."""
        owner = self.owner
        if owner is not None and owner.is_dead is not None:
            return owner.is_dead
        if owner is not None and owner.token in _silent:
            return True
        return self._watched().is_silent(SECONDS_UNTIL_DEAD if owner is None else owner.seconds_until_dead)

    def is_alive(self) -> bool:
        """Whether its process is known to be alive: a process of this host, or one whose heartbeat was seen to change."""
        owner = self.owner
        return (owner is not None and owner.is_dead is False) or self._watched().has_changed

    def write(self, name: str, content: bytes) -> None:
        _write(self.path / name, content)

    def _watched(self) -> Watch:
        try:
            beat = (self.path / BEAT).read_bytes()
        except OSError:
            beat = b""
        watch = _watches.setdefault(self.folder, Watch((self.number, beat)))
        watch.look(self.number, beat)
        return watch


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


def _remove(folder: Path) -> None:
    """Remove a claim, its owner first. Another process may already have removed parts of it."""
    for name in (OWNER, BEAT):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    for emptied in (folder / FREE, folder):
        with contextlib.suppress(OSError):
            emptied.rmdir()


def lease_of(lock: Path) -> Path:
    """The folder of the lease that belongs to a lock."""
    return lock.with_name(f"{lock.name}{SUFFIX}")
