"""What the page asks for by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import UnknownNameError
from headlapse.workbench import FamilyRegistry
from tests.dashboard.runs import make_variant


def test_a_variant_that_was_removed_is_said_to_be_gone(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0])
    variants = VariantIndex(tmp_path, FamilyRegistry())
    assert variants.variant(variant.family.name, variant.name).epochs == [0]
    shutil.rmtree(variant.paths.root)
    variants.entries()
    with pytest.raises(UnknownNameError, match="choose one from the list"):
        variants.variant(variant.family.name, variant.name)
