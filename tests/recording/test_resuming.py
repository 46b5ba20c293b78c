"""Runs that exist, steps that go back, trainings that crash and restart."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from headlapse.errors import BusyError, IncompatibleFileError, InvalidValueError
from headlapse.recording import Recorder
from headlapse.results.integrity import inspect
from tests.recording.loops import loss_of, opened, record, train
from tests.recording.models import POSITIONS, TOKENS, tokens, transformer


def test_a_run_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    kind = transformer("by hand")
    with pytest.raises(BusyError), record(kind, tmp_path):
        record(kind, tmp_path, resume=True)
    with pytest.raises(InvalidValueError, match=r"recorded/mine already exists; give resume=True"):
        record(kind, tmp_path)


def test_a_step_that_goes_back_is_refused_and_the_same_step_replaces(tmp_path: Path) -> None:
    kind = transformer("by hand")
    with record(kind, tmp_path) as recorder:
        for step in (3, 4, 4):
            recorder.step(step, train_loss=step + 0.5, accuracy=step)
        recorder.step(4, train_loss=9)
        with pytest.raises(InvalidValueError, match=r"step 3 goes back: step 4 was recorded.*resume=True"):
            recorder.step(3)
    run = opened(tmp_path)
    assert run.scalars["train_loss"].values.tolist() == [3.5, 9] and run.scalars["accuracy"].epochs.tolist() == [4, 5]
    assert run.epochs == [0, 5]


def test_a_training_that_restarts_from_an_older_checkpoint_gives_one_clean_series(tmp_path: Path) -> None:
    """It crashes at step 12 and goes on from its own checkpoint after step 8."""
    uninterrupted, crashed = transformer("by hand"), transformer("by hand")
    torch.manual_seed(5)
    with record(uninterrupted, tmp_path, "whole", schedule=2) as recorder:
        train(uninterrupted.model, range(20), recorder)
    torch.manual_seed(5)
    recorder = record(crashed, tmp_path, "crashed", schedule=2)
    optimizer = torch.optim.AdamW(crashed.model.parameters(), lr=1e-2)
    state: dict[str, Any] = {}
    with pytest.raises(KeyboardInterrupt), recorder:
        run_steps(crashed.model, optimizer, range(12), recorder, state, at=8)
        raise KeyboardInterrupt
    assert opened(tmp_path, "crashed").state == "cancelled" and opened(tmp_path, "crashed").epochs[-1] == 12
    again = transformer("by hand")
    optimizer = torch.optim.AdamW(again.model.parameters(), lr=1e-2)
    again.model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    with record(again, tmp_path, "crashed", schedule=2, resume=True) as recorder:
        run_steps(again.model, optimizer, range(8, 20), recorder, {}, at=-1)
    whole, mended = opened(tmp_path, "whole"), opened(tmp_path, "crashed")
    assert mended.epochs == whole.epochs == list(range(0, 21, 2))
    for epoch in whole.epochs:
        np.testing.assert_array_equal(mended.patterns(epoch), whole.patterns(epoch))
    for name in ("train_loss", "test_loss", "grad norm"):
        for one, other in zip(mended.scalars[name], whole.scalars[name], strict=True):
            np.testing.assert_array_equal(one, other)
    (aside,) = (mended.paths.root / "replaced_runs").iterdir()
    assert sorted(path.name for path in aside.rglob("*.npz")) == ["epoch_00010.npz", "epoch_00012.npz"]
    assert inspect(mended) == []


def run_steps(model: nn.Module, optimizer: Any, steps: range, recorder: Recorder, state: dict, at: int) -> None:
    """Train; after step `at - 1` keep what a training keeps to go on."""
    model.train()
    for step in steps:
        if step == at:
            state |= {"model": copy.deepcopy(model.state_dict()), "optimizer": copy.deepcopy(optimizer.state_dict())}
            state["rng"] = torch.get_rng_state()
        batch = torch.randint(TOKENS, (4, POSITIONS))
        optimizer.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()
        optimizer.step()
        recorder.step(step, train_loss=loss, test_loss=loss.item() / 2, **{"grad norm": step})


def test_resuming_as_something_else_is_refused(tmp_path: Path) -> None:
    kind = transformer("by hand")
    record(kind, tmp_path).finish()
    with pytest.raises(IncompatibleFileError, match="was recorded with other layout"):
        record(kind, tmp_path, resume=True, heads=[0])
    with pytest.raises(IncompatibleFileError, match="was recorded with other labels"):
        record(kind, tmp_path, resume=True, position_labels=list("vwxyz"))
    with pytest.raises(IncompatibleFileError, match="was recorded on a probe of 7 rows; now it has 2; give the same probe"):
        record(kind._replace(probe=tokens()[:2]), tmp_path, resume=True)
    with pytest.raises(IncompatibleFileError, match="was recorded on another probe"):
        record(kind._replace(probe=tokens(1)), tmp_path, resume=True)
    with pytest.raises(IncompatibleFileError, match="was recorded with other settings"):
        record(kind, tmp_path, resume=True, settings={"lr": 1})
    record(kind, tmp_path, resume=True).finish()
    assert opened(tmp_path).epochs == [0]


def test_resuming_without_a_step_leaves_the_status(tmp_path: Path) -> None:
    kind = transformer("by hand")
    with record(kind, tmp_path) as recorder:
        train(kind.model, range(2), recorder)
    before = opened(tmp_path).status
    with record(kind, tmp_path, resume=True):
        pass
    assert opened(tmp_path).status == before


def test_a_script_that_ends_without_finish_ends_quietly(tmp_path: Path) -> None:
    script = f"""
import headlapse
from tests.recording.models import transformer
kind = transformer("by hand")
recorder = headlapse.record(kind.model, "mine", kind.probe, results={str(tmp_path)!r})
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Exception" not in ended.stderr
    assert opened(tmp_path).state == "failed"


def test_resuming_what_is_not_there_begins(tmp_path: Path) -> None:
    kind = transformer("by hand")
    record(kind, tmp_path, resume=True).finish()
    assert opened(tmp_path).epochs == [0]
    record(kind, tmp_path, "later", epoch=40).finish()
    assert opened(tmp_path, "later").epochs == [40]


def test_a_recorder_of_the_same_process_is_named(tmp_path: Path) -> None:
    kind = transformer("by hand")
    first = record(kind, tmp_path)
    with pytest.raises(
        BusyError, match=r"this process itself is busy \(record, since .*; end that first, a recording by finish"
    ):
        record(kind, tmp_path, resume=True)
    first.finish()
    record(kind, tmp_path, resume=True).finish()
