"""A recorded training: what is on the disk is what the model was."""

from __future__ import annotations

import copy
import errno
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import nn

import headlapse
from headlapse.analysis import AnalysisPipeline
from headlapse.errors import WriteFailedError
from headlapse.families.axes import Axis
from headlapse.results.integrity import inspect
from tests.recording.loops import STEPS, opened, patterns_of, record, train
from tests.recording.models import HEADS, LAYERS, POSITIONS, ROWS, tokens, transformer


@pytest.mark.parametrize("how", ["by hand", "function", "bmm"])
def test_every_captured_epoch_is_the_model_after_so_many_steps(how: str, tmp_path: Path) -> None:
    kind, seen = transformer(how), {}
    seen[0] = copy.deepcopy(kind.model)
    with record(kind, tmp_path, position_labels=list("abcde")) as recorder:
        train(kind.model, recorder=recorder, seen=seen)
    run = opened(tmp_path)
    assert run.epochs == run.artifacts.get_epochs("attention_patterns") == [0, 5, 10, STEPS]
    for epoch in run.epochs:
        np.testing.assert_allclose(run.patterns(epoch), patterns_of(seen[epoch], kind.probe), atol=1e-6)
    assert run.labels.head_labels == ("L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2")
    assert run.labels.position_labels == tuple("abcde") and run.axes == (Axis("input", ROWS),)
    assert run.state == "analysed" and inspect(run) == []
    assert run.artifacts.load_run("attention_lock_in")["epochs"].tolist() == run.epochs


def test_scalars_belong_to_the_epochs_of_their_weights(tmp_path: Path) -> None:
    kind = transformer("by hand")
    with record(kind, tmp_path) as recorder:
        losses = train(kind.model, recorder=recorder)
    run = opened(tmp_path)
    assert run.scalars["train_loss"].epochs.tolist() == list(range(STEPS))
    assert run.losses.train[:STEPS].tolist() == losses and run.losses.test.tolist()[:STEPS] == [loss / 2 for loss in losses]
    assert run.scalars["grad norm"].epochs.tolist() == list(range(1, STEPS + 1))
    assert run.losses.at(5) == (losses[4], losses[4] / 2)
    expected = {"train_losses": losses, "test_losses": [loss / 2 for loss in losses], "checkpoint_epochs": []}
    assert run.metadata == expected


def test_weights_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    kind = transformer("by hand")
    kind.model.unembed.to(torch.bfloat16).to(torch.float32)
    with record(kind, tmp_path, checkpoints=True, schedule=[3]) as recorder:
        train(kind.model, range(4), recorder)
    run = opened(tmp_path)
    assert run.checkpoint_epochs == run.epochs == [0, 3, 4]
    for name, array in run.checkpoint(4).weights.items():
        np.testing.assert_array_equal(array, kind.model.state_dict()[name].numpy())
    assert run.checkpoint(3).extra["grad norm"] == 2 and inspect(run) == []


def test_heads_layers_and_positions_may_be_chosen(tmp_path: Path) -> None:
    kind = transformer("by hand")
    whole = patterns_of(kind.model, kind.probe)
    for name, options, expected in (
        ("heads", {"heads": [4, -6]}, whole[[0, 4]]),
        ("layers", {"layers": [1]}, whole[3:]),
        ("positions", {"positions": [-1, 1]}, whole[:, [4, 1]][:, :, [4, 1]]),
        ("sides", {"positions": {"to": [2], "from": [0, 3]}}, whole[:, [2]][:, :, [0, 3]]),
        ("half", {"dtype": "float16"}, whole),
        ("mean", {"reduce": "mean"}, whole.mean(axis=-1, keepdims=True)),
        ("axes", {"axes": {"one": 1, "seven": list("ABCDEFG")}}, whole[..., None, :]),
    ):
        record(kind, tmp_path, name, **options).finish()
        run = opened(tmp_path, name)
        patterns = run.patterns(0)
        assert patterns.dtype == (np.float16 if name == "half" else np.float32)
        np.testing.assert_allclose(patterns, expected, atol=1e-3 if name == "half" else 1e-6)
        assert inspect(run) == [], name
    assert opened(tmp_path, "heads").labels.head_labels == ("L0H0", "L1H1")
    assert opened(tmp_path, "layers").labels.head_labels == ("L1H0", "L1H1", "L1H2")
    assert opened(tmp_path, "sides").labels.from_position_labels == ("0", "3")
    assert opened(tmp_path, "axes").axes == (Axis("one", 1), Axis("seven", 7, tuple("ABCDEFG")))


def test_a_probe_may_be_a_named_tuple(tmp_path: Path) -> None:
    class Batch(NamedTuple):
        tokens: torch.Tensor

    kind = transformer("by hand")
    headlapse.record(kind.model, "mine", Batch(kind.probe), results=tmp_path).finish()
    np.testing.assert_allclose(opened(tmp_path).patterns(0), patterns_of(kind.model, kind.probe), atol=1e-6)


def test_a_list_of_inputs_is_first_shown_positions_by_positions_and_a_grid_input_by_input(tmp_path: Path) -> None:
    model = transformer("function").model
    headlapse.record(model, "list", tokens(), results=tmp_path).finish()
    headlapse.record(model, "grid", tokens(rows=6), axes={"a": 3, "b": 2}, results=tmp_path).finish()
    assert opened(tmp_path, "list").views[0] == "attention_positions"
    assert opened(tmp_path, "grid").views[0] == "attention_heads_grid"


def test_a_large_probe_runs_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = transformer("by hand")
    of_row = 4 * LAYERS * HEADS * POSITIONS**2
    monkeypatch.setattr("headlapse.recording.observer.PIECE_BYTES", 3 * of_row)
    rows: list[int] = []
    kind.model.register_forward_pre_hook(lambda _module, inputs: rows.append(len(inputs[0])))
    record(kind, tmp_path).finish()
    assert rows == [2, 3, 7, 7, 3, 3, 1], "two looks, two on more rows, then the capture"
    np.testing.assert_allclose(opened(tmp_path).patterns(0), patterns_of(kind.model, kind.probe), atol=1e-6)


def test_a_model_that_changes_its_attention_is_named_and_trains_on(tmp_path: Path) -> None:
    kind = transformer("by hand")
    recorder = record(kind, tmp_path, schedule=1)
    kind.model.layers = kind.model.layers[:1]
    words = r"^epoch 1 is not recorded: the model now has 1 layer .* when the recording began it had 2 layers"
    with pytest.warns(RuntimeWarning, match=words):
        recorder.step(0)


def test_a_capture_that_fails_does_not_end_the_training_and_is_tried_again_when_the_next_is_due(tmp_path: Path) -> None:
    kind, tried = transformer("by hand"), []
    recorder = record(kind, tmp_path, schedule=3)

    def fails(_module: nn.Module, _inputs: object) -> None:
        tried.append(recorder.newest)
        raise RuntimeError("CUDA out of memory.\nTried to allocate 2 GiB")

    hook = kind.model.layers[1].register_forward_pre_hook(fails)
    words = r"^epoch \d is not recorded: .*RuntimeError: CUDA out of memory\. Tried to allocate 2 GiB$"
    with pytest.warns(RuntimeWarning, match=words) as warned:
        for step in range(8):
            recorder.step(step, train_loss=step)
    assert tried == [3, 6] and [warning.filename for warning in warned] == [__file__] * 2
    hook.remove()
    recorder.step(8)
    recorder.finish()
    assert opened(tmp_path).epochs == [0, 9] and recorder.cost.count == 2
    assert opened(tmp_path).scalars["train_loss"].epochs.tolist() == list(range(8))


def test_a_folder_that_is_removed_ends_neither_the_training_nor_the_recording_with_an_error(tmp_path: Path) -> None:
    recorder = record(transformer("by hand"), tmp_path, schedule=1)
    shutil.rmtree(tmp_path / "recorded")
    with pytest.warns(RuntimeWarning, match="is not recorded: .* the folder is gone"):
        recorder.step(0, train_loss=1.0)
        recorder.finish()
    assert recorder.is_over
    record(transformer("by hand"), tmp_path).finish()
    assert opened(tmp_path).epochs == [0]


def test_a_full_disk_does_not_make_the_end_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_pipeline: AnalysisPipeline, _epoch: int) -> None:
        raise WriteFailedError("the disk is full", errno.ENOSPC)

    recorder = record(transformer("by hand"), tmp_path)
    monkeypatch.setattr(AnalysisPipeline, "analyze_epoch", full)
    with pytest.warns(RuntimeWarning, match="^the analysis is not recorded: the disk is full"):
        recorder.finish()
    assert recorder.is_over


def test_an_interruption_of_a_capture_ends_the_training(tmp_path: Path) -> None:
    kind = transformer("by hand")
    recorder = record(kind, tmp_path, schedule=1)

    def interrupted(_module: nn.Module, _inputs: object) -> None:
        raise KeyboardInterrupt

    kind.model.layers[1].register_forward_pre_hook(interrupted)
    with pytest.raises(KeyboardInterrupt):
        recorder.step(0)


def test_compiled_and_distributed_models_are_seen_through(tmp_path: Path) -> None:
    kind = transformer("function")
    compiled = torch.compile(kind.model, backend="eager")
    recorder = headlapse.record(compiled, "compiled", kind.probe, results=tmp_path)
    assert str(recorder) == "2 layers \u00d7 3 heads, scaled_dot_product_attention; positions 5"
    recorder.finish()
    np.testing.assert_allclose(opened(tmp_path, "compiled").patterns(0), patterns_of(kind.model, kind.probe), atol=1e-6)


def test_two_recorders_follow_one_model(tmp_path: Path) -> None:
    kind = transformer("by hand")
    with record(kind, tmp_path, "one", layers=[0]) as one, record(kind, tmp_path, "other", layers=[1]) as other:
        one.step(0)
        other.step(0)
    assert opened(tmp_path, "one").epochs == opened(tmp_path, "other").epochs == [0, 1]
