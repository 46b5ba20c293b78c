"""The table of all runs, kept in memory: a row is made again when one of the files that it was made from changes."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field

from headlapse.dashboard.variant_index import Key, Stamp, VariantIndex
from headlapse.errors import HeadlapseError
from headlapse.workbench.table import PARTS, Parts, Row, parts_of, with_equal_columns

GOING_ON = "training"


@dataclass(frozen=True)
class Shown:
    """Rows that are ready, in the order of the folders, and how many are not. The same `tag` stands for the same content."""

    rows: list[Row]
    left: int
    tag: str


@dataclass
class RunTable:
    """Rows of `workbench.table`, each with the `id` of its run. One that cannot be read has its name and the state alone."""

    variants: VariantIndex
    _known: dict[Key, tuple[Stamp, Parts]] = field(default_factory=dict)
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def shown(self, seconds: float) -> Shown:
        """What is ready after `seconds`, or a little later: at least one row more than before, where there is one."""
        began = time.monotonic()
        stamps = self.variants.stamps()
        took = time.monotonic() - began  # reading gets as long at least, so that looking takes no more than half
        with self._busy:
            self._refresh(stamps, time.monotonic() + max(seconds, took))
            found = [self._known[key][1] for key in stamps if key in self._known]
        left = len(stamps) - len(found)
        return Shown(with_equal_columns(found), left, hashlib.sha256(repr((found, left)).encode()).hexdigest()[:16])

    def _refresh(self, stamps: dict[Key, Stamp], end: float) -> None:
        """Make rows until `end`, first those that were never made, then those that are not of now."""
        stale = [key for key, stamp in stamps.items() if not self._is_current(key, stamp)]
        for key in sorted(stale, key=self._known.__contains__):
            self._known[key] = (stamps[key], self._read(key))
            if time.monotonic() > end:
                return

    def _is_current(self, key: Key, stamp: Stamp) -> bool:
        """A training may also have ended without a word."""
        known = self._known.get(key)
        return known is not None and known[0] == stamp and known[1][0]["state"] != GOING_ON

    def _read(self, key: Key) -> Parts:
        family, name = key
        try:
            first, *others = parts_of(self.variants.variant(family, name))
        except HeadlapseError:
            first, others = {"family": family, "run": name, "state": "unusable"}, [{}] * (PARTS - 1)
        return {"id": f"{family}/{name}", **first}, *others
