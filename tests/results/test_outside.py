"""A name that leads out of the results folder opens nothing there, even where there is something to open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import HeadlapseError
from headlapse.jobs import JobQueue, TrainRequest
from headlapse.jobs.request import to_json
from headlapse.results.discovery import discover
from headlapse.results.paths import JobPaths
from headlapse.results.records import write_config
from headlapse.storage.atomic import write_json
from headlapse.workbench import FamilyRegistry, ModelFamily, Variant


@pytest.fixture
def results(family: ModelFamily, tmp_path: Path) -> Path:
    """Results with a variant and a job, and another variant, another job and another family elsewhere."""
    for folder, prime in (("results", 5), ("elsewhere", 7)):
        variant = family.variant(prime=prime, results=tmp_path / folder)
        write_config(variant, {}, {})
        paths = JobPaths.under(tmp_path / folder, folder)
        write_json(paths.status, {"state": "finished", "updated": 0.0})
        write_json(paths.request, to_json(TrainRequest(family.name, variant.name, {}, 1, 1)))
    shutil.copy(family.path, tmp_path / "elsewhere")
    return tmp_path / "results"


@pytest.mark.parametrize("start", ["..", "../..", "../../..", "/", "./../..", "x/../..", "results/../.."])
def test_it_opens_nothing(start: str, family: ModelFamily, results: Path) -> None:
    library, jobs = VariantIndex(results, FamilyRegistry()), JobQueue(results)
    elsewhere = f"{results.parent}/elsewhere" if start == "/" else f"{start}/elsewhere"
    variant = family.variant(prime=7).name
    assert Variant.open(results.parent / "elsewhere" / family.name / variant, family).name == variant
    for opening in (
        lambda: library.variant(family.name, f"{elsewhere}/{family.name}/{variant}"),
        lambda: library.variant(f"{elsewhere}/{family.name}", variant),
        lambda: discover(results, FamilyRegistry().get).get(f"{elsewhere}/{family.name}/{variant}"),
        lambda: jobs.get(f"{elsewhere}/.jobs/elsewhere"),
        lambda: jobs.log(f"{elsewhere}/.jobs/elsewhere"),
        lambda: FamilyRegistry().get(elsewhere),
    ):
        with pytest.raises(HeadlapseError):
            opening()
