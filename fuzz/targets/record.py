"""The JSON files of a variant and of jobs."""

from __future__ import annotations

import hashlib

from fuzz.oracle import FOLDER, and_damaged, check_readers, resealed
from headlapse.storage.atomic import read_json, write_json


def seeds() -> list[bytes]:
    path = FOLDER / "record.json"
    write_json(path, {"state": "trained", "epoch": 1, "train_losses": [1.5, None]})
    return and_damaged(path.read_bytes())


def check(content: bytes) -> None:
    check_readers(resealed(content, len(content) - 68, hashlib.sha256), lambda path: read_json(path, "remedy"))
