"""A table of runs as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any


def as_csv(table: Sequence[Mapping[str, Any]]) -> str:
    """Rows with equal columns. Numbers read back exactly; None is an empty field."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(table[0]) if table else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in table)
    return written.getvalue()


def _harmless(value: object) -> object:
    """`value`; a text that a spreadsheet would take for a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
