"""A recorded training: what is on the disk is what the model was, and the training is what it would have been."""

from __future__ import annotations

import copy
import random
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import headlapse
from headlapse.errors import BusyError, IncompatibleFileError, InvalidValueError
from headlapse.families.axes import Axis
from headlapse.recording import Recorder
from headlapse.results.integrity import inspect
from headlapse.workbench import RecordedRun
from tests.recording.models import (
    HEADS,
    LAYERS,
    POSITIONS,
    ROWS,
    TOKENS,
    Kind,
    own_patterns,
    tokens,
    torch_encoder,
    transformer,
)

STEPS = 12


def loss_of(model: nn.Module, batch: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(model(batch).flatten(0, 1), batch.flatten())


def train(
    model: nn.Module, steps: range = range(STEPS), recorder: Recorder | None = None, seen: dict | None = None
) -> list[float]:
    """Train with dropout on, batches that torch draws, and whatever `recorder` does after each step."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    model.train()
    losses = []
    for step in steps:
        batch = torch.randint(TOKENS, (4, POSITIONS))
        optimizer.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if recorder is not None:
            recorder.step(step, train_loss=loss, test_loss=loss.item() / 2, **{"grad norm": step})
        if seen is not None:
            seen[step + 1] = copy.deepcopy(model)
    return losses


def record(kind: Kind, results: Path, name: str = "mine", **options: Any) -> Recorder:
    return headlapse.record(kind.model, name, kind.probe, results=results, **{"schedule": 5, **options})


def patterns_of(model: nn.Module, probe: torch.Tensor) -> np.ndarray:
    own = torch.cat(own_patterns(model, probe), dim=1)
    return own.permute(1, 2, 3, 0).numpy()


def opened(results: Path, name: str = "mine") -> RecordedRun:
    return headlapse.load_variant(results / "recorded" / name)  # type: ignore[return-value]


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


TRAININGS = {
    **{how: lambda how=how: transformer(how) for how in ("by hand", "function", "grouped", "dropout at evaluation")},
    "encoder": torch_encoder,
}


@pytest.mark.parametrize("name", TRAININGS)
def test_a_recorded_training_is_bit_for_bit_the_same(name: str, tmp_path: Path) -> None:
    """Fifty steps with dropout; one module is in evaluation mode while the others train."""
    first = TRAININGS[name]()  # with it everything is loaded; the type checks of the tests draw numbers while it is
    with record(first, tmp_path / "first", schedule=1) as recorder:
        train(first.model, range(1), recorder)
    found = []
    for is_recorded in (False, True):
        kind = TRAININGS[name]()
        frozen = [module for module in kind.model.modules() if isinstance(module, nn.Dropout)][:1]
        torch.manual_seed(5)
        np.random.seed(5)
        random.seed(5)
        recorder = record(kind, tmp_path, schedule=1, checkpoints=True) if is_recorded else None
        losses = train(kind.model, range(50), recorder)
        weights = {name: tensor.clone() for name, tensor in kind.model.state_dict().items()}
        found.append((losses, weights, torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()))
        for module in frozen:
            assert module.training
        if recorder is not None:
            assert opened(tmp_path).epochs == list(range(51))
            recorder.finish()
    plain, recorded = found
    assert [loss.hex() for loss in plain[0]] == [loss.hex() for loss in recorded[0]]
    assert all(torch.equal(tensor, recorded[1][name]) for name, tensor in plain[1].items())
    assert torch.equal(plain[2], recorded[2]) and plain[3:] == recorded[3:]


def test_a_capture_leaves_modes_gradients_buffers_and_kernels_as_they_were(tmp_path: Path) -> None:
    class Counting(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            super().__init__()
            self.inner, self.frozen = inner, nn.BatchNorm1d(3).eval()
            self.register_buffer("calls", torch.zeros(1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return self.inner(x)

    kind = transformer("function")
    model = Counting(kind.model).train()
    model.frozen.eval()
    loss_of(model, tokens(3)).backward()
    next(model.parameters()).requires_grad_(False)
    before = {name: parameter.grad.clone() for name, parameter in model.named_parameters() if parameter.grad is not None}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        recorder = headlapse.record(model, "counting", kind.probe, results=tmp_path, schedule=1)
        loss = loss_of(model, tokens(4))
        recorder.step(0)
        loss.backward()
    recorder.finish()
    assert [module for module in model.modules() if not module.training] == [model.frozen]
    assert model.calls.item() == 2 and torch.backends.mha.get_fastpath_enabled()
    assert not next(model.parameters()).requires_grad
    assert all(not torch.equal(before[name], parameter.grad) for name, parameter in model.named_parameters() if "out" in name)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
    assert inspect(opened(tmp_path, "counting")) == []


class MergingLinear(nn.Linear):
    """Adds a part to its weights at evaluation and takes it off again at training, as layers of LoRA do."""

    def __init__(self, width: int) -> None:
        super().__init__(width, width)
        self.part = nn.Parameter(torch.rand(width, width))

    def train(self, mode: bool = True) -> MergingLinear:
        self.weight.data += (-1 if mode else 1) * self.part * (mode != self.training)
        return super().train(mode)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, self.weight + self.part if self.training else self.weight, self.bias)


class Normed(nn.Linear):
    """Normalizes its weights in each forward pass."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            self.weight.div_(self.weight.norm(dim=1, keepdim=True))
        return super().forward(x)


class Writing(nn.Module):
    """Changes buffers and parameters in each forward pass, in every way."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner, self.words, self.normed = inner, nn.Embedding(TOKENS, TOKENS, max_norm=0.5), Normed(TOKENS, TOKENS)
        self.merging, self.norm = MergingLinear(TOKENS), nn.BatchNorm1d(TOKENS)
        for name in ("replaced", "by_data", "in_place"):
            self.register_buffer(name, torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.replaced = self.replaced + 1
        self.by_data.data.add_(1)
        self.in_place += 1
        y = self.merging(self.normed(self.inner(x) + self.words(x))) * (self.replaced + self.by_data + self.in_place)
        return self.norm(y.transpose(1, 2)).transpose(1, 2)


def test_what_a_forward_pass_writes_is_as_before_after_a_capture(tmp_path: Path) -> None:
    kind = transformer("function")
    model = Writing(kind.model).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    buffers = [id(buffer) for buffer in model.buffers()]
    recorder = headlapse.record(model, "writing", kind.probe, results=tmp_path)
    for _ in range(2):
        assert [name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])] == []
        recorder.capture()
    assert [id(buffer) for buffer in model.buffers()] == buffers and model.merging.training
    recorder.finish()


def test_a_cache_that_a_capture_made_longer_stays_so(tmp_path: Path) -> None:
    class Cached(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            super().__init__()
            self.inner, self.length = inner, 0
            self.register_buffer("places", torch.zeros(0))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if x.shape[1] > self.length:
                self.length, self.places = x.shape[1], torch.zeros(x.shape[1])
            return self.inner(x) + self.places[: x.shape[1], None]

    kind = transformer("function")
    model = Cached(kind.model)
    headlapse.record(model, "cached", kind.probe, results=tmp_path).finish()
    model(kind.probe)


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
    assert rows == [2, 3, 3, 3, 1], "two looks, then the capture"
    np.testing.assert_allclose(opened(tmp_path).patterns(0), patterns_of(kind.model, kind.probe), atol=1e-6)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "heads": ({"heads": [6]}, "heads 6 does not exist; there are 6, 0 to 5"),
    "twice": ({"heads": [0, -6]}, "heads must not repeat a number"),
    "layers": ({"layers": [2]}, "each of layers must be a whole number from 0 to 1"),
    "one layer": ({"layers": 1}, "layers must be a list of layers"),
    "no layer": ({"layers": []}, "layers is empty"),
    "settings": ({"settings": {"lr": np.float32(1)}}, "settings lr must be a finite number, a text"),
    "NaN in settings": ({"settings": {"lr": float("nan")}}, "settings lr must be a finite number"),
    "axes": ({"axes": {"a": 2, "b": 3}}, r"the axes \(a 2 x b 3\) must enumerate the 7 rows"),
    "labels": ({"position_labels": ["a"]}, "position_labels must be 5 labels"),
    "dtype": ({"dtype": "bfloat16"}, "dtype must be float32 or float16"),
    "reduce": ({"reduce": "max"}, "reduce must be none or mean"),
    "schedule": ({"schedule": "often"}, 'schedule must be a number of epochs, "log", "adaptive" or a list'),
    "every": ({"schedule": 0}, "schedule must be a whole number >= 1"),
    "resume": ({"resume": 1}, "resume must be True or False"),
    "sides": ({"positions": {"of": [1]}}, "unknown side of positions 'of'; known: from, to"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_before_anything_is_written(case: str, tmp_path: Path) -> None:
    options, words = WRONG[case]
    with pytest.raises(headlapse.HeadlapseError, match=words):
        record(transformer("by hand"), tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", 7])
def test_a_name_is_a_name(name: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="a name must be"):
        record(transformer("by hand"), tmp_path, name)


def test_scalars_must_be_numbers(tmp_path: Path) -> None:
    with record(transformer("by hand"), tmp_path) as recorder:
        for wrong in ("high", torch.ones(2), [1], object()):
            with pytest.raises(InvalidValueError, match="loss must be a number, or a tensor of one number"):
                recorder.step(0, loss=wrong)
        recorder.step(0, loss=None, nothing=float("nan"), much=torch.tensor(float("inf")), whole=np.float32(2))
        for arguments in ({}, {"step": 1, "epoch": 2}):
            with pytest.raises(InvalidValueError, match="give the step"):
                recorder.step(**arguments)
    run = opened(tmp_path)
    assert set(run.scalars) == {"nothing", "much", "whole"} and run.scalars["much"].at(1) == float("inf")


def test_too_much_is_refused_with_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = transformer("by hand")
    monkeypatch.setattr("headlapse.recording.limits.free_memory", lambda: 1000)
    with pytest.raises(
        InvalidValueError, match=r"one capture needs 0\.0 MB of memory .*6 heads, 5 . 5 positions, 7 inputs.*float16"
    ):
        record(kind, tmp_path)
    monkeypatch.setattr("headlapse.recording.limits.free_memory", lambda: None)
    monkeypatch.setattr("headlapse.recording.limits.free_bytes", lambda _: 1000)
    with pytest.raises(InvalidValueError, match=r"4 captures need at least 0\.0 MB and .* free"):
        record(kind, tmp_path, schedule=[1, 2, 3])
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_changes_its_attention_is_named(tmp_path: Path) -> None:
    kind = transformer("by hand")
    recorder = record(kind, tmp_path, schedule=1)
    kind.model.layers = kind.model.layers[:1]
    with pytest.raises(InvalidValueError, match=r"the model now has 1 layer .* when the recording began it had 2 layers"):
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
