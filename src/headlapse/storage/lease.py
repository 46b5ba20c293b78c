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
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from headlapse.errors import HeadlapseError, LeaseLostError, in_one_line
from headlapse.storage.claims import BEAT, FREE, Claim, Owner, held_tokens, put, remove, silent_tokens
from headlapse.storage.filesystem import failures_named

BEATS = 6  # within the time after which an owner counts as dead
SUFFIX = ".lease"
PAUSE = 0.02  # seconds between two looks of a waiting process


def lease_of(lock: Path) -> Path:
    """The folder of the lease that belongs to a lock."""
    return lock.with_name(f"{lock.name}{SUFFIX}")


def trust_silence(token: str) -> None:
    """Treat the claim with this token as dead: another process of this program has watched it for long enough."""
    silent_tokens.add(token)


def silent_token(folder: Path) -> str:
    """The token of the newest claim if this process has watched it and treats it as dead; otherwise empty."""
    claim = Claim.newest(folder)
    owner = claim.owner if claim is not None else None
    return owner.token if claim is not None and owner is not None and not claim.is_free and not is_held(folder) else ""


def is_held(folder: Path) -> bool:
    """Whether a live process holds the lease; a process that may be alive counts as alive."""
    claim = Claim.newest(folder)
    if claim is None or claim.is_free:
        return False
    return not claim.is_dead()


@dataclass
class Lease:
    """A lease held by this process."""

    claim: Claim
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
        home, is_lost = self.claim.folder.parent, self.claim.owner_as_it_is != self.owner or self.claim.has_successor
        if is_lost and home.exists():  # looked at last: if it was moved away meanwhile, the next write reports it
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
        held_tokens.discard(self.owner.token)
        with contextlib.suppress(OSError):
            if self.claim.owner_as_it_is == self.owner:
                (self.claim.path / FREE).mkdir()
                remove(self.claim.path)
                self.claim.folder.rmdir()


def acquire(folder: Path) -> Lease | None:
    """The lease at `folder`, or None if a live process holds it.

    This takes up to one heartbeat if the owner is on another host, and its time-out if it is dead.
    """
    with failures_named(folder):
        while True:
            with contextlib.suppress(FileExistsError):  # exist_ok looks again, and the owner may have removed it by then
                folder.mkdir()
            claim = Claim.newest(folder)
            if claim is None or claim.is_free or claim.is_dead():
                lease = _claim_after(folder, claim)
                if lease is not None:
                    threading.Thread(target=lease.beat, daemon=True).start()
                    return lease
            elif claim.is_alive():
                return None
            time.sleep(PAUSE)


def _claim_after(folder: Path, before: Claim | None) -> Lease | None:
    """The lease, unless another process was quicker. Earlier claims are removed, so that their owners find them gone."""
    owner, claim = Owner.of_this_process(), Claim(folder, 1 if before is None else before.number + 1)
    held_tokens.add(owner.token)
    if not put(owner, claim):
        held_tokens.discard(owner.token)
        return None
    if Claim.newest(folder) != claim or claim.owner_as_it_is != owner:  # its number was free again, or it is incomplete
        held_tokens.discard(owner.token)
        remove(claim.path)
        return None
    for path in [path for path in folder.iterdir() if path != claim.path]:
        remove(path)
    return Lease(claim, owner)
