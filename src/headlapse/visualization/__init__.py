"""Arrays to figures. Renderers see arrays, never a model, and import neither torch nor transformer_lens.

The renderers are imported when asked for, so that what only needs the views' declarations does not wait for
them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headlapse.visualization.attention_lock_in import lock_in_marks, render_lock_in_timeline
    from headlapse.visualization.attention_patterns import (
        render_attention_heads,
        render_attention_single_head,
    )
    from headlapse.visualization.lock_in_table import lock_in_rows
    from headlapse.visualization.losses import render_losses

_HOMES = {
    "lock_in_marks": "attention_lock_in",
    "lock_in_rows": "lock_in_table",
    "render_attention_heads": "attention_patterns",
    "render_attention_single_head": "attention_patterns",
    "render_lock_in_timeline": "attention_lock_in",
    "render_losses": "losses",
}

__all__ = [
    "lock_in_marks",
    "lock_in_rows",
    "render_attention_heads",
    "render_attention_single_head",
    "render_lock_in_timeline",
    "render_losses",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
