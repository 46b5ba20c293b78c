"""What the harnesses disturb: something that is done to results, and what must be true of these whatever happens to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol


class Subject(Protocol):
    """The work that is disturbed, how it is recovered, and what is wrong after either.

    Methods that return texts say what is wrong, one text each; nothing where all is right.
    """

    name: str
    within: str  # the folder in the results that is disturbed; "" is all of them
    code: int  # with which the work ends by itself

    def begin(self, folder: Path) -> Path:
        """Empty `folder` and put into it what the work finds. Returns the results in it."""

    def work(self, results: Path) -> None:
        """What is disturbed."""

    def aftermath(self, results: Path) -> list[str]:
        """What is wrong after the work, and after what still goes on by itself then."""

    def unlike(self, results: Path) -> list[str]:
        """Where work that came to its end left anything else than it does without a fault."""

    def lost(self, results: Path, committed: Iterable[Path]) -> list[str]:
        """Files that were safe for good, and are gone, damaged or others."""

    def recover(self, results: Path) -> None:
        """What a user does after a fault; it comes to the right end wherever the work was left."""

    def wrong_in(self, results: Path) -> list[str]:
        """What a reader sees wrong, or finds damaged, after a recovery that was disturbed or not."""

    def again(self, results: Path) -> list[str]:
        """What goes wrong when it recovers undisturbed, and whether it ends the same as without a fault."""


class Recovery:
    """The recovery of a subject from a fault, as a subject of its own. It finds the results that the fault has left."""

    code = 0

    def __init__(self, subject: Subject, fault: str, left: Path) -> None:
        self.name, self.within = f"{subject.name}, {fault}, then", subject.within
        self.work = self.recover = subject.recover
        self.aftermath = self.wrong_in = subject.wrong_in
        self.lost, self.unlike, self.again = subject.lost, subject.unlike, subject.again
        self._left = left

    def begin(self, folder: Path) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._left.parent, folder)
        return folder / self._left.name
