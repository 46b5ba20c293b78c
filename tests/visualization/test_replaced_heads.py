"""Heads replaced at the shown epoch: the answers of Python's float64, the words of the choices, and what cannot be shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.interventions import ablate, intact
from headlapse.dashboard.frames import Question, pack
from headlapse.dashboard.panels import panels
from headlapse.errors import FileStateError, InvalidValueError, NoPictureError, OutOfRangeError
from headlapse.families.axes import Axis
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.run import RunLabels
from headlapse.training.progress import Silent
from headlapse.visualization import wire
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant

VIEW = ViewRegistry.get("replaced_heads")


def drawn(run: Variant, epoch: int, **chosen: str):
    arguments = VIEW.arguments(chosen, run.labels)
    return VIEW.draw(VIEW.arrays_of(run, epoch, arguments), epoch, run.labels, **arguments)


@pytest.mark.parametrize(
    ("chosen", "heads", "kind", "from_epoch", "words"),
    [
        ({}, [0], "zero", None, "Head 0 replaced by nothing"),
        ({"replaced": "1,3", "kind": "mean"}, [1, 3], "mean", None, "Head 1, Head 3 replaced by its mean over inputs"),
        ({"replaced": "0,1,2", "kind": "uniform"}, [0, 1, 2], "uniform", None, "all but Head 3 replaced by even attention"),
        ({"replaced": "2", "kind": "epoch-0"}, [2], "epoch", 0, "Head 2 replaced by its attention at epoch 0"),
    ],
)
def test_inputs_break_as_in_python(trained: Variant, chosen, heads, kind, from_epoch, words: str) -> None:
    before, after = intact(trained, 60), ablate(trained, 60, heads, kind, from_epoch)
    picture = drawn(trained, 60, **chosen)
    assert picture.names == ("breaks", "becomes right") and picture.limits == (0.0, 1.0)
    np.testing.assert_array_equal(picture.values, [before.right & ~after.right, after.right & ~before.right])
    assert picture.subject.startswith(words)
    assert f"accuracy {100 * before.accuracy:.1f} to {100 * after.accuracy:.1f} %" in picture.subject
    losses = drawn(trained, 60, show="loss", **chosen)
    assert losses.names == ("intact", "with heads replaced") and losses.limits == pytest.approx((0, np.log(7)))
    assert losses.values.mean(axis=(1, 2)) == pytest.approx([before.loss, after.loss], rel=1e-6)
    transposed = drawn(trained, 60, show="loss", order="logarithm", **chosen).values
    assert not np.array_equal(transposed, losses.values) and np.sort(transposed.ravel()) == pytest.approx(
        np.sort(losses.values.ravel())
    )


def test_every_choice_can_be_drawn_and_says_what_it_is(trained: Variant) -> None:
    controls = {control["name"]: control for control in wire.controls(VIEW, VIEW.load(trained.artifacts, 0), trained.labels)}
    values = [option["value"] for option in controls["replaced"]["options"]]
    assert values == [
        "0",
        "1",
        "2",
        "3",
        "0,1",
        "0,2",
        "0,3",
        "1,2",
        "1,3",
        "2,3",
        "0,1,2",
        "0,1,3",
        "0,2,3",
        "1,2,3",
        "0,1,2,3",
    ]
    assert [option["value"] for option in controls["kind"]["options"]] == [
        *("zero", "mean", "uniform", "epoch-0", "epoch-20", "epoch-40", "epoch-60")
    ]
    two = RunLabels(tuple(f"L{layer}H{head}" for layer in range(2) for head in range(3)), ("0", "1"), trained.axes)
    (offered, *_) = VIEW.controls_of(two)
    words = [option.label for option in offered.options({}, two)]
    assert words[5:9] == ["L1H2", "all heads of layer 0", "all heads of layer 1", "all but L0H0"] and words[-1] == "all heads"
    assert len({option.value for option in offered.options({}, two)}) == len(set(words)) == 15


def test_what_cannot_be_replaced_says_so(trained_copy: Variant, small_family, tmp_path: Path) -> None:
    for wrong in ({"replaced": "x"}, {"replaced": ""}, {"kind": "none"}, {"kind": "epoch-"}, {"show": "x"}):
        with pytest.raises(InvalidValueError, match=f"{next(iter(wrong))} must be"):
            drawn(trained_copy, 60, **wrong)
    with pytest.raises(OutOfRangeError, match="head 9 is out of range; valid: 0 to 3"):
        drawn(trained_copy, 60, replaced="9")
    with pytest.raises(FileStateError, match="epoch_00007"):
        drawn(trained_copy, 60, kind="epoch-7")
    trained_copy.paths.checkpoint(40).unlink()
    packed = pack(trained_copy, Question(VIEW, [40, 60]))
    assert b"checkpoint_epoch_00040.safetensors" in packed and b"Head 0 replaced by nothing: accuracy" in packed
    normalized = small_family(normalization="LN").variant(prime=5, train_fraction=0.6, results=tmp_path / "results")
    normalized.train(epochs=1, checkpoint_epochs=[1], progress=Silent())
    with pytest.raises(NoPictureError, match="has normalization; heads can be replaced in models without"):
        drawn(normalized, 1)


def test_a_replaced_checkpoint_is_read_anew(trained_copy: Variant) -> None:
    run = trained_copy
    before, other = (drawn(run, epoch, show="loss").values for epoch in (60, 40))
    write_checkpoint(run.paths.checkpoint(60), run.checkpoint(40).weights, run.identity(60))
    run.paths.artifacts.file("attention_patterns", 60).write_bytes(b"")
    with pytest.raises(FileStateError):
        drawn(run, 60)
    AnalysisPipeline(run, AnalysisRunConfig(["attention_patterns"], [60])).run()
    np.testing.assert_array_equal(drawn(run, 60, show="loss").values, other)
    assert not np.array_equal(before, other)
    attending = [drawn(run, 60, kind=kind, show="loss").values for kind in ("epoch-20", "epoch-0")]
    write_checkpoint(run.paths.checkpoint(20), run.checkpoint(0).weights, run.identity(20))
    AnalysisPipeline(run, AnalysisRunConfig(["attention_patterns"], [20])).run()
    np.testing.assert_array_equal(drawn(run, 60, kind="epoch-20", show="loss").values, attending[1])
    assert not np.array_equal(*attending)


def test_sequences_are_one_axis_of_which_all_answers_count(tmp_path: Path) -> None:
    run = headlapse.load_family("induction_2layer").variant(vocabulary=5, batch_size=2, results=tmp_path)
    run.train(epochs=1, checkpoint_epochs=[1], progress=Silent())
    (panel,) = [panel for panel in panels(run) if panel["view"] == "replaced_heads"]
    assert panel["isComputed"] and "problem" not in panel
    picture = drawn(run, 1, replaced="4,5,6,7", kind="uniform", show="loss")
    assert picture.values.shape == (2, 24, 1) and picture.limits == pytest.approx((0, np.log(5)))
    assert picture.subject.startswith("all heads of layer 1 replaced by even attention: accuracy")


def test_a_third_axis_is_shown_at_one_place_which_the_words_name() -> None:
    axes = tuple(Axis(name, size) for name, size in zip("abc", (2, 3, 4), strict=True))
    labels = RunLabels(("Head 0",), ("a", "b", "c", "="), axes)
    right = np.stack([np.ones((2, 3, 4)), np.arange(24).reshape(2, 3, 4) % 5 > 0]).astype(np.uint8)
    arrays = {"input_right": right, "accuracy": np.array([1.0, 0.8]), "mean_loss": np.array([0.1, 0.2])}
    for chosen, place, words in (({}, 0, ", c = 0"), ({"at-c": "3"}, 3, ", c = 3")):
        picture = VIEW.draw(arrays, 5, labels, **VIEW.arguments(chosen, labels))
        np.testing.assert_array_equal(picture.values[0], 1 - right[1, :, :, place])
        assert picture.subject.endswith(f"loss 0.10 to 0.20{words}")
