"""On a disk that can only be read, everything can be looked at, nothing is tried in silence, and no job starts."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from dash import Dash

from headlapse.dashboard import app as dashboard
from headlapse.dashboard import security
from headlapse.storage import atomic
from headlapse.storage.filesystem import Disk
from headlapse.workbench import Variant
from tests.dashboard.callback_bodies import all_bodies
from tests.dashboard.runs import make_variant

TOKEN = "of this launch"


class ReadOnly(Disk):
    """Refuses every operation that changes something."""

    def __getattribute__(self, name: str) -> object:
        def refuse(*_: object) -> None:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        return refuse


@pytest.fixture
def variant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Variant:
    variant = make_variant(tmp_path, [0, 100])
    make_variant(tmp_path, [0], state="training", seed=1)
    make_variant(tmp_path, [0], state="training", seed=2).paths.lock.mkdir()  # which can no more be opened than on such a disk
    monkeypatch.setattr(atomic, "disk", ReadOnly())
    return variant


@pytest.fixture
def app(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> Dash:
    monkeypatch.setattr(security, "new_token", lambda: TOKEN)
    return dashboard.create_app(variant.results)


def files(variant: Variant) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in variant.results.rglob("*")}


def test_everything_can_be_looked_at_and_nothing_is_written(app: Dash, variant: Variant) -> None:
    before, name, client = files(variant), f"{variant.family.name}/{variant.name}", app.server.test_client()
    for path in (
        *("/", "/data/variants", f"/data/variants/{name}", f"/data/losses/{name}"),
        *(
            f"/data/frames/{name}?view=attention_heads_grid&epochs=0,100&to=2&from=0",
            f"/export/{name}?ending=.png&view=attention_heads_grid&epoch=0",
        ),
    ):
        assert client.get(path).status_code == 200, path
    for body in all_bodies(app, name, "of another launch"):
        assert client.post("/_dash-update-component", json=body).status_code == 200, body["output"]
    listed = client.get("/data/variants").get_json()["variants"]
    assert [each["state"] for each in listed] == ["failed", "failed", "analysed"]
    assert files(variant) == before


def test_a_job_that_cannot_be_noted_is_not_started(app: Dash, variant: Variant) -> None:
    name = f"{variant.family.name}/{variant.name}"
    asked = {"kind": "start", "runs": [], "job": {"kind": "analyze", "variant": name}}
    answer = app.server.test_client().post("/data/changes", json=asked, headers={"X-Headlapse-Token": TOKEN})
    said = answer.get_json()["error"]
    assert said.startswith("cannot write") and "check the path and its permissions" in said
