"""Plug-ins of a test alone."""

from __future__ import annotations

from typing import Any

import pytest

from headlapse.registry import Registry


def keep_apart(patch: pytest.MonkeyPatch, registry: type[Registry[Any]], *items: Any) -> None:
    """Register `items`; they and all that the test registers are gone after it.

    All others are loaded before, since a module that is imported during the test would register itself only then.
    """
    for name in registry.names():
        registry.get(name)
    patch.setattr(registry, "_items", {**registry._items, **{item.name: item for item in items}})
