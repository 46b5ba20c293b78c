"""The journal of losses."""

from __future__ import annotations

from fuzz.oracle import FOLDER, and_damaged, check_readers
from headlapse.results.losses import append_losses, read_losses


def seeds() -> list[bytes]:
    path = FOLDER / "losses"
    append_losses(path, 0, [1.0, 2.0], [3.0, 4.0])
    return and_damaged(path.read_bytes())


def check(content: bytes) -> None:
    check_readers(content, read_losses)
