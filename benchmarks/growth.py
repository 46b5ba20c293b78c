"""How costs grow: patterns with p, analysis with checkpoints, listing with variants, and what starting takes."""

from __future__ import annotations


def print_growth(published: object) -> None:
    pass
