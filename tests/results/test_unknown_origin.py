"""Artifacts that headlapse did not write: every reader refuses every one that cannot be right, and says why."""

from __future__ import annotations

import json
import struct
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import headlapse
from headlapse.analysis import AnalysisPipeline
from headlapse.cli.app import build_app
from headlapse.dashboard.app import create_app
from headlapse.dashboard.callbacks.views import render
from headlapse.errors import FileStateError, IncompatibleFileError, NonFiniteError
from headlapse.export import draw_view
from headlapse.results.integrity import inspect
from headlapse.results.loader import ArtifactLoader
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant
from tests.results.bad_artifacts import ANALYZER, BAD, NONFINITE, place

EPOCH = 20
VIEW = "attention_heads_grid"
SINGLE = ViewRegistry.get("attention_single_head")
Reader = Callable[[Variant], object]


def first_options(variant: Variant) -> dict[str, str]:
    """Of each control, as the page has them from another epoch."""
    data = variant.artifacts.load_epoch(ANALYZER, 0)
    return {control.name: control.options(data, variant.labels)[0].value for control in SINGLE.controls_of(variant.labels)}


RAISING: dict[str, Reader] = {
    "load_epoch": lambda variant: variant.artifacts.load_epoch(ANALYZER, EPOCH),
    "load_part": lambda variant: variant.artifacts.load_part(ANALYZER, EPOCH, "patterns", np.s_[:, 2, 0]),
    "load_epochs": lambda variant: variant.artifacts.load_epochs(ANALYZER, [0, EPOCH]),
    "a loader of the folder": lambda variant: ArtifactLoader(variant.artifacts_dir).load_epoch(ANALYZER, EPOCH),
    "patterns": lambda variant: variant.patterns(EPOCH),
    "a snapshot": lambda variant: variant.at(EPOCH).patterns,
    "a view in a notebook": lambda variant: variant.at(EPOCH).view(VIEW)._repr_mimebundle_(),
    "a figure": lambda variant: variant.at(EPOCH).view(VIEW).figure(),
    "a view on the page": lambda variant: render(variant, SINGLE.name, EPOCH, first_options(variant)),
    **{
        f"{ending} of the epoch": lambda variant, ending=ending: draw_view(variant, ending, epochs=EPOCH)  # type: ignore[misc]
        for ending in (".png", ".svg", ".pdf", ".gif", ".webp", ".mp4", ".html")
    },
}


@pytest.fixture(params=BAD)
def bad(request: pytest.FixtureRequest, trained_copy: Variant) -> tuple[Variant, str]:
    """A run whose artifact of epoch 20 is one that cannot be right, and what is wrong with it."""
    place(trained_copy, EPOCH, BAD[request.param])
    return trained_copy, request.param


def file_of(variant: Variant) -> Path:
    return variant.artifacts.paths.file(ANALYZER, EPOCH)


def command(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app(), list(arguments))
    return done.exit_code, done.output


@pytest.mark.parametrize("reader", RAISING)
def test_a_reader_of_that_epoch_raises_the_typed_error(reader: str, bad: tuple[Variant, str]) -> None:
    variant, case = bad
    expected = NonFiniteError if case in NONFINITE else IncompatibleFileError
    with pytest.raises(expected, match=r"was not written by headlapse, and its contents do not fit: .*analyze") as caught:
        RAISING[reader](variant)
    assert str(file_of(variant)) in str(caught.value) and "\n" not in str(caught.value)


def test_check_names_it_with_its_origin(bad: tuple[Variant, str]) -> None:
    variant, case = bad
    code, output = command("check", variant.name, "--results", str(variant.results))
    assert code == 1 and "1 finding" in output
    assert f"  unknown origin: {file_of(variant)}: was not written by headlapse, and its contents do not fit: " in output
    assert ("(nonfinite)" if case in NONFINITE else "(incompatible)") in output


def test_analyze_makes_it_again(bad: tuple[Variant, str], trained: Variant) -> None:
    variant, _ = bad
    report = AnalysisPipeline(variant).run()
    assert [(outcome.analyzer, outcome.epoch) for outcome in report.computed] == [(ANALYZER, EPOCH)] and not report.failed
    assert file_of(variant).read_bytes() == file_of(trained).read_bytes()


def test_check_repairs_it(bad: tuple[Variant, str]) -> None:
    variant, _ = bad
    code, output = command("check", variant.name, "--repair", "--results", str(variant.results))
    assert code == 0 and "repaired 1 of 1" in output and inspect(variant) == []


def test_the_page_has_a_gap_with_the_reason(bad: tuple[Variant, str]) -> None:
    variant, case = bad
    client = create_app(variant.results).server.test_client()
    query = "view=attention_heads_grid&to=2&from=0&epochs=0,20,40"
    content = client.get(f"/data/frames/{variant.family.name}/{variant.name}?{query}").data
    header = struct.unpack_from("<I", content)[0]
    frames = json.loads(content[4 : 4 + header])
    assert frames["epochs"] == [0, 40]
    problem = frames["failed"]["20"]
    assert problem["state"] == ("nonfinite" if case in NONFINITE else "incompatible")
    assert "was not written by headlapse" in problem["error"] and str(file_of(variant)) in problem["error"]
    described = client.get(f"/data/variants/{variant.family.name}/{variant.name}").get_json()
    assert not any("problem" in panel and "command" not in panel for panel in described["panels"]), "the other epochs are shown"
    answer = client.get(f"/export/{variant.family.name}/{variant.name}?ending=.png&view={VIEW}&epoch=20")
    assert answer.status_code == 409 and answer.get_json()["state"] == problem["state"]


def test_the_widget_says_it_and_goes_on(bad: tuple[Variant, str]) -> None:
    variant, _ = bad
    widget = headlapse.scrub(variant)
    widget.index = 1
    assert (
        widget.frame[:4] == struct.pack("<I", 1) and len(widget.frame) == 8 and "was not written by headlapse" in widget.problem
    )
    widget.index = 0
    assert len(widget.frame) > 8 and widget.problem == ""


@pytest.mark.parametrize("ending", [".gif", ".webp", ".html"])
def test_a_time_lapse_leaves_it_out_and_says_so(ending: str, bad: tuple[Variant, str]) -> None:
    variant, _ = bad
    with pytest.warns(UserWarning, match="epoch 20 is left out: .*was not written by headlapse") as warned:
        drawing = draw_view(variant, ending)
    assert len(warned) == 1 and len(drawing.content) > 1000


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_an_image_of_the_newest_epoch_is_one_of_the_newest_that_can_be_read(ending: str, trained_copy: Variant) -> None:
    place(trained_copy, 60, BAD["times seven"])
    with pytest.warns(UserWarning, match="epoch 60 is left out: .*was not written by headlapse"):
        assert "_e40." in draw_view(trained_copy, ending).name


@pytest.mark.parametrize("ending", [".png", ".gif", ".html"])
def test_nothing_is_drawn_where_none_can_be_read(ending: str, trained_copy: Variant) -> None:
    for epoch in trained_copy.epochs:
        place(trained_copy, epoch, BAD["times seven"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(IncompatibleFileError, match=r"none of the attention_patterns artifacts of .* can be read"):
            draw_view(trained_copy, ending)


def test_load_epochs_leaves_it_out_and_says_so(bad: tuple[Variant, str]) -> None:
    variant, _ = bad
    with pytest.warns(UserWarning, match="epoch 20 is left out: .*was not written by headlapse"):
        assert variant.artifacts.load_epochs(ANALYZER)["epochs"].tolist() == [0, 40, 60]


def test_what_fits_is_shown_and_named_and_made_again(trained_copy: Variant) -> None:
    """As an older file beside newer weights may: nothing but its origin tells."""
    other = trained_copy.artifacts.load_epoch(ANALYZER, 60)
    before = file_of(trained_copy).read_bytes()
    place(trained_copy, EPOCH, other)
    np.testing.assert_array_equal(trained_copy.patterns(EPOCH), other["patterns"])
    part = trained_copy.artifacts.load_part(ANALYZER, EPOCH, "patterns", np.s_[:, 2, 0])
    np.testing.assert_array_equal(part, other["patterns"][:, 2, 0])
    (finding,) = inspect(trained_copy)
    assert (finding.state, finding.path) == ("unknown origin", file_of(trained_copy))
    assert "was not written by headlapse, and its contents fit; run `headlapse analyze`" in str(finding)
    assert [outcome.epoch for outcome in AnalysisPipeline(trained_copy).run().computed] == [EPOCH]
    assert file_of(trained_copy).read_bytes() == before and inspect(trained_copy) == []


def test_what_is_damaged_is_corrupt_whatever_its_origin(trained_copy: Variant) -> None:
    path = place(trained_copy, EPOCH, {"patterns": trained_copy.patterns(60)})
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(FileStateError) as caught:
        trained_copy.patterns(EPOCH)
    assert caught.value.state == "corrupt"
