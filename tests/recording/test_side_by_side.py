"""Attentions of equal size beside each other: layers where their sources differ, else heads of one layer, which is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import headlapse
from tests.recording.loops import opened
from tests.recording.test_layouts import HEADS, POSITIONS, TOKENS, WIDTH, tokens

SAID = "taken for heads of one layer: attentions computed one by one (in inner)"


class Inner(nn.Module):
    """Attends several times in one call, as `way` says, and states its weights `(input, head, to, from)`."""

    def __init__(self, way: Callable[..., Tensor], by_function: bool) -> None:
        super().__init__()
        self.way, self.by_function = way, by_function
        self.q, self.k, self.v, self.other = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.near, self.far = (nn.Parameter(torch.randn(POSITIONS, WIDTH)) for _ in range(2))
        self.register_buffer("early", torch.randn(POSITIONS, WIDTH))
        self.register_buffer("late", torch.randn(POSITIONS, WIDTH))
        self.stated: list[Tensor] = []

    def forward(self, *given: Any) -> Tensor:
        self.stated.clear()
        return self.way(self, *given)

    def attend(self, x: Tensor, context: Tensor, head: int | None = None) -> Tensor:
        context = context.expand(len(x), -1, -1)
        parts = (layer(each) for layer, each in ((self.q, x), (self.k, context), (self.v, context)))
        q, k, v = (each.unflatten(-1, (HEADS, -1)).transpose(1, 2) for each in parts)
        if head is not None:
            q, k, v = (each[:, [head]] for each in (q, k, v))
        with torch.no_grad(), torch._C.DisableTorchFunction():
            self.stated.append((q.double() @ k.double().mT / q.shape[-1] ** 0.5).softmax(-1))
        if self.by_function:
            return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        return ((q @ k.mT / q.shape[-1] ** 0.5).softmax(-1) @ v).transpose(1, 2).flatten(2)


class Beside(nn.Module):
    """Gives `Inner` the embedded inputs: one by one, or in a list after the first."""

    def __init__(self, way: Callable[..., Tensor], by_function: bool, is_listed: bool = False) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed, self.inner, self.is_listed = nn.Embedding(TOKENS, WIDTH), Inner(way, by_function), is_listed

    def forward(self, *inputs: Tensor) -> Tensor:
        x, *others = (self.embed(each) for each in inputs)
        return self.inner(x, others) if self.is_listed else self.inner(x, *others)


class Flat(Inner):
    """Attends in the model itself, which is given tokens."""

    def __init__(self, way: Callable[..., Tensor], by_function: bool) -> None:
        torch.manual_seed(0)
        super().__init__(way, by_function)
        self.embed = nn.Embedding(TOKENS, WIDTH)

    def forward(self, *given: Tensor) -> Tensor:
        return super().forward(*(self.embed(each) for each in given))


def streams(inner: Inner, x: Tensor, other: Tensor) -> Tensor:
    return inner.attend(x, x) + inner.attend(other, other)


def self_and_cross(inner: Inner, x: Tensor, other: Tensor) -> Tensor:
    return inner.attend(x, x) + inner.attend(x, other)


def each_to_the_other(inner: Inner, x: Tensor, other: Tensor) -> Tensor:
    return torch.cat([inner.attend(x, other), inner.attend(other, x)], dim=-1)


def memories(inner: Inner, x: Tensor, one: Tensor, other: Tensor) -> Tensor:
    return torch.cat([inner.attend(x, one), inner.attend(x, other)], dim=-1)


def listed(inner: Inner, x: Tensor, others: Sequence[Tensor]) -> Tensor:
    return sum(inner.attend(x, each) for each in others)  # type: ignore[return-value]


def parameters(inner: Inner, x: Tensor) -> Tensor:
    return inner.attend(x, inner.near) + inner.attend(x, inner.far)


def buffers(inner: Inner, x: Tensor) -> Tensor:
    return inner.attend(x, inner.early) + inner.attend(x, inner.late)


WAYS = [(streams, 2), (self_and_cross, 2), (each_to_the_other, 2), (memories, 3), (parameters, 1), (buffers, 1)]


def check(model: nn.Module, inner: Inner, count: int, results: Path) -> list[str]:
    """Record both layers, compare them with what the model states, and return their kinds."""
    probe = tuple(tokens(seed=seed) for seed in range(count))
    kinds = []
    for layer in range(2):
        recorder = headlapse.record(model, f"layer_{layer}", probe, results=results, layers=[layer])
        recorder.finish()
        kinds = [each.shape.kind for each in recorder.observer.found]
        model(*probe)
        own = inner.stated[layer].permute(1, 2, 3, 0)
        np.testing.assert_allclose(opened(results, f"layer_{layer}").patterns(0), own, atol=1e-6)
    assert len(kinds) == 2
    return kinds


@pytest.mark.parametrize("by_function", [False, True])
@pytest.mark.parametrize(("way", "count"), WAYS)
def test_attentions_with_other_sources_are_layers(
    way: Callable[..., Tensor], count: int, by_function: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, flat = Beside(way, by_function), Flat(way, by_function)
    kinds = check(made, made.inner, count, tmp_path / "module"), check(flat, flat, count, tmp_path / "flat")
    assert kinds[0] == kinds[1]
    assert kinds[0] == {self_and_cross: ["self", "cross"], streams: ["self", "self"]}.get(way, kinds[0])
    assert SAID not in capsys.readouterr().err


def test_memories_in_a_list_are_layers(tmp_path: Path) -> None:
    made = Beside(listed, by_function=True, is_listed=True)
    check(made, made.inner, 3, tmp_path)


@pytest.mark.parametrize("by_function", [False, True])
def test_heads_of_two_layers_in_turns_are_heads_of_their_layers(by_function: bool, tmp_path: Path) -> None:
    def in_turns(inner: Inner, x: Tensor, other: Tensor) -> Tensor:
        found = [(inner.attend(x, x, head), inner.attend(x, other, head)) for head in range(HEADS)]
        inner.stated[:] = [torch.cat(inner.stated[layer::2], dim=1) for layer in range(2)]
        return torch.cat([torch.cat(each, dim=-1) for each in found], dim=-1)

    made = Beside(in_turns, by_function)
    assert check(made, made.inner, 2, tmp_path) == ["self", "cross"]


def test_attentions_of_the_same_input_are_said_to_be_taken_for_heads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def twice(inner: Inner, x: Tensor) -> Tensor:
        first = inner.attend(x, x)
        inner.q, inner.other = inner.other, inner.q
        return first + inner.attend(x, x)

    made = Beside(twice, by_function=True)
    headlapse.record(made, "mine", tokens(), results=tmp_path).finish()
    assert opened(tmp_path).head_labels == tuple(f"Head {head}" for head in range(2 * HEADS))
    assert f"; {SAID}" in capsys.readouterr().err.splitlines()[0]


class Split(Inner):
    """Mixes two halves of the features of its values with the same weights, or with others."""

    def __init__(self, scale: float) -> None:
        torch.manual_seed(0)
        super().__init__(lambda *_: None, by_function=True)
        self.embed, self.scale = nn.Embedding(TOKENS, WIDTH), scale

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens)
        q, k, v = (layer(x).unflatten(-1, (HEADS, -1)).transpose(1, 2) for layer in (self.q, self.k, self.v))
        self.stated = [(q * each @ k.mT / q.shape[-1] ** 0.5).softmax(-1).detach() for each in (1, self.scale)]
        one, other = v.chunk(2, dim=-1)
        first = F.scaled_dot_product_attention(q, k, one, is_causal=False)
        if self.scale != 1:
            q.mul_(self.scale)
        return torch.cat([first, F.scaled_dot_product_attention(q, k, other)], dim=-1)


@pytest.mark.parametrize("scale", [1, 2])
def test_the_same_weights_for_other_values_are_recorded_once(
    scale: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Split(scale)
    headlapse.record(made, "mine", tokens(), results=tmp_path).finish()
    made(tokens())
    own = torch.cat(made.stated[: 1 if scale == 1 else 2], dim=1)
    np.testing.assert_allclose(opened(tmp_path).patterns(0), own.permute(1, 2, 3, 0), atol=1e-6)
    assert ("; recorded once: weights that 1 product uses again" in capsys.readouterr().err) == (scale == 1)


def test_modules_beside_each_other_that_have_several_heads_are_layers(tmp_path: Path) -> None:
    class Parallel(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(TOKENS, WIDTH)
            self.parts = nn.ModuleList(nn.MultiheadAttention(WIDTH, HEADS, batch_first=True) for _ in range(2))

        def forward(self, tokens: Tensor) -> Tensor:
            x = self.embed(tokens)
            return sum(part(x, x, x)[0] for part in self.parts)  # type: ignore[return-value]

    made = Parallel()
    headlapse.record(made, "mine", tokens(), results=tmp_path).finish()
    assert opened(tmp_path).head_labels == tuple(f"L{layer}H{head}" for layer in range(2) for head in range(HEADS))
    x = made.embed(tokens())
    own = torch.cat([part(x, x, x, average_attn_weights=False)[1] for part in made.parts], 1).detach()
    np.testing.assert_allclose(opened(tmp_path).patterns(0), own.permute(1, 2, 3, 0), atol=1e-6)


def test_heads_by_a_module_without_weights_are_one_layer(tmp_path: Path) -> None:
    class Compared(nn.Module):
        def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            return (q @ k.mT).softmax(-1) @ v

    class Layer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.embed, self.parts, self.compared = nn.Embedding(TOKENS, WIDTH), nn.Linear(WIDTH, 3 * WIDTH), Compared()

        def forward(self, tokens: Tensor) -> Tensor:
            return torch.cat([self.compared(*parts) for parts in self.heads(tokens)], dim=-1)

        def heads(self, tokens: Tensor) -> list[tuple[Tensor, ...]]:
            q, k, v = (each.chunk(HEADS, -1) for each in self.parts(self.embed(tokens)).chunk(3, -1))
            return list(zip(q, k, v, strict=True))

    made = Layer()
    recorder = headlapse.record(made, "mine", tokens(), results=tmp_path)
    recorder.finish()
    assert str(recorder) == "1 layer \u00d7 3 heads, softmax; positions 5"
    own = torch.stack([(q.double() @ k.double().mT).softmax(-1) for q, k, _ in made.heads(tokens())]).detach()
    np.testing.assert_allclose(opened(tmp_path).patterns(0), own.permute(0, 2, 3, 1), atol=1e-6)


def test_heads_with_distances_of_their_own_are_one_layer(tmp_path: Path) -> None:
    class Head(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts, self.distances = nn.Linear(WIDTH, 3 * WIDTH // HEADS), nn.Embedding(9, WIDTH // HEADS)
            self.pattern = nn.Identity()

        def forward(self, x: Tensor) -> Tensor:
            q, k, v = self.parts(x).chunk(3, -1)
            places = torch.arange(x.shape[1])
            far = self.distances(places[:, None] - places + 4)
            return self.pattern((torch.einsum("bqd,qkd->bqk", q, far) + q @ k.mT).softmax(-1)) @ (v + far.mean(0))

    class Layer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.embed, self.heads = nn.Embedding(TOKENS, WIDTH), nn.ModuleList(Head() for _ in range(HEADS))

        def forward(self, tokens: Tensor) -> Tensor:
            x = self.embed(tokens)
            return torch.cat([head(x) for head in self.heads], dim=-1)

    made, own = Layer(), []
    headlapse.record(made, "mine", tokens(), results=tmp_path).finish()
    assert opened(tmp_path).head_labels == tuple(f"Head {head}" for head in range(HEADS))
    for head in made.heads:
        head.pattern.register_forward_hook(lambda *call: own.append(call[-1].detach()))
    made(tokens())
    np.testing.assert_allclose(opened(tmp_path).patterns(0), torch.stack(own).permute(0, 2, 3, 1), atol=1e-6)
