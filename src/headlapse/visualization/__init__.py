"""Arrays to figures. Renderers see arrays, never a model, and import neither torch nor transformer_lens.

Renderers are imported on demand, so that code that only needs the views' declarations does not wait for them.
"""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.visualization.attention_lock_in import lock_in_marks as lock_in_marks
    from headlapse.visualization.attention_lock_in import render_lock_in_timeline as render_lock_in_timeline
    from headlapse.visualization.attention_patterns import render_attention_heads as render_attention_heads
    from headlapse.visualization.attention_patterns import render_attention_single_head as render_attention_single_head
    from headlapse.visualization.lock_in_table import lock_in_rows as lock_in_rows
    from headlapse.visualization.losses import render_losses as render_losses

__all__, __getattr__ = exports(__name__)
