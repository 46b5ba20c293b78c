"""Functions on activation caches: no I/O, no plotting."""

from headlapse.analysis.library.activations import extract_attention_patterns

__all__ = ["extract_attention_patterns"]
