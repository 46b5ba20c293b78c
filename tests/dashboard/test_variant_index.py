"""What the page asks for by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from headlapse.dashboard.app import create_app
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import UnknownNameError
from headlapse.workbench import FamilyRegistry
from tests.dashboard.runs import make_variant


def test_a_variant_that_was_removed_is_said_to_be_gone(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0])
    variants = VariantIndex(tmp_path, FamilyRegistry())
    assert variants.variant(variant.family.name, variant.name).epochs == [0]
    shutil.rmtree(variant.paths.root)
    with pytest.raises(UnknownNameError, match="choose one from the list"):
        variants.variant(variant.family.name, variant.name)


def test_the_page_is_told_of_a_variant_that_is_gone_without_an_error_in_its_console(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0])
    address = f"/data/variants/{variant.family.name}/{variant.name}"
    client = create_app(tmp_path).server.test_client()
    assert client.get(address, headers={"Host": "localhost:80"}).get_json()["state"] == "analysed"
    shutil.rmtree(variant.paths.root)
    answer = client.get(address, headers={"Host": "localhost:80"})
    assert answer.status_code == 200 and "there is no variant" in answer.get_json()["problem"]
