"""The page: scrub through training in a browser. Imports neither torch nor transformer_lens."""

from headlapse.dashboard.server import serve

__all__ = ["serve"]
