"""The Jobs page: a form from the family, errors at the field, progress, cancel, and jobs that outlive the server."""

from __future__ import annotations

import re

import pytest

from headlapse.dashboard.pages.jobs import words_of
from headlapse.jobs import JobQueue
from tests.browsing import expect
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser


def fill(page, **values: object) -> None:
    """Fill in fields of the form and wait until Dash, which is told a little later, has each value."""
    told = """([name, value]) => dash_component_api.getLayout({ type: 'job-field', name })?.props.value === value"""
    for name, value in values.items():
        page.get_by_label(words_of(name), exact=True).fill(str(value))
        page.wait_for_function(told, arg=[name, str(value)])


def test_wrong_value_is_named_at_its_field_and_starts_nothing(page, serve, tmp_path):
    page.goto(serve(tmp_path) + "/jobs")
    page.get_by_label("modulus p", exact=True).wait_for()
    fill(page, prime="113.5", epochs="-1")
    for words in ("modulus p must be an integer >= 2", "epochs must be an integer >= 0"):
        page.locator(".mantine-InputWrapper-error", has_text=words).wait_for()
    page.get_by_role("button", name="Start training").click()
    page.locator("#job-message .problem", has_text="Not started: modulus p must").wait_for()
    expect(page.locator("#job-message")).to_contain_text("epochs must be an integer >= 0")
    labels = page.locator(".job-fields .mantine-InputWrapper-label")
    first, second = labels.nth(0).bounding_box(), labels.nth(1).bounding_box()
    assert first["y"] == second["y"] and first["height"] == second["height"]
    assert JobQueue(tmp_path).jobs() == []


def test_training_started_on_the_page_is_cancelled_and_found_again_by_another_server(page, serve, tmp_path):
    page.goto(serve(tmp_path) + "/jobs")
    page.get_by_label("modulus p", exact=True).wait_for()
    fill(page, prime=7, train_fraction=0.6, epochs=1_000_000, checkpoint_every=100_000)
    page.get_by_role("button", name="Start training").click()
    page.get_by_role("button", name="Start training").click()
    page.locator(".job .state[data-state=running]").wait_for()
    page.locator(".job-foot", has_text="left").wait_for()
    expect(page.locator(".job")).to_have_count(1)
    page.get_by_text("Log", exact=True).click()
    expect(page.locator(".job pre")).to_contain_text("training from epoch 0 to 1,000,000")
    before = page.locator(".job").element_handle()
    page.wait_for_function("card => !card.isConnected && document.querySelector('.job details')", arg=before)
    expect(page.locator(".job pre")).to_be_visible()
    expect(page.locator(".job pre")).to_contain_text("training from epoch 0 to 1,000,000")
    page.goto(serve(tmp_path) + "/jobs")
    page.locator(".job .state[data-state=running]").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.locator(".job .state[data-state=cancelled]").wait_for()
    page.get_by_role("button", name="Continue").click()
    page.locator(".job .state[data-state=running]").wait_for()
    expect(page.locator(".job")).to_have_count(2)
    page.get_by_text("Log", exact=True).first.click()
    expect(page.locator(".job pre").first).to_contain_text(re.compile("training from epoch [1-9]"))
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Continue").wait_for()
    page.get_by_role("link", name="p7 · seed999 · dseed598 · frac0.6").first.click()
    page.locator("#variant-state", has_text="cancelled").wait_for()
    page.wait_for_url(lambda address: "/?variant=modulo_addition_1layer/" in address)


def test_cancel_counts_where_the_card_is_drawn_anew_between_press_and_release(page, serve, tmp_path):
    page.goto(serve(tmp_path) + "/jobs")
    page.get_by_label("modulus p", exact=True).wait_for()
    fill(page, prime=7, train_fraction=0.6, epochs=1_000_000, checkpoint_every=100_000)
    page.get_by_role("button", name="Start training").click()
    page.locator(".job-foot", has_text="left").wait_for()
    page.get_by_role("button", name="Cancel").hover()
    page.evaluate("() => document.addEventListener('pointerdown', ({ target }) => (window.pressed = target), { once: true })")
    page.mouse.down()
    page.wait_for_function("() => !window.pressed.isConnected && document.querySelector('[data-cancel-job]')")
    page.mouse.up()
    page.locator(".job .state[data-state=cancelled]").wait_for()


def test_analysis_is_offered_where_it_is_missing_and_done_by_a_job(page, serve, tmp_path, trained_copy):
    import shutil

    shutil.rmtree(trained_copy.artifacts_dir)
    page.goto(serve(trained_copy.results))
    page.get_by_role("button", name="Analyse now").click()
    page.locator(".head canvas").first.wait_for()


def test_failed_job_shows_error_and_log(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100], analysed=[])  # checkpoints that are no weights of a model
    page.goto(serve(tmp_path))
    page.get_by_role("button", name="Analyse now").click()
    page.get_by_role("link", name="Jobs").click()
    page.locator(".job .state[data-state=failed]").wait_for()
    expect(page.locator(".job .problem")).to_contain_text("W_E")
    page.get_by_text("Log", exact=True).click()
    expect(page.locator(".job pre")).not_to_be_empty()
    expect(page.locator(".job header")).to_contain_text(variant.name.split("_")[-1])
