"""Functions on activation caches and probes: no I/O, no plotting."""

from headlapse.analysis.library.activations import Cache, extract_all_patterns, extract_attention_patterns
from headlapse.analysis.library.grid import as_numpy, over_axes

__all__ = ["Cache", "as_numpy", "extract_all_patterns", "extract_attention_patterns", "over_axes"]
