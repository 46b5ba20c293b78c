import math

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from headlapse.errors import HeadlapseError, InvalidValueError, MissingFileError, OutOfRangeError, UnknownNameError
from headlapse.visualization.views import View, ViewRegistry


def test_a_view_at_an_epoch_draws_the_artifact_of_that_epoch(trained):
    figure = trained.at(40).view("attention_heads_grid", to_position=-1, from_position=1).figure()
    for head, panel in enumerate(figure.data):
        np.testing.assert_array_equal(panel.z, trained.patterns(40)[head, 2, 1])
    assert "= attending to b · epoch 40" in figure.layout.title.text


def test_patterns_and_records_are_those_of_the_epoch(trained):
    assert (trained.at(20).patterns == trained.artifacts.load_epoch("attention_patterns", 20)["patterns"]).all()
    assert trained.at(20).record == trained.checkpoint(20).extra
    assert set(trained.at(20).record) >= {"test_accuracy", "train_accuracy"}


def test_reprs_say_what_a_researcher_wants_to_know(trained):
    assert repr(trained.at(60)).startswith(f"<{trained.name} at epoch 60: train loss ")
    shown = repr(trained.at(60).view(from_position=1))
    assert shown == f"<view attention_heads_grid of {trained.name} at epoch 60, from_position=1>"


def test_export_writes_the_format_that_is_asked_for(trained, tmp_path):
    view = trained.at(60).view("attention_single_head", head_idx=2)
    with Image.open(view.export(tmp_path / "head.png")) as image:
        assert image.size[0] > 100
    assert b"<html" in view.export(tmp_path / "head.html").read_bytes()
    with pytest.raises(HeadlapseError, match=r"\.png"):
        view.export(tmp_path / "head.txt")


def test_a_view_shows_itself_without_network(trained):
    assert trained.at(60).view()._repr_mimebundle_()["image/png"].startswith(b"\x89PNG")
    timeline = trained.at(60).view("attention_lock_in_timeline", quantity="change")._repr_mimebundle_()
    assert timeline["image/png"].startswith(b"\x89PNG")


def test_a_view_that_only_plotly_draws_brings_plotly_along(trained, monkeypatch):
    def render(epoch_data, epoch):
        return go.Figure(go.Heatmap(z=epoch_data["patterns"][0, 2, 0]))

    monkeypatch.setitem(ViewRegistry._items, "plain", View("plain", "Plain", "attention_patterns", render))
    shown = trained.at(60).view("plain")._repr_mimebundle_()["text/html"]
    assert "<script src=" not in shown and "plotly" in shown


def test_what_does_not_exist_is_named(trained):
    with pytest.raises(UnknownNameError, match="attention_heads_grid"):
        trained.at(60).view("nothing")
    with pytest.raises(HeadlapseError, match="30"):
        trained.at(30).view()


@pytest.mark.parametrize(("epoch", "near"), [(-1, "0, 20"), (30, "20, 40"), (601, "40, 60"), (10**15, "40, 60")])
def test_an_epoch_that_is_not_there_names_the_range_and_the_nearest(trained, epoch, near):
    with pytest.raises(OutOfRangeError) as caught:
        trained.at(epoch)
    assert str(caught.value) == f"epoch {epoch:,} is not there; nearest: {near}; {trained.name} has 0 to 60, 4 in all"


@pytest.mark.parametrize("epoch", [math.inf, math.nan, 20.5, 20.0, "20", True, False, None])
def test_what_is_no_epoch_names_the_range(trained, epoch):
    there = rf"one of those of {trained.name} \(0 to 60, 4 in all\)"
    with pytest.raises(InvalidValueError, match=f"epoch must be a whole number, {there}, got"):
        trained.at(epoch)


def test_a_variant_without_epochs_says_so(family, tmp_path):
    with pytest.raises(OutOfRangeError, match=r"epoch 0 is not there; .* has none yet"):
        family.variant(prime=7, results=tmp_path).at(0)


def test_an_epoch_has_a_checkpoint_or_an_artifact(trained_copy):
    trained_copy.paths.checkpoint(20).unlink()
    for analyzer in trained_copy.artifacts.get_available_analyzers():
        trained_copy.paths.artifacts.file(analyzer, 40).unlink(missing_ok=True)
    for epoch in (20, 40):
        assert trained_copy.at(np.int64(epoch)).epoch == epoch
    assert trained_copy.at(20).patterns.shape == (4, 3, 3, 7, 7)
    assert trained_copy.at(40).record["train_accuracy"] >= 0


def test_patterns_without_a_checkpoint_say_which_epochs_there_are(trained_copy):
    there = r"does not exist; there are checkpoints at epochs 0 to 60, 4 in all; nearest: 40, 60$"
    for read in (trained_copy.patterns, trained_copy.checkpoint, trained_copy.record):
        with pytest.raises(MissingFileError, match=there) as caught:
            read(10_400)
        assert "analyze" not in str(caught.value)
    trained_copy.paths.artifacts.file("attention_patterns", 40).unlink()
    others = "there are those of epochs 0 to 60, 3 in all; nearest: 20, 60"
    with pytest.raises(MissingFileError, match=f"{others}; or run `headlapse analyze`"):
        trained_copy.patterns(40)
