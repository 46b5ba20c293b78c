"""What is fuzzed: one module per target, all of them found, none listed.

A target has `seeds()`, whole inputs to begin from, and `check(content)`, the oracle: it raises unless `content` is answered or
refused with a typed error. One of structured inputs also has `mutate(content, max_size, seed)`.
"""

from __future__ import annotations

import pkgutil


def names() -> list[str]:
    """The names of all targets."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "__main__")
