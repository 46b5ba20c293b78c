import numpy as np
import pytest
from PIL import Image

from headlapse.errors import HeadlapseError, UnknownNameError


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
    timeline = trained.at(60).view("attention_lock_in_timeline", quantity="change")._repr_mimebundle_()["text/html"]
    assert "<script src=" not in timeline and "plotly" in timeline


def test_what_does_not_exist_is_named(trained):
    with pytest.raises(UnknownNameError, match="attention_heads_grid"):
        trained.at(60).view("nothing")
    with pytest.raises(HeadlapseError, match="30"):
        trained.at(30).view()
