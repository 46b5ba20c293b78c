"""Functions on activation caches: no I/O, no plotting."""

from headlapse.analysis.library.activations import Cache, extract_attention_patterns

__all__ = ["Cache", "extract_attention_patterns"]
