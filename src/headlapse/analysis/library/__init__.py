"""Functions on activation caches and probes: no I/O, no plotting."""

from headlapse.analysis.library.activations import Cache, extract_attention_patterns
from headlapse.analysis.library.grid import grid_side

__all__ = ["Cache", "extract_attention_patterns", "grid_side"]
