"""Notes, pinned epochs and the trash, by real input; changes are made only for the page of this launch."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from dash import Dash

from headlapse.dashboard.app import create_app
from headlapse.dashboard.security import Access
from headlapse.jobs import AnalyzeRequest, Job, JobQueue
from headlapse.results.notes import Notes, change_notes, read_notes
from tests.browsing import expect
from tests.dashboard.pictures import ONE_STEP, painted, wait_for_pictures, wait_for_title
from tests.dashboard.runs import make_variant
from tests.waiting import until

TOKEN = "the token of this launch"
EPOCHS = [0, 100, 200]


def change(app: Dash, asked: Any, token: str | None = TOKEN, **headers: str) -> Any:
    """The answer of the server to what the page asks it to change."""
    own = {"Host": "127.0.0.1", **({} if token is None else {"X-Headlapse-Token": token}), **headers}
    return app.server.test_client().post("/data/changes", json=asked, headers=own)


def note(run: str, **notes: Any) -> dict[str, Any]:
    return {"kind": "note", "runs": [run], "notes": notes}


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Dash, Any, str]:
    monkeypatch.setattr("headlapse.dashboard.security.new_token", lambda: TOKEN)
    variant = make_variant(tmp_path, EPOCHS)
    return create_app(tmp_path), variant, f"{variant.family.name}/{variant.name}"


def test_notes_are_written_for_the_page_of_this_launch_only(opened: tuple[Dash, Any, str]) -> None:
    app, variant, run = opened
    for token in (None, "", "wrong", "\xfc"):
        answer = change(app, note(run, label="x"), token)
        assert answer.status_code == 403 and "restarted" in answer.get_json()["error"]
    for foreign in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        assert change(app, note(run, label="x"), **foreign).status_code == 403
    assert read_notes(variant.paths) == Notes() and not variant.paths.notes.exists()
    answer = change(app, note(run, label="x", epochs={"100": "even"}))
    assert (answer.status_code, answer.get_json()) == (200, {"problem": "", "done": [run]})
    assert read_notes(variant.paths) == Notes("x", epochs={100: "even"})


def test_a_server_with_a_password_and_a_prefix_asks_for_both(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, EPOCHS)
    app = create_app(tmp_path, access=Access.checked("127.0.0.1", [], "a password"), prefix="/user/ann")
    client, asked = app.server.test_client(), note(f"{variant.family.name}/{variant.name}", label="x")
    assert change(app, asked).status_code == 401
    client.get("/?token=a password")
    token = re.search('data-token="([^"]+)"', client.get("/").text)
    assert token is not None
    answer = client.post("/data/changes", json=asked, headers={"X-Headlapse-Token": token[1]})
    assert answer.status_code == 200 and read_notes(variant.paths).label == "x"


@pytest.mark.parametrize("run", ["", "..", "../x", "modulo_addition_1layer/..", "no/such"])
def test_a_name_never_becomes_a_path(opened: tuple[Dash, Any, str], tmp_path: Path, run: str) -> None:
    answer = change(opened[0], note(run, label="x"))
    assert answer.status_code == 404 and "there is no variant" in answer.get_json()["error"]
    assert not list(tmp_path.rglob("notes.json"))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"kind": "note", "runs": ["RUN"], "notes": {"label": "a\nb"}}, "one line"),
        ({"kind": "note", "runs": ["RUN"], "notes": {"colour": "red"}}, "got 'colour'"),
        ({"kind": "burn", "runs": ["RUN"]}, "kind"),
        ({"kind": "note", "runs": "RUN"}, "runs"),
        ({"kind": "note", "runs": ["RUN"] * 2001}, "at most 2000"),
        ({"kind": "trash", "runs": [5]}, "runs.0"),
        ({"kind": "trash", "runs": [], "more": 1}, "more"),
        ({}, "kind"),
        ([], "valid dictionary"),
        ("note", "valid dictionary"),
    ],
    ids=[*"abcdefghij"],
)
def test_what_is_no_change_is_refused_in_words(opened: tuple[Dash, Any, str], asked: Any, why: str) -> None:
    app, variant, run = opened
    answer = change(app, json.loads(json.dumps(asked).replace("RUN", run)))
    assert answer.status_code in (400, 404) and why in answer.get_json()["error"]
    assert not variant.paths.notes.exists() and variant.paths.config.exists()


@pytest.mark.browser
def test_a_note_is_a_flag_on_the_curve_until_it_is_emptied(page, serve, tmp_path):
    variant = make_variant(tmp_path, EPOCHS)
    page.goto(f"{serve(tmp_path)}/?epoch=100")
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.get_by_role("button", name="note", exact=True).click()
    page.keyboard.type("stripes <b>1 h</b>")
    page.keyboard.press("Enter")
    flag = page.get_by_role("button", name="Epoch 100: stripes <b>1 h</b>", exact=True)
    flag.wait_for()
    assert read_notes(variant.paths).epochs == {100: "stripes <b>1 h</b>"}
    page.keyboard.press("End")
    wait_for_title(page, "Epoch 200 · = attending to a")
    flag.click()
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.get_by_role("button", name="note", exact=True).click()
    expect(page.get_by_label("Note on epoch 100")).to_have_value("stripes <b>1 h</b>")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(flag).to_have_count(0)
    until(lambda: read_notes(variant.paths) == Notes())


@pytest.mark.browser
def test_a_damaged_file_of_notes_is_one_line(page, serve, tmp_path):
    variant = make_variant(tmp_path, EPOCHS)
    change_notes(variant.paths, {"label": "before"})
    variant.paths.notes.write_text("{")
    page.goto(f"{serve(tmp_path)}/?epoch=100")
    expect(page.locator("#readout em")).to_have_text(re.compile(r"notes\.json: .*restore it from a copy, or delete it"))
    wait_for_pictures(page, painted(variant, 100, 2, 0))


@pytest.mark.browser
def test_pinned_epochs_stay_beside_the_one_that_moves(page, serve, tmp_path):
    variant = make_variant(tmp_path, EPOCHS)
    page.goto(f"{serve(tmp_path)}/?epoch=100")
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.locator("#page-explore [data-action=pin]").click()
    page.wait_for_url(re.compile("/compare.*@100"))
    sides = page.locator("#sides .side:not([hidden])")
    expect(sides).to_have_count(3)
    page.keyboard.press("End")
    expect(sides.nth(0).locator("p")).to_have_text(re.compile("^Epoch 200 · "))
    expect(sides.nth(1).locator("p")).to_have_text(re.compile("^Epoch 100, pinned · "))
    for place, epoch in enumerate((200, 100)):
        wait_for_pictures(page, painted(variant, epoch, 2, 0), f".side:nth-of-type({place + 1})", ONE_STEP)
    page.locator("#page-compare [data-action=pin]").click()
    page.wait_for_url(re.compile("@100,.*@200"))
    page.reload()
    expect(sides.locator("header p")).to_have_text([re.compile("^Epoch ")] * 3)
    page.keyboard.press("Home")
    words = [re.compile("^Epoch 0 · "), re.compile("^Epoch 100, pinned"), re.compile("^Epoch 200, pinned")]
    expect(sides.locator("header p")).to_have_text(words)
    page.get_by_role("button", name=re.compile("^Remove .* at epoch 100$")).click()
    expect(sides.nth(1).locator("p")).to_have_text(re.compile("^Epoch 200, pinned · "))


def test_a_run_with_a_job_is_not_deleted(opened: tuple[Dash, Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
    app, variant, run = opened
    request = AnalyzeRequest(variant.family.name, variant.name, dict(variant.settings), [])
    monkeypatch.setattr(JobQueue, "jobs", lambda _queue: [Job("1", request, "queued", {})])
    answer = change(app, {"kind": "trash", "runs": [run]})
    assert answer.status_code == 409 and variant.paths.config.exists()
    assert "queued" in answer.get_json()["error"] and "cancel it first" in answer.get_json()["error"]


def test_what_was_done_before_a_problem_can_be_undone(opened: tuple[Dash, Any, str]) -> None:
    app, variant, run = opened
    answer = change(app, {"kind": "trash", "runs": [run, "no/such"]})
    said = answer.get_json()
    assert answer.status_code == 200 and "there is no variant" in said["problem"] and len(said["done"]) == 1
    assert not variant.paths.root.exists()
    assert change(app, {"kind": "restore", "runs": said["done"]}).get_json() == {"problem": "", "done": [variant.name]}
    assert variant.paths.config.exists()


@pytest.mark.browser
def test_runs_are_labelled_tagged_hidden_deleted_and_put_back(page, serve, tmp_path):
    first, second = (make_variant(tmp_path, [0, 100], seed=seed) for seed in (3, 5))
    before = {path: path.read_bytes() for path in second.paths.root.rglob("*") if path.is_file()}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{serve(tmp_path)}/runs")
    names = page.locator("#run-list .run-name")
    expect(names).to_have_count(2)
    page.get_by_label(f"Select {first.name}").check()
    page.get_by_role("button", name="label", exact=True).click()
    page.keyboard.type("groks early")
    page.keyboard.press("Enter")
    expect(names.first).to_have_text("groks early")
    page.get_by_role("button", name="tags", exact=True).click()
    page.keyboard.type("paper, seeds")
    page.keyboard.press("Enter")
    expect(page.locator("#run-list td", has_text="paper, seeds")).to_have_count(1)
    field = page.get_by_role("searchbox", name="Filter")
    field.fill("seed=5")
    expect(names).to_have_count(1)
    field.fill("tag=paper")
    expect(names).to_have_text(["groks early"])
    page.get_by_label(f"Select {first.name}").check()
    page.get_by_role("button", name="hide", exact=True).click()
    expect(names).to_have_count(0)
    field.fill("hidden")
    expect(names).to_have_text(["groks early"])
    assert read_notes(first.paths) == Notes("groks early", ("paper", "seeds"), is_hidden=True)
    page.get_by_label(f"Select {first.name}").check()
    page.get_by_role("button", name="unhide", exact=True).click()
    expect(names).to_have_count(0)
    field.fill("")
    expect(names).to_have_count(2)
    page.get_by_label(f"Select {second.name}").check()
    expect(page.locator("#run-words")).to_contain_text("1 selected")
    page.get_by_role("button", name="delete", exact=True).click()
    expect(names).to_have_count(1)
    assert not second.paths.root.exists()
    page.get_by_role("button", name="undo", exact=True).click()
    expect(names).to_have_count(2)
    assert [url for url in asked if "/_dash-" in url] == []
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.browser
def test_what_is_no_longer_in_the_table_is_not_deleted(page, serve, tmp_path):
    kept, also_kept, deleted = (make_variant(tmp_path, [0], seed=seed) for seed in (3, 5, 7))
    page.goto(f"{serve(tmp_path)}/runs")
    names, words = page.locator("#run-list .run-name"), page.locator("#run-words")
    expect(names).to_have_count(3)
    page.get_by_label(f"Select {kept.name}").check()
    page.get_by_role("button", name="hide", exact=True).click()
    expect(names).to_have_count(2)
    expect(page.locator("#run-actions")).to_be_hidden()
    page.get_by_label(f"Select {also_kept.name}").check()
    expect(words).to_contain_text("2 of 3 runs, 1 selected")
    page.get_by_role("searchbox", name="Filter").fill("seed=7")
    expect(names).to_have_count(1)
    expect(words).not_to_contain_text("selected")
    page.get_by_label(f"Select {deleted.name}").check()
    page.get_by_role("searchbox", name="Filter").fill("")
    expect(names).to_have_count(2)
    expect(page.get_by_label(f"Select {also_kept.name}")).not_to_be_checked()
    page.get_by_role("button", name="delete", exact=True).click()
    expect(page.locator("#remark")).to_contain_text("1 run moved to the trash.")
    assert (kept.paths.config.exists(), also_kept.paths.config.exists()) == (True, True)
    assert not deleted.paths.root.exists()


@pytest.mark.browser
@pytest.mark.parametrize("is_slow", [True, False], ids=["slow", "fast"])
def test_the_selection_does_not_depend_on_when_the_server_answers(page, serve, tmp_path, is_slow):
    tagged = make_variant(tmp_path, [0], seed=3)
    make_variant(tmp_path, [0], seed=5)
    change_notes(tagged.paths, {"tags": ["early"]})
    page.goto(f"{serve(tmp_path)}/runs?filter=tag=early")
    names, words = page.locator("#run-list .run-name"), page.locator("#run-words")
    page.get_by_label(f"Select {tagged.name}").check()
    held = hold(page)
    page.locator("[data-action=tag-runs]").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("late")
    page.keyboard.press("Enter")
    wait_for(page, held, 1)
    if not is_slow:
        release(held)
        expect(words).to_contain_text("0 of 2 runs")
    page.get_by_role("searchbox", name="Filter").fill("tag=late")
    expect(names).to_have_count(0 if is_slow else 1)
    if is_slow:
        release(held)
    expect(words).to_contain_text("1 of 2 runs, 1 selected")
    expect(page.get_by_label(f"Select {tagged.name}")).to_be_checked()


@pytest.mark.browser
def test_what_is_being_hidden_is_not_deleted_with_others(page, serve, tmp_path):
    hidden, deleted = (make_variant(tmp_path, [0], seed=seed) for seed in (3, 5))
    page.goto(f"{serve(tmp_path)}/runs")
    words = page.locator("#run-words")
    page.get_by_label(f"Select {hidden.name}").check()
    held = hold(page)
    page.get_by_role("button", name="hide", exact=True).click()
    page.get_by_label(f"Select {deleted.name}").check()
    expect(words).to_contain_text("2 runs, 1 selected")
    page.get_by_role("button", name="delete", exact=True).click()
    expect(words).not_to_contain_text("selected")
    wait_for(page, held, 2)
    release(held)
    expect(page.locator("#remark")).to_contain_text("1 run moved to the trash.")
    expect(page.locator("#run-list .run-name")).to_have_count(0)
    assert hidden.paths.config.exists() and not deleted.paths.root.exists()


def hold(page: Any) -> list[Any]:
    """The changes that the page asks for from here on, held back until `release`."""
    held: list[Any] = []

    def keep(route: Any) -> None:
        held.append(route)

    page.route("**/data/changes", keep)
    return held


def wait_for(page: Any, held: list[Any], count: int) -> None:
    until(lambda: page.evaluate("true") and len(held) == count)  # what it asks for is heard while the page is asked


def release(held: list[Any]) -> None:
    for route in held:
        route.continue_()


@pytest.mark.browser
def test_the_focus_returns_to_the_button_of_a_note(page, serve, tmp_path):
    variant = make_variant(tmp_path, EPOCHS)
    page.goto(f"{serve(tmp_path)}/?epoch=100")
    wait_for_title(page, "Epoch 100 · = attending to a")
    button = page.get_by_role("button", name="note", exact=True)
    for key, kept in (("Escape", {}), ("Enter", {100: "stripes"})):
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Note on epoch 100")).to_be_focused()
        page.keyboard.type("stripes")
        page.keyboard.press(key)
        expect(page.get_by_label("Note on epoch 100")).to_be_hidden()
        expect(button).to_be_focused()
        until(lambda kept=kept: read_notes(variant.paths).epochs == kept)


@pytest.mark.browser
def test_the_focus_stays_beside_what_keys_do_with_runs(page, serve, tmp_path):
    first, second = (make_variant(tmp_path, [0], seed=seed) for seed in (3, 5))
    page.goto(f"{serve(tmp_path)}/runs")
    names, table = page.locator("#run-list .run-name"), page.locator("#run-list")
    expect(names).to_have_count(2)
    page.get_by_label(f"Select {first.name}").press("Space")
    for action, label, key in (("label", "Label", "Enter"), ("tags", "Tags, separated by commas", "Escape")):
        button = page.get_by_role("button", name=action, exact=True)
        button.press("Enter")
        expect(page.get_by_label(label, exact=True)).to_be_focused()
        page.keyboard.type("early")
        page.keyboard.press(key)
        expect(button).to_be_focused()
    expect(names.first).to_have_text("early")
    expect(page.get_by_role("button", name="tags", exact=True)).to_be_focused()

    page.get_by_role("button", name="delete", exact=True).press("Enter")
    expect(page.get_by_role("button", name="undo", exact=True)).to_be_focused()
    expect(names).to_have_count(1)
    page.keyboard.press("Enter")
    expect(names).to_have_count(2)
    expect(table).to_be_focused()
    page.get_by_role("button", name="dismiss", exact=True).press("Enter")
    expect(page.get_by_role("searchbox", name="Filter")).to_be_focused()

    page.get_by_label(f"Select {second.name}").press("Space")
    page.get_by_role("button", name="hide", exact=True).press("Enter")
    expect(names).to_have_count(1)
    expect(table).to_be_focused()


@pytest.mark.browser
def test_a_press_is_not_lost_when_the_table_changes(page, serve, tmp_path):
    first, second = (make_variant(tmp_path, [0], seed=seed) for seed in (3, 5))
    page.goto(f"{serve(tmp_path)}/runs")
    names, box = page.locator("#run-list .run-name"), page.get_by_label(f"Select {first.name}")
    expect(names).to_have_count(2)
    box.hover()
    page.mouse.down()
    change_notes(second.paths, {"label": "groks"})
    expect(names.nth(1)).to_have_text("groks")
    page.mouse.up()
    expect(box).to_be_checked()
    page.keyboard.down("Space")
    change_notes(second.paths, {"label": "memorises"})
    expect(names.nth(1)).to_have_text("memorises")
    page.keyboard.up("Space")
    expect(box).not_to_be_checked()
    names.first.hover()
    page.mouse.down()
    change_notes(second.paths, {"label": "diverges"})
    expect(names.nth(1)).to_have_text("diverges")
    page.mouse.up()
    expect(page.locator("#page-explore")).to_be_visible()


@pytest.mark.browser
def test_the_focus_stays_in_the_trash(page, serve, tmp_path):
    runs = [make_variant(tmp_path, [0], seed=seed) for seed in (3, 5, 7)]
    page.goto(f"{serve(tmp_path)}/runs")
    for run in runs[:2]:
        page.get_by_label(f"Select {run.name}").check()
    page.get_by_role("button", name="delete", exact=True).click()
    expect(page.get_by_role("button", name="undo", exact=True)).to_be_focused()
    page.get_by_role("button", name="trash", exact=True).evaluate("button => button.click()")  # does not take the focus
    restored, other = (page.get_by_role("button", name=f"Restore {run.name}") for run in runs[:2])
    restored.press("Enter")
    expect(restored).to_have_count(0)
    focused = "document.activeElement.closest('#trash') !== null && document.activeElement.matches('button')"
    page.wait_for_function(focused)
    other.press("Enter")
    expect(other).to_have_count(0)
    page.wait_for_function(focused)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="trash", exact=True)).to_be_focused()


@pytest.mark.browser
def test_the_legend_says_which_epochs_are_pinned(page, serve, tmp_path):
    variant = make_variant(tmp_path, EPOCHS)
    run = f"{variant.family.name}/{variant.name}"
    page.goto(f"{serve(tmp_path)}/compare?variant={run}&with={run}@100,{run}@200")
    expect(page.locator("#page-compare .mark-legend span")).to_have_text(["pinned 100", "pinned 200"])
