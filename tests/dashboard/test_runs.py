"""The Runs page: the table says what the files say, follows them, and leads to Compare."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from headlapse.dashboard import run_table
from headlapse.dashboard.app import create_app
from headlapse.dashboard.routes import runs
from headlapse.results.scalars import write_scalar
from headlapse.storage.atomic import write_json
from headlapse.workbench.table import rows
from tests.browsing import expect
from tests.dashboard.runs import make_variant, write_losses

HOST = {"Host": "127.0.0.1"}


def answer(client: FlaskClient, tag: str = "") -> tuple[int, str, dict[str, object]]:
    found = client.get("/data/runs", headers={**HOST, **({"If-None-Match": tag} if tag else {})})
    return found.status_code, found.headers.get("ETag", ""), json.loads(found.data) if found.data else {}


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer has all rows, however slow the machine is."""
    for module, name in ((runs, "SECONDS"), (run_table, "SECONDS_TO_FIRST")):
        monkeypatch.setattr(module, name, 3600.0)


def table(content: dict) -> list[dict[str, object]]:
    return [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]


@pytest.mark.usefixtures("unhurried")
def test_rows_are_those_of_the_table_and_are_sent_once(tmp_path: Path) -> None:
    variants = [make_variant(tmp_path, [0, 100], seed=seed, weight_decay=seed / 2) for seed in (3, 5)]
    client = create_app(tmp_path).server.test_client()
    code, tag, content = answer(client)
    found = table(content)
    assert code == 200 and content["left"] == 0
    assert [row.pop("id") for row in found] == [f"{variant.family.name}/{variant.name}" for variant in variants]
    assert found == rows(variants)
    assert answer(client, tag)[0] == 304
    write_json(variants[1].paths.status, {"state": "failed", "epoch": 50, "epochs": 1000})
    code, newer, content = answer(client, tag)
    assert code == 200 and newer != tag and [row["state"] for row in table(content)] == ["analysed", "failed"]


def test_rows_that_are_not_ready_in_time_come_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(3):
        make_variant(tmp_path, [0], seed=seed)
    monkeypatch.setattr(runs, "SECONDS", 0.0)
    client = create_app(tmp_path).server.test_client()
    counts = [(len(content["rows"]), content["left"]) for _, _, content in (answer(client) for _ in range(3))]
    assert [ready + left for ready, left in counts] == [3, 3, 3]
    assert all(ready >= least for (ready, _), least in zip(counts, (1, 2, 3), strict=True)), "each answer has a row more"


@pytest.mark.usefixtures("unhurried")
def test_a_run_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    good, bad = make_variant(tmp_path, [0], seed=1), make_variant(tmp_path, [0], seed=2)
    bad.paths.config.write_text("{")
    found = {row["run"]: row for row in table(answer(create_app(tmp_path).server.test_client())[2])}
    assert found[bad.name]["state"] == "unusable" and found[bad.name]["seed"] is None
    assert found[good.name]["seed"] == 1


def test_the_first_rows_come_at_once_and_a_file_has_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(3):
        make_variant(tmp_path, [0], seed=seed)
    monkeypatch.setattr(runs, "SECONDS", 3600.0)
    monkeypatch.setattr(run_table, "SECONDS_TO_FIRST", 0.0)
    client = create_app(tmp_path).server.test_client()
    assert [content["left"] for _, _, content in (answer(client) for _ in range(2))] == [2, 0]
    other = create_app(tmp_path).server.test_client().get("/data/runs.csv", headers=HOST)
    assert len(list(csv.DictReader(io.StringIO(other.text)))) == 3


def test_csv_is_the_table(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0, 100])
    got = create_app(tmp_path).server.test_client().get("/data/runs.csv", headers=HOST)
    (row,) = csv.DictReader(io.StringIO(got.text))
    assert "runs.csv" in got.headers["Content-Disposition"]
    assert row == {name: "" if value is None else str(value) for name, value in rows([variant])[0].items()}


def saved(page, action: str) -> str:
    with page.expect_download() as download:
        page.locator(f"[data-action={action}]").click()
    return Path(download.value.path()).read_text()


@pytest.mark.browser
def test_runs_are_sorted_plotted_chosen_and_compared(page, serve, tmp_path):
    for seed, groks in ((1, 300), (2, 100), (10, 200)):
        variant = make_variant(tmp_path, [0, 100, 200, 300], seed=seed)
        write_losses(variant, 300, grok_at=groks)
        accuracies = {epoch: 0.995 if epoch >= groks else 0.5 for epoch in (0, 100, 200, 300)}
        write_scalar(variant.paths, "test_accuracy", accuracies)
    page.goto(serve(tmp_path) + "/runs")
    names = page.locator(".run-name")
    expect(page.locator("#run-words")).to_contain_text("3 runs · all with family modulo_addition_1layer, modulus p 7")
    page.get_by_role("button", name="seed", exact=True).click()
    expect(names).to_have_text([re.compile(f"_seed{seed}_") for seed in (1, 2, 10)])
    page.get_by_role("button", name="grokking epoch", exact=True).click()
    expect(names).to_have_text([re.compile(f"_seed{seed}_") for seed in (2, 10, 1)])
    page.get_by_role("button", name="grokking epoch", exact=True).click()
    expect(names).to_have_text([re.compile(f"_seed{seed}_") for seed in (1, 10, 2)])
    assert "sort=-grokking_epoch" in page.evaluate("location.search")
    points = page.locator("#run-plot circle")
    expect(points).to_have_count(3)
    places = [(float(point.get_attribute("cx")), float(point.get_attribute("cy"))) for point in points.all()]
    by_seed = sorted(places)  # the page draws the points as the table stands; seeds ascend to the right
    assert by_seed[1][1] > by_seed[2][1] > by_seed[0][1], "1: 300, 2: 100, 10: 200, with larger ones higher"
    expect(page.locator("#run-plot-words")).to_contain_text("n = 3")
    page.locator("#run-search input").fill("seed1")
    expect(names).to_have_count(2)
    page.get_by_label("Select").first.check()
    losses = saved(page, "save-losses")
    assert losses.count("<polyline") == 2 and f">{variant.name.replace('seed10', 'seed1')}</text>" in losses
    assert "against" in saved(page, "save-plot")
    page.get_by_label("Select").nth(1).check()
    expect(page.locator("#run-words")).to_contain_text("2 of 3 runs, 2 selected")
    page.get_by_role("button", name="compare selected").click()
    expect(page.locator(".side h2").first).to_contain_text(re.compile(r"seed1\b"))
    expect(page.locator(".side h2").nth(1)).to_contain_text("seed10")


@pytest.mark.browser
def test_the_table_is_asked_for_before_the_list_of_variants(page, serve, tmp_path):
    """The server reads the same files for both, and the table is what is looked at."""
    make_variant(tmp_path, [0])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    with page.expect_response("**/data/variants"):
        page.goto(serve(tmp_path) + "/runs")
    table = next(i for i, name in enumerate(asked) if i and name == "runs")  # the first is the page
    assert table < asked.index("variants")


@pytest.mark.browser
def test_the_table_follows_a_run(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    make_variant(tmp_path, [0], seed=1)
    page.goto(serve(tmp_path) + "/runs?filter=seed999")
    row = page.locator("#run-list tr[data-id]")
    expect(row).to_contain_text("100")
    write_json(variant.paths.status, {"state": "failed", "epoch": 777, "epochs": 1000})
    expect(row).to_contain_text("777")
    expect(row.locator(".state")).to_have_text("failed")


@pytest.mark.browser
def test_a_filter_takes_the_heading_of_a_column_and_says_which_comparison_has_none(page, serve, tmp_path):
    for seed, groks in ((1, 300), (2, 100)):
        variant = make_variant(tmp_path, [0, 100, 200, 300], seed=seed)
        write_scalar(variant.paths, "test_accuracy", {epoch: 0.995 if epoch >= groks else 0.5 for epoch in (0, 100, 300)})
    page.goto(serve(tmp_path) + "/runs")
    names, words = page.locator(".run-name"), page.locator("#run-words")
    expect(names).to_have_count(2)
    page.locator("#run-search input").press_sequentially("grokking epoch > 100")
    expect(names).to_have_text([re.compile("_seed1_")])
    expect(words).to_have_text(re.compile("^1 of 2 runs · all with"))
    page.locator("#run-search input").fill("zz=3")
    expect(words).to_contain_text("0 of 2 runs · no column for “zz=3”")
    page.locator("#run-search input").fill("")
    expect(words).to_have_text(re.compile("^2 runs · all with"))


@pytest.mark.browser
def test_the_plot_begins_with_numbers_that_differ(page, serve, tmp_path):
    """One run groks and one has another seed of the data: neither fills the plot."""
    for prime, data_seed in ((7, 598), (11, 598), (13, 1)):
        variant = make_variant(tmp_path, [0, 100], prime=prime, data_seed=data_seed)
        status = {"state": "trained", "epoch": 100, "epochs": 1000, "test_loss": prime / 10, "train_loss": 0.1}
        write_json(variant.paths.status, status)
    write_scalar(variant.paths, "test_accuracy", {0: 0.5, 100: 0.995})
    page.goto(serve(tmp_path) + "/runs")
    points = page.locator("#run-plot circle")
    expect(points).to_have_count(3)
    expect(page.locator("#plot-y")).to_have_value("test_loss")
    expect(page.locator("#plot-x")).to_have_value("prime")
    assert len({point.get_attribute("cx") for point in points.all()}) == 3


FIRST_FRAME = """(() => {
  const look = () => {
    if (!document.querySelector('.run-name')) return requestAnimationFrame(look);
    window.plottedWithRows = document.querySelectorAll('#run-plot circle').length;
  };
  requestAnimationFrame(look);
})()"""


@pytest.mark.browser
def test_rows_are_on_the_screen_before_the_plots(page, serve, tmp_path):
    """Of thousands of runs the plots take longer than the table."""
    for seed in (1, 2, 3):
        make_variant(tmp_path, [0, 100], seed=seed)
    page.add_init_script(FIRST_FRAME)
    page.goto(serve(tmp_path) + "/runs")
    expect(page.locator("#run-plot circle")).to_have_count(3)
    assert page.evaluate("window.plottedWithRows") == 0
