"""A short trial run in the temporary folder measures a sweep."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

import headlapse
from headlapse.errors import InvalidValueError
from headlapse.sweep import measure
from headlapse.sweep.order import Order
from headlapse.sweep.recipe import Recipe


def test_a_temporary_folder_that_is_too_small_is_named_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = headlapse.load_family("modulo_addition_1layer").variant(prime=7, results=tmp_path)
    order = Order.for_(variant, Recipe.of(variant.family, {"epochs": 10}), 1, "mkl", False)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    with pytest.raises(InvalidValueError, match=r"^the trial run before a sweep: .* need at least .*, or set TMPDIR to "):
        measure._try(order, variant, 10)
