"""family.json, which people write."""

from __future__ import annotations

from fuzz.oracle import and_damaged, check_readers
from headlapse.families.spec import read_family_spec
from headlapse.workbench.families import PACKAGED_DEFINITIONS


def seeds() -> list[bytes]:
    return and_damaged((PACKAGED_DEFINITIONS / "modulo_addition_1layer" / "family.json").read_bytes())


def check(content: bytes) -> None:
    check_readers(content, read_family_spec)
