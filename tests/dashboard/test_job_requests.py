"""Jobs that buttons of the page start and cancel; what is not started is never said to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headlapse.dashboard.app import create_app
from headlapse.dashboard.routes import changes
from headlapse.jobs import JobQueue
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant

TOKEN = "the token of this launch"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("headlapse.dashboard.security.new_token", lambda: TOKEN)
    return create_app(tmp_path).server.test_client()


def change(client: Any, token: str = TOKEN, **asked: Any) -> Any:
    return client.post("/data/changes", json=asked, headers={"Host": "127.0.0.1", "X-Headlapse-Token": token})


def test_a_job_is_started_done_again_and_cancelled(client: Any, tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0], analysed=[])
    run = f"{variant.family.name}/{variant.name}"
    answer = change(client, kind="start", runs=[], job={"kind": "analyze", "variant": run, "view": "attention_entropy_grid"})
    (job,) = JobQueue(tmp_path).jobs()
    assert answer.get_json() == {"problem": "", "done": [job.name]}
    assert job.request.variant == variant.name and job.request.analyzers == ["attention_entropy"]
    assert change(client, kind="cancel", runs=[job.name]).get_json()["done"] == [job.name]


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ({"kind": "analyze", "variant": "no/such"}, "there is no variant"),
        ({"kind": "analyze", "variant": "../x"}, "there is no variant"),
        ({"kind": "train", "family": "nobody"}, "nobody"),
        ({"kind": "train", "family": "modulo_addition_1layer", "texts": {"prime": "x"}}, "modulus p"),
        ({"kind": "again", "job": "no-such-job"}, "no-such-job"),
        ({"kind": "again", "job": "../.."}, "job"),
        ({"kind": "dance"}, "not a change that this page makes"),
        (None, "has to be named"),
    ],
)
def test_what_cannot_be_started_is_named_and_starts_nothing(client: Any, tmp_path: Path, job: Any, words: str) -> None:
    make_variant(tmp_path, [0], analysed=[])
    answer = change(client, kind="start", runs=[], **({} if job is None else {"job": job}))
    assert 400 <= answer.status_code < 500 and words in answer.get_json()["error"]
    assert JobQueue(tmp_path).jobs() == []


def test_a_page_of_another_launch_starts_nothing(client: Any, tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0], analysed=[])
    job = {"kind": "analyze", "variant": f"{variant.family.name}/{variant.name}"}
    assert change(client, "wrong", kind="start", runs=[], job=job).status_code == 403
    assert JobQueue(tmp_path).jobs() == []


@pytest.mark.browser
def test_what_is_not_started_is_not_said_to_be(page: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_variant(tmp_path, [0, 100], analysed=[])
    page.goto(serve(tmp_path))
    button, remark = page.get_by_role("button", name="Analyse now"), page.locator("#remark")
    button.wait_for()
    page.context.set_offline(True)
    button.click()
    expect(remark).to_contain_text("Not started: The server does not respond.")
    expect(button).to_be_enabled()
    page.context.set_offline(False)
    monkeypatch.setattr(changes, "token_matches", lambda *_: False)  # as of a server that was started again
    button.click()
    expect(remark).to_contain_text("Not started: the server has been restarted; reload this page")
    expect(button).to_have_text("Analyse now")
    assert JobQueue(tmp_path).jobs() == []
    page.complaints.clear()  # chromium reports each request that failed


@pytest.mark.browser
def test_a_job_that_is_not_cancelled_says_so(page: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.get_by_role("link", name="Jobs").click()
    page.get_by_label("epochs", exact=True).fill("1000000")
    page.get_by_label("modulus p", exact=True).fill("7")
    page.get_by_label("training fraction", exact=True).fill("0.6")
    page.get_by_role("button", name="Start training").click()
    page.locator(".job .state[data-state=running]").wait_for()
    with monkeypatch.context() as patch:
        patch.setattr(changes, "token_matches", lambda *_: False)
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#remark")).to_contain_text("Not cancelled: the server has been restarted; reload this page")
    expect(page.locator(".job .state")).to_have_text("running")
    page.get_by_role("button", name="Cancel").click()
    page.locator(".job .state[data-state=cancelled]").wait_for()
    page.complaints.clear()  # chromium reports an answer of 403
