"""The tiny family on disk, and a sweep of it that nobody disturbed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sweep.runs import content, swept, write_family

LONG, EVERY = 600, 50  # a second or two on an idle machine
whole_sweeps = pytest.mark.skipif(
    not os.environ.get("HEADLAPSE_KILLS"), reason="whole sweeps take minutes; make kills has them"
)


@pytest.fixture(scope="session")
def families(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_family(tmp_path_factory.mktemp("families"))


@pytest.fixture(scope="session")
def undisturbed(families: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The bytes of two runs of `LONG` epochs."""
    results = tmp_path_factory.mktemp("undisturbed")
    ended = swept(families, results, "--grid", "seed=0,1", epochs=LONG, every=EVERY)
    assert ended.returncode == 0, ended.stderr
    return content(results)
