"""Names that are imported when they are first used."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize("package", ["headlapse.analysis", "headlapse.results", "headlapse.visualization"])
def test_every_public_name_is_there_and_no_other(package: str) -> None:
    module = importlib.import_module(package)
    assert len(module.__all__) > 1
    for name in module.__all__:
        assert getattr(module, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        module.nonsense  # noqa: B018 -- looking is the test
