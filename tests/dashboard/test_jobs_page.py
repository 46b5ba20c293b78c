"""The Jobs page: a form from the family, errors at the field, progress, cancel, and jobs that outlive the server."""

from __future__ import annotations

import re

import pytest

from headlapse.dashboard.callbacks.jobs import form_request
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.jobs import allowed_words, parameters, words_of
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import InvalidValueError
from headlapse.families.spec import ParameterSpec
from headlapse.jobs import JobQueue
from headlapse.workbench import FamilyRegistry
from tests.browsing import expect
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser


def fill(page, **values: object) -> None:
    """Fill in fields of the form. Dash is told a little later, which must not matter."""
    for name, value in values.items():
        page.get_by_label(words_of(name), exact=True).fill(str(value))


def open_form(page, address: str) -> None:
    page.goto(address + "/jobs")
    page.get_by_label("modulus p", exact=True).wait_for()


def error_of(page, name: str):
    """The error under a field."""
    field = page.get_by_label(words_of(name), exact=True)
    return page.locator(".mantine-InputWrapper-root").filter(has=field).locator(".mantine-InputWrapper-error")


def test_wrong_value_is_named_at_its_field_and_starts_nothing(page, serve, tmp_path):
    open_form(page, serve(tmp_path))
    fill(page, prime="113.5", epochs="-1")
    expect(error_of(page, "prime")).to_have_text("Must be a whole number from 2 to 1,000,000")
    expect(error_of(page, "epochs")).to_have_text("Must be a whole number from 0 to 1,000,000,000")
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("#job-message .problem")).to_have_text("Not started: see the marked fields")
    labels = page.locator(".job-fields .mantine-InputWrapper-label")
    first, second = labels.nth(0).bounding_box(), labels.nth(1).bounding_box()
    assert first["y"] == second["y"] and first["height"] == second["height"]
    assert JobQueue(tmp_path).jobs() == []


@pytest.mark.parametrize(
    ("kind", "limits", "words"),
    [
        ("integer", {}, "Must be a whole number"),
        ("integer", {"minimum": 2, "maximum": 1_000_000}, "Must be a whole number from 2 to 1,000,000"),
        ("number", {"exclusive_minimum": 0}, "Must be a number, above 0"),
        ("number", {"minimum": 0, "exclusive_maximum": 2.5}, "Must be a number, at least 0 and below 2.5"),
        ("number", {"maximum": 7}, "Must be a number, at most 7"),
    ],
)
def test_limits_are_said_in_words(kind, limits, words):
    assert allowed_words(ParameterSpec(type=kind, default=2, description="", **limits)) == words


def test_a_form_whose_fields_are_those_of_another_family_starts_nothing(tmp_path):
    context = DashboardContext(VariantIndex(tmp_path, FamilyRegistry()), JobQueue(tmp_path), "token", [])
    spec = context.variants.families.get("modulo_addition_1layer").spec
    values = {f"{spec.name}/{name}": str(parameter.default) for name, parameter in parameters(spec).items()}
    assert form_request(context, {"family": spec.name, **values}).family == spec.name
    for filled in ({"family": "modulo_addition_2layer", **values}, {"family": spec.name}):
        with pytest.raises(InvalidValueError, match="still loading"):
            form_request(context, filled)


def test_hints_do_not_repeat_labels(page, serve, tmp_path):
    open_form(page, serve(tmp_path))
    hint = page.locator(".mantine-InputWrapper-root", has_text="modulus p").locator(".mantine-InputWrapper-description")
    expect(hint).to_have_text("the model sees all p*p pairs")


@pytest.mark.parametrize("sent_by", ["button", "Enter"])
def test_a_value_counts_from_the_moment_it_is_typed(page, serve, tmp_path, sent_by):
    open_form(page, serve(tmp_path))
    prime = page.get_by_label("modulus p", exact=True)
    button = page.get_by_role("button", name="Start training").bounding_box()
    prime.fill("")
    prime.press_sequentially("41")
    if sent_by == "Enter":
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Tab")
        page.mouse.click(button["x"] + 20, button["y"] + 10)
    expect(page.locator("#job-message")).to_have_text(re.compile("^Added to the jobs: p41[^:]*$"))  # its state is on its card
    (job,) = JobQueue(tmp_path).jobs()
    assert job.request.settings["prime"] == 41
    JobQueue(tmp_path).cancel(job.name)
    page.get_by_role("button", name="Continue").wait_for()


def test_a_wrong_value_just_typed_is_not_replaced_by_the_one_before(page, serve, tmp_path):
    open_form(page, serve(tmp_path))
    prime = page.get_by_label("modulus p", exact=True)
    prime.fill("")
    prime.press_sequentially("xyz")
    page.keyboard.press("Enter")
    expect(page.locator("#job-message .problem")).to_have_text("Not started: see the marked field")
    error_of(page, "prime").wait_for()
    assert JobQueue(tmp_path).jobs() == []


def test_enter_in_a_list_of_choices_starts_nothing(page, serve, tmp_path):
    open_form(page, serve(tmp_path))
    page.locator("#job-family").focus()
    page.keyboard.press("Enter")
    fill(page, prime="xyz")
    page.keyboard.press("Enter")
    expect(page.locator("#job-message .problem")).to_have_text("Not started: see the marked field")
    assert JobQueue(tmp_path).jobs() == []


def test_start_training_stays_in_place_where_fields_are_marked(page, serve, tmp_path):
    open_form(page, serve(tmp_path))
    fields = page.locator(".job-fields input")
    for field in fields.all():
        field.fill("xyz")
    place = page.locator("#job-fields").bounding_box()
    page.get_by_role("button", name="Start training").hover()
    page.mouse.down()
    expect(page.locator(".mantine-InputWrapper-error")).to_have_count(fields.count())
    assert page.locator("#job-fields").bounding_box() == place
    page.mouse.up()
    expect(page.locator("#job-message .problem")).to_have_text("Not started: see the marked fields")
    assert JobQueue(tmp_path).jobs() == []


def test_jobs_opened_while_the_server_is_gone_appear_when_it_is_back(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    page.locator("#heads canvas").first.wait_for()
    page.context.set_offline(True)
    page.get_by_role("link", name="Jobs").click()
    expect(page.locator("#banner")).to_contain_text("The server does not respond.")
    page.context.set_offline(False)
    page.get_by_label("modulus p", exact=True).wait_for()
    expect(page.locator("#banner")).to_be_hidden()
    page.complaints.clear()  # chromium reports each request that failed


def test_jobs_say_what_to_do_where_another_server_has_not_their_program(browser, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    page = browser.new_page()  # whose console is not watched: chromium reports each answer of 404, at any time
    page.goto(serve(tmp_path))
    page.locator("#heads canvas").first.wait_for()
    page.route("**/_dash-component-suites/**", lambda route: route.fulfill(status=404))
    page.get_by_role("link", name="Jobs").click()
    expect(page.locator("#remark")).to_contain_text("cannot be loaded; reload the page")
    page.close()


def test_training_started_on_the_page_is_cancelled_and_found_again_by_another_server(page, serve, tmp_path):
    open_form(page, serve(tmp_path))
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


@pytest.mark.parametrize("moved", [0, 60])
def test_cancel_counts_where_the_card_is_drawn_anew_between_press_and_release(page, serve, tmp_path, moved):
    open_form(page, serve(tmp_path))
    fill(page, prime=7, train_fraction=0.6, epochs=1_000_000, checkpoint_every=100_000)
    page.get_by_role("button", name="Start training").click()
    page.locator(".job-foot", has_text="left").wait_for()
    page.get_by_role("button", name="Cancel").hover()
    page.evaluate("() => document.addEventListener('pointerdown', ({ target }) => (window.pressed = target), { once: true })")
    page.mouse.down()
    page.evaluate("moved => { document.querySelector('.job').parentElement.style.paddingTop = `${moved}px`; }", moved)
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


def test_what_was_said_of_values_goes_with_them(page, serve, tmp_path):
    open_form(page, serve(tmp_path))
    fill(page, prime="xyz")
    error_of(page, "prime").wait_for()
    page.get_by_role("button", name="Start training").click()
    message = page.locator("#job-message")
    expect(message).to_have_text("Not started: see the marked field")
    expect(page.get_by_label("modulus p", exact=True)).to_be_focused()
    page.keyboard.type("7")
    expect(message).to_have_text("")
    page.keyboard.press("Enter")
    expect(message).to_have_text("Not started: see the marked field")
    page.locator("#job-family").click()
    page.get_by_role("option", name="Induction").first.click()
    expect(message).to_have_text("")
    assert JobQueue(tmp_path).jobs() == []
