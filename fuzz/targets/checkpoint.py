"""Weights at an epoch, and the state of a training."""

from __future__ import annotations

import numpy as np

from fuzz.oracle import and_damaged, check_readers, resealed
from headlapse.results.checkpoints import pack_checkpoint, read_checkpoint
from headlapse.results.headers import Identity, read_hash
from headlapse.results.validation import check_weights
from headlapse.storage.checksums import Crc32

IDENTITY = Identity("family", "variant", 100)
WEIGHTS = {"W": np.linspace(0, 1, 24, dtype=np.float32).reshape(2, 3, 4)}


def seeds() -> list[bytes]:
    return and_damaged(pack_checkpoint(WEIGHTS, IDENTITY)[0])


def check(content: bytes) -> None:
    check_readers(
        resealed(content, content.find(b'crc32\\": \\"') + 11, Crc32),
        lambda path: check_weights(path, read_checkpoint(path, IDENTITY).weights, {"W": (2, 3, 4)}),
        lambda path: read_hash(path, IDENTITY),
    )
