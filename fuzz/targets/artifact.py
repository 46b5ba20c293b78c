"""The `.npz` of an analyzer and an epoch."""

from __future__ import annotations

import numpy as np

from fuzz.oracle import and_damaged, check_readers, resealed
from headlapse.results.artifacts import Provenance, pack_artifact, read_artifact, read_part, read_provenance
from headlapse.storage.checksums import Crc32


def seeds() -> list[bytes]:
    patterns = np.linspace(0, 1, 24, dtype=np.float32).reshape(2, 3, 4)
    return and_damaged(pack_artifact({"patterns": patterns}, Provenance("family", "variant", 100, "a", 1, "0", "0")))


def check(content: bytes) -> None:
    check_readers(
        resealed(content, len(content) - 10, Crc32),
        lambda path: read_artifact(path, {"epoch": 100}),
        lambda path: read_part(path, {"epoch": 100}, "patterns", 0),
        read_provenance,
    )
