"""Plain words for every state: many variants, half-analysed, a server that is gone, a folder that cannot be read."""

from __future__ import annotations

import re
import shutil
from urllib.parse import quote, urlsplit

import pytest

from headlapse.dashboard.panels import panels
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import IncompatibleFileError
from headlapse.results.paths import VariantPaths
from headlapse.results.records import write_config
from headlapse.storage.atomic import write_json
from headlapse.workbench import FamilyRegistry, Variant
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser
UNANALYSED = ["head_scores_timeline", "head_ablation_loss", "head_ablation_accuracy", "input_correctness_map"]


def test_half_analysed_is_said_and_the_rest_is_shown(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100, 200], analysed=[0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page.locator("#variant-state")).to_contain_text("2 of 3 analysed")
    page.keyboard.press("End")
    page.locator("#readout em", has_text="not analysed yet").wait_for()


def test_an_artifact_that_is_removed_is_not_waited_for(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100, 200])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 200 · = attending to a")
    for analyzer in ("attention_patterns", "attention_entropy"):
        variant.artifacts.paths.file(analyzer, 100).unlink()
    page.locator("#variant-state", has_text="2 of 3 analysed").wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.locator("#readout em", has_text="not analysed yet").wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    wait_for_title(page, "Epoch 200 · = attending to a")


def test_a_server_that_is_gone_leaves_what_was_loaded_and_is_found_again(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    address = serve(tmp_path)
    page.goto(address)
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.keyboard.press("Home")
    wait_for_title(page, "Epoch 0 · = attending to a")
    page.context.set_offline(True)
    expect(page.locator("#banner")).to_contain_text("The server does not respond.")
    port = urlsplit(address).port
    expect(page.locator("#banner code")).to_have_text(f"headlapse dashboard --results {tmp_path} --port {port}")
    page.keyboard.press("End")
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page.locator("#heads canvas").first).to_be_visible()
    expect(page.locator("#notice")).to_be_hidden()
    page.context.set_offline(False)
    expect(page.locator("#banner")).to_be_hidden()
    page.complaints.clear()  # chromium reports each request that failed


def test_runs_opened_while_the_server_is_gone_offer_nothing_to_compare(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.context.set_offline(True)
    page.get_by_role("link", name="Runs").click()
    expect(page.locator("#run-words")).to_have_text("The server does not respond.")
    expect(page.locator("#compare-runs")).to_be_disabled()
    page.context.set_offline(False)
    page.get_by_role("checkbox").check()
    expect(page.locator("#compare-runs")).to_be_enabled()
    page.complaints.clear()  # chromium reports each request that failed


def test_a_shown_variant_whose_folder_is_removed_is_said_to_be_gone(page, serve, tmp_path):
    variant, other = make_variant(tmp_path, [0, 100]), make_variant(tmp_path, [0, 100], seed=1)
    page.goto(f"{serve(tmp_path)}/?variant={variant.family.name}/{variant.name}")
    wait_for_title(page, "Epoch 100 · = attending to a")
    shutil.rmtree(variant.paths.root)
    expect(page.locator("#notice")).to_contain_text(
        f"there is no variant {variant.family.name}/{variant.name}; choose one from"
    )
    page.get_by_role("combobox", name="Variant").click()
    page.get_by_role("option").click()
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page).to_have_title(re.compile("seed1 "))
    assert other.paths.root.exists()


def test_a_link_to_what_is_not_there_says_what_it_shows_and_the_address_follows(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    page.goto(f"{serve(tmp_path)}/?variant={variant.name}&epoch=90&head=7&view=tails&to=9")
    wait_for_title(page, "Epoch 100 · = attending to a")
    remark = page.locator("#remark")
    for sentence in ("no view “tails”", "Epoch 90 has no checkpoint. Shown: epoch 100.", "no head 7", "cannot be “9”"):
        expect(remark).to_contain_text(sentence)
    expect(page).to_have_url(re.compile(rf"/\?variant={variant.family.name}/{variant.name}&epoch=100$"))
    ends = page.evaluate(
        "['#remark span', '#remark button'].map((part) => document.querySelector(part).getBoundingClientRect().bottom)"
    )
    assert max(ends) <= page.locator("#main").bounding_box()["y"], "it covers nothing"
    remark.get_by_role("button", name="dismiss").click()
    expect(remark).to_be_hidden()
    page.goto(f"{serve(tmp_path)}/compare?variant=nobody/nowhere&with=gone/run&epoch=abc&align=x")
    for sentence in ("no variant nobody/nowhere. Shown: ", "no variant gone/run", "cannot be “abc”", "“align” cannot be “x”"):
        expect(remark).to_contain_text(sentence)
    expect(page).to_have_url(re.compile(rf"/compare\?variant={variant.family.name}/{variant.name}$"))
    page.goto(f"{serve(tmp_path)}/results")
    expect(page.get_by_role("heading")).to_have_text("There is no page /results")
    page.get_by_role("link", name="Explore").click()
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.complaints.clear()  # chromium reports an answer of 404


def test_a_view_whose_analyzer_runs_only_on_request_is_offered_and_analysed_from_the_page(page, serve, trained_copy):
    page.goto(f"{serve(trained_copy.results)}/?view=attention_entropy_grid")
    page.locator("#view").select_option(label="When inputs become right (not analysed)")
    notice = page.locator("#notice")
    expect(notice.locator("code")).to_have_text(f"headlapse analyze {trained_copy.name} --analyzer input_correctness")
    expect(page).to_have_url(re.compile("view=input_correctness_map"))
    page.locator("#view").select_option("attention_heads_grid")
    wait_for_title(page, "Epoch 60 · = attending to a")
    expect(notice).to_be_hidden()
    page.go_back()
    notice.get_by_role("button", name="Analyse now").click()
    expect(page.locator("#picture-title")).to_contain_text("from which each input stays right")
    expect(notice).to_be_hidden()
    assert page.locator("#view option:checked").inner_text() == "When inputs become right"


def test_an_unanalysed_view_is_not_offered_where_no_view_is_shown_or_weights_are_gone(tmp_path, trained):
    run = Variant(trained.family, trained.settings, tmp_path)
    shutil.copytree(trained.paths.root, run.paths.root)
    assert [panel["view"] for panel in panels(run) if "command" in panel] == UNANALYSED
    shutil.rmtree(run.paths.checkpoints)
    assert not [panel for panel in panels(run) if "command" in panel]
    shutil.copytree(trained.paths.checkpoints, run.paths.checkpoints)
    shutil.rmtree(run.paths.artifacts.root)
    assert panels(run) == []


def test_results_that_are_no_folder(serve, tmp_path):
    (tmp_path / "results").write_text("not a folder")
    with pytest.raises(IncompatibleFileError, match="is a file, not a folder; name a folder of results with --results"):
        serve(tmp_path / "results")


@pytest.mark.parametrize(("path", "notice"), [("/", "#notice"), ("/compare", "#compare-notice")])
def test_when_no_variant_can_be_used_the_page_says_why(page, serve, tmp_path, path, notice):
    for seed in (0, 1):
        make_variant(tmp_path, [0], seed=seed).paths.config.write_text("{")
    page.goto(serve(tmp_path) + path)
    page.locator(f"{notice} h2", has_text="No variant can be shown").wait_for()
    expect(page.locator(f"{notice} p")).to_have_text(re.compile(r"config\.json.*Another variant cannot be shown either\."))
    expect(page.locator(f"{notice} code")).to_have_text("headlapse check --all")


def test_a_thousand_variants_are_searchable_and_each_is_read_once(page, serve, tmp_path, monkeypatch):
    family = FamilyRegistry().get("modulo_addition_1layer")
    for seed in range(1000):
        write_config(family.variant(results=tmp_path, prime=7, seed=seed), {}, {})
    read: list[object] = []
    original = VariantIndex._read_entry
    monkeypatch.setattr(VariantIndex, "_read_entry", lambda *asked: read.append(asked) or original(*asked))
    library = VariantIndex(tmp_path, FamilyRegistry())
    assert len(library.entries()) == len(library.entries()) == len(read) == 1000
    page.goto(serve(tmp_path))
    expect(page.locator("#variant")).to_have_value(re.compile("seed0"))
    page.locator("#variant").click()
    expect(page.locator("#variant-choice .variant-note")).to_have_text("60 of 1,000: type to narrow")
    expect(page.get_by_role("option").nth(2)).to_contain_text("seed2")
    page.keyboard.type("p7 seed=777")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**seed777_**")
    expect(page.locator("#variant")).to_have_attribute("title", "modulo_addition_1layer_p7_seed777_dseed598")
    page.locator("#variant").click()
    page.keyboard.type("seed 5")
    page.get_by_role("option", name="seed5 ").click()
    page.wait_for_url("**seed5_**")


def test_the_list_of_variants_says_state_and_losses_and_splits_no_value(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    other = make_variant(tmp_path, [0], analysed=[], beta1=0.87)
    write_json(other.paths.status, {"state": "cancelled", "epoch": 100, "train_loss": 1.234e-7, "test_loss": 2.5})
    page.goto(serve(tmp_path))
    page.locator("#variant").click()
    page.keyboard.type("cancelled")
    option = page.get_by_role("option", name="p7 · seed999 · dseed598 · beta1_0.87")
    expect(option).to_contain_text("test 2.5 · train 1.2e-7")
    expect(page.locator("#variant-list [role=option]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#variant")).to_have_value("p7 · seed999 · dseed598")


def test_markup_in_a_name_is_text(page, serve, tmp_path):
    make_variant(tmp_path, [0])
    name = "<img src=x onerror=document.title=1>"
    folder = tmp_path / "modulo_addition_1layer" / name
    folder.mkdir()
    (folder / "config.json").write_text("{")
    page.goto(f"{serve(tmp_path)}/?variant=modulo_addition_1layer/{quote(name)}")
    page.locator("#notice", has_text=name).wait_for()
    page.locator("#variant").click()
    page.get_by_role("option", name=name).wait_for()
    expect(page.locator("img")).to_have_count(0)


WHOLE_OPTIONS = """() => {
  const words = [...document.querySelectorAll('#notice code .word')].filter(({ textContent }) => textContent.startsWith('--'));
  return words.length > 0 && words.every((word) => word.getClientRects().length === 1 && word.offsetHeight < 24);
}"""


@pytest.mark.parametrize("width", [320, 390, 480, 720])
def test_a_command_does_not_break_within_an_option(page, serve, tmp_path, width):
    page.set_viewport_size({"width": width, "height": 664})
    page.goto(serve(tmp_path))
    line = "headlapse train modulo_addition_1layer --prime 31 --train-fraction 0.6 --epochs 3000"
    expect(page.locator("#notice code")).to_have_text(line)
    page.wait_for_function(WHOLE_OPTIONS)


def test_broken_variant_hides_no_other(tmp_path):
    good, bad = make_variant(tmp_path, [0]), make_variant(tmp_path, [0], seed=1)
    VariantPaths(bad.paths.root).config.write_text("{")
    entries = {entry.name: entry for entry in VariantIndex(tmp_path, FamilyRegistry()).entries()}
    assert entries[good.name].state == "analysed"
    assert entries[bad.name].state == "unusable"
    assert "config.json" in entries[bad.name].problem


def test_two_tabs_keep_their_own_epoch(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100, 200])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 200 · = attending to a")
    other = page.context.new_page()
    other.goto(page.url)
    wait_for_title(other, "Epoch 200 · = attending to a")
    other.keyboard.press("Home")
    wait_for_title(other, "Epoch 0 · = attending to a")
    wait_for_title(page, "Epoch 200 · = attending to a")
