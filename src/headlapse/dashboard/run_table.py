"""The table of all runs, kept in memory: a row is made again when one of its source files changes."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from headlapse.dashboard.variant_index import Key, Stamp, VariantIndex, stamp_of
from headlapse.errors import HeadlapseError
from headlapse.workbench.table import PARTS, Parts, Row, parts_of, with_equal_columns

GOING_ON = "training"
SECONDS_TO_FIRST = 0.05
FOREVER = float("inf")


@dataclass(frozen=True)
class Shown:
    """Rows that are ready, in the order of the folders, and the number of those that are not.

    The same `tag` stands for the same content.
    """

    rows: list[Row]
    left: int
    tag: str


@dataclass
class RunTable:
    """Rows of `workbench.table`, each with the `id` of its run. An unreadable run has only its name and state."""

    variants: VariantIndex
    _known: dict[Key, tuple[Stamp, Parts]] = field(default_factory=dict)
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def shown(self, seconds: float) -> Shown:
        """The rows that are ready after `seconds`, or a little later: at least one row more than before, if there is one.

        The first rows come at once, so that the table is not empty for long, unless the caller waits for all.
        """
        with self._busy:
            folders = self.variants.folders()
            new = [key for key in folders if key not in self._known]
            is_first = not self._known and seconds != FOREVER
            self._make(new, folders, time.monotonic() + (min(seconds, SECONDS_TO_FIRST) if is_first else seconds))
            if all(key in self._known for key in new):
                self._renew(folders, seconds)
            found = [self._known[key][1] for key in folders if key in self._known]
        left = len(folders) - len(found)
        return Shown(with_equal_columns(found), left, hashlib.sha256(repr((found, left)).encode()).hexdigest()[:16])

    def _make(self, keys: Iterable[Key], folders: Mapping[Key, Path], end: float) -> None:
        """Make rows until `end`, but at least one."""
        for key in keys:
            self._known[key] = (stamp_of(folders[key]), self._read(key))
            if time.monotonic() > end:
                return

    def _renew(self, folders: Mapping[Key, Path], seconds: float) -> None:
        """Make outdated rows again, for at least as long as it took to find them."""
        began = time.monotonic()
        stale = [key for key, folder in folders.items() if not self._is_current(key, stamp_of(folder))]
        took = time.monotonic() - began
        self._make(stale, folders, time.monotonic() + max(seconds, took))

    def _is_current(self, key: Key, stamp: Stamp) -> bool:
        """Whether the row is up to date; a training may also have ended without writing its status."""
        known = self._known.get(key)
        return known is not None and known[0] == stamp and known[1][0]["state"] != GOING_ON

    def _read(self, key: Key) -> Parts:
        family, name = key
        try:
            first, *others = parts_of(self.variants.variant(family, name))
        except HeadlapseError:
            first, others = {"family": family, "run": name, "state": "unusable"}, [{}] * (PARTS - 1)
        return {"id": f"{family}/{name}", **first}, *others
