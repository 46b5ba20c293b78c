"""Arrays to figures. Renderers see arrays, never a model, and import neither torch nor transformer_lens.

The renderers are imported when asked for, so that what only needs the views' declarations does not wait for
them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headlapse.visualization.attention_patterns import (
        render_attention_heads,
        render_attention_single_head,
    )
    from headlapse.visualization.losses import render_losses

_HOMES = {
    "render_attention_heads": "attention_patterns",
    "render_attention_single_head": "attention_patterns",
    "render_losses": "losses",
}

__all__ = ["render_attention_heads", "render_attention_single_head", "render_losses"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
