"""What an analysis takes, as lower bounds; only what is not there yet is counted."""

from __future__ import annotations

from collections.abc import Collection

from headlapse.models.config import ModelConfig
from headlapse.results.limits import COMPRESSED, check_disk, check_memory, pattern_bytes
from headlapse.results.variant import Variant

PATTERNS = "attention_patterns"


def check_fits(variant: Variant, analyzers: Collection[str], epochs: Collection[int], force: bool, device: str) -> None:
    """Raise `InvalidValueError` with figures where analysing these epochs does not fit this machine.

    Memory: the probe, which every look at an artifact needs, and the patterns of one checkpoint, where any will be computed.
    Disk: the patterns of the epochs that have none; one that is replaced takes about the room of the old one.
    """
    config = ModelConfig.of(variant.family, variant.settings, variant.shape)
    inputs = variant.family.task.n_inputs(variant.settings)
    patterns = pattern_bytes(config, inputs)
    missing = {name: set(epochs).difference(variant.artifacts.paths.epochs(name)) for name in analyzers}
    computed = patterns if any(missing.values()) or (force and analyzers) else 0
    check_memory(variant, "analysis", 8 * inputs * config.n_ctx + computed, device)
    new = len(missing.get(PATTERNS, ()))
    remedy = "choose fewer with --epoch, or free some space"
    check_disk(variant, f"the attention patterns of {new:,} epochs", int(COMPRESSED * patterns) * new, remedy)
