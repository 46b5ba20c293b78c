"""A recorded training is bit for bit what it would have been, and a capture leaves everything as it was."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import headlapse
from headlapse.results.integrity import inspect
from tests.recording.loops import loss_of, opened, record, train
from tests.recording.models import TOKENS, tokens, torch_encoder, transformer

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
