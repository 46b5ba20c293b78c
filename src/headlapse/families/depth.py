"""How deep models may be. Pictures and analyzers know the heads of one layer; the others would be left out without a word."""

from __future__ import annotations

from headlapse.errors import BrokenFamilyError

MOST_LAYERS = 1
TOO_DEEP = f"models of more than {MOST_LAYERS} layer are not supported yet: the heads of later layers would not be shown"


def check_depth(n_layers: int, where: str) -> None:
    """Raise `BrokenFamilyError` where a family, declared in `where`, has deeper models than are shown whole."""
    if n_layers > MOST_LAYERS:
        raise BrokenFamilyError(f"{where}: architecture.n_layers: {TOO_DEEP} (value {n_layers}); use {MOST_LAYERS}")
