"""Lower bounds of the memory and disk that an analysis needs; only missing artifacts are counted."""

from __future__ import annotations

import math
from collections.abc import Collection

from headlapse.errors import counted
from headlapse.results.limits import COMPRESSED, check_disk, check_memory
from headlapse.results.run import Run

PATTERNS = "attention_patterns"


def check_fits(run: Run, analyzers: Collection[str], epochs: Collection[int], force: bool, device: str) -> None:
    """Raise `InvalidValueError` with figures if analysing these epochs does not fit this machine.

    Memory: the probe, which is needed to read any artifact, and the patterns of one checkpoint, if any are computed.
    Disk: the patterns of the epochs that have none; a replaced artifact takes about as much as the old one.
    """
    patterns = run.layout.pattern_bytes
    missing = {name: set(epochs).difference(run.artifacts.paths.epochs(name)) for name in analyzers}
    computed = patterns if any(missing.values()) or (force and analyzers) else 0
    check_memory(run, "analysis", 8 * math.prod(run.layout.axes) * run.layout.positions + computed, device)
    new = len(missing.get(PATTERNS, ()))
    remedy = "choose fewer with --epoch, or free some space"
    check_disk(run.results, f"the attention patterns of {counted(new, 'epoch')}", int(COMPRESSED * patterns) * new, remedy)
