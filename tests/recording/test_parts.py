"""Heads computed one by one are one layer; attention computed for one part of the positions after the other is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import headlapse
from headlapse.errors import InvalidValueError
from tests.recording.loops import opened
from tests.recording.test_layouts import (
    HEADS,
    LAYERS,
    POSITIONS,
    ROWS,
    TOKENS,
    WIDTH,
    Layer,
    Model,
    Way,
    inputs_then_heads,
    model,
    recorded,
    scores,
    stated,
    tokens,
)

LABELS = tuple(f"L{layer}H{head}" for layer in range(LAYERS) for head in range(HEADS))
LENGTH = 6


def one_head(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Queries, keys and values `(input, position, feature)`."""
    return (q @ k.mT / q.shape[-1] ** 0.5).softmax(-1) @ v


def in_a_list(_layer: Layer, *parts: Tensor) -> Tensor:
    return torch.stack([one_head(*(each[:, :, head] for each in parts)) for head in range(HEADS)], dim=2)


def in_a_buffer(_layer: Layer, *parts: Tensor) -> Tensor:
    mixed = torch.empty_like(parts[2])
    for head in range(HEADS):
        mixed[:, :, head].copy_(one_head(*(each[:, :, head] for each in parts)))
    return mixed


def by_function(_layer: Layer, *parts: Tensor) -> Tensor:
    heads = (each.unbind(2) for each in parts)
    return torch.stack([F.scaled_dot_product_attention(*each) for each in zip(*heads, strict=True)], dim=2)


def by_module(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    softmax = nn.Softmax(dim=-1)
    heads = (each.unbind(2) for each in (q / q.shape[-1] ** 0.5, k, v))
    return torch.stack([softmax(a @ b.mT) @ c for a, b, c in zip(*heads, strict=True)], dim=2)


def input_by_input(_layer: Layer, *parts: Tensor) -> Tensor:
    parts = tuple(each.transpose(1, 2) for each in parts)
    return torch.stack([F.scaled_dot_product_attention(*each) for each in zip(*parts, strict=True)]).transpose(1, 2)


@pytest.mark.parametrize("rows", [ROWS, HEADS, POSITIONS])
@pytest.mark.parametrize("way", [in_a_list, in_a_buffer, by_function, by_module, input_by_input])
def test_parts_of_a_layer_are_one_layer(way: Way, rows: int, tmp_path: Path) -> None:
    made, probe = model(way), tokens(rows)
    np.testing.assert_allclose(recorded(made, probe, tmp_path), stated(made, probe), atol=1e-6)
    assert opened(tmp_path).head_labels == LABELS


def test_an_input_after_the_other_in_another_order_is_refused(tmp_path: Path) -> None:
    def sorted_(layer: Layer, *parts: Tensor) -> Tensor:
        order = parts[0].sum((1, 2, 3)).argsort()
        return input_by_input(layer, *(each[order] for each in parts))[order.argsort()]

    with pytest.raises(InvalidValueError, match=r"layers\.0 cannot be read: the model reorders its inputs"):
        headlapse.record(model(sorted_), "mine", tokens(), results=tmp_path)


class Head(nn.Module):
    """One head of its own, as in teaching code."""

    def __init__(self) -> None:
        super().__init__()
        self.parts, self.pattern = nn.Linear(WIDTH, 3 * WIDTH // HEADS), nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.parts(x).chunk(3, -1)
        return self.pattern(F.softmax(q @ k.mT, dim=-1)) @ v


class Heads(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.heads, self.out = nn.ModuleList(Head() for _ in range(HEADS)), nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(torch.cat([head(x) for head in self.heads], dim=-1))


def test_heads_that_are_modules_are_one_layer(tmp_path: Path) -> None:
    made, own = Model(Heads(), Heads()), []
    for module in made.modules():
        if isinstance(module, Head):
            module.pattern.register_forward_hook(lambda *call: own.append(call[-1].detach()))
    recorder = headlapse.record(made, "mine", tokens(), results=tmp_path)
    assert [layer.name for layer in recorder.observer.found] == ["layers.0.heads", "layers.1.heads"]
    recorder.finish()
    own.clear()
    made(tokens())
    np.testing.assert_allclose(opened(tmp_path).patterns(0), torch.stack(own).permute(0, 2, 3, 1), atol=1e-6)
    assert opened(tmp_path).head_labels == LABELS


def test_layers_in_one_module_stay_layers(tmp_path: Path) -> None:
    class AtOnce(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.embed, self.parts = nn.Embedding(TOKENS, WIDTH), nn.Parameter(torch.randn(LAYERS, WIDTH, 3 * WIDTH) / 3)

        def forward(self, tokens: Tensor) -> Tensor:
            x = self.embed(tokens)
            for parts in self.parts:
                x += one_head(*(x @ parts).chunk(3, -1))
            return x

    headlapse.record(AtOnce(), "mine", tokens(), results=tmp_path).finish()
    assert opened(tmp_path).head_labels == ("L0H0", "L1H0")


def test_two_inputs_one_after_the_other_stay_layers(tmp_path: Path) -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model(inputs_then_heads)

        def forward(self, one: Tensor, other: Tensor) -> Tensor:
            return self.inner(one) + self.inner(other)

    made = Twice()
    headlapse.record(made, "mine", (tokens(), tokens(seed=5)), results=tmp_path).finish()
    own = np.concatenate([stated(made.inner, each) for each in (tokens(), tokens(seed=5))])
    np.testing.assert_allclose(opened(tmp_path).patterns(0), own, atol=1e-6)


def attended(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.einsum("bhqk,bkhd->bqhd", scores(q, k).softmax(-1), v)


def queries_in_chunks(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.cat([attended(each, k, v) for each in q.split(3, 1)], dim=1)


def uneven_chunks_by_function(_layer: Layer, *parts: Tensor) -> Tensor:
    q, k, v = (each.transpose(1, 2) for each in parts)
    return torch.cat([F.scaled_dot_product_attention(each, k, v) for each in q.split(4, 2)], dim=2).transpose(1, 2)


def windows(_layer: Layer, *parts: Tensor) -> Tensor:
    each = zip(*(part.split(2, 1) for part in parts), strict=True)
    return torch.cat([attended(q, k, v) for q, k, v in each], dim=1)


def windows_along_an_axis(_layer: Layer, *parts: Tensor) -> Tensor:
    q, k, v = (each.unflatten(1, (-1, 2)).transpose(2, 3) for each in parts)  # (input, window, head, position, feature)
    return ((q @ k.mT).softmax(-1) @ v).transpose(2, 3).flatten(1, 2)


def chunks_that_attend_to_two(_layer: Layer, *parts: Tensor) -> Tensor:
    q, k, v = (each.transpose(1, 2).unflatten(2, (-1, 2)) for each in parts)  # (input, head, chunk, position, feature)
    k, v = (torch.cat([each.roll(1, 2), each], 3) for each in (k, v))
    return F.scaled_dot_product_attention(q, k, v).flatten(2, 3).transpose(1, 2)


def token_by_token(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    past = range(1, LENGTH + 1)
    return torch.cat([attended(q[:, end - 1 : end], k[:, :end], v[:, :end]) for end in past], dim=1)


def keys_in_blocks(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    blocks = [(scores(q, each), other) for each, other in zip(k.split(3, 1), v.split(3, 1), strict=True)]
    shares = torch.stack([each.logsumexp(-1) for each, _ in blocks]).softmax(0).mT
    mixed = torch.stack([torch.einsum("bhqk,bkhd->bqhd", each.softmax(-1), other) for each, other in blocks])
    return (shares.unsqueeze(-1) * mixed).sum(0)


IN_PARTS = [
    *(queries_in_chunks, uneven_chunks_by_function, windows, windows_along_an_axis, chunks_that_attend_to_two),
    *(token_by_token, keys_in_blocks),
]


@pytest.mark.parametrize("way", IN_PARTS)
def test_parts_of_a_sequence_are_refused_and_a_function_gives_them(way: Way, tmp_path: Path) -> None:
    made = model(way)
    probe = torch.randint(TOKENS, (ROWS, LENGTH), generator=torch.Generator().manual_seed(0))
    made.place = nn.Embedding(LENGTH, WIDTH)
    with pytest.raises(
        InvalidValueError, match=r"layers\.0 cannot be read: it is computed in parts of . positions that attend"
    ):
        headlapse.record(made, "mine", probe, results=tmp_path)
    assert list(tmp_path.iterdir()) == []

    def own(model: Model, inputs: Tensor) -> Tensor:
        model(inputs)
        return torch.stack([layer.stated[-1] for layer in model.layers])

    found = recorded(made, probe, tmp_path, attention=own)
    np.testing.assert_allclose(found, stated(made, probe), atol=1e-6)


def test_a_model_that_reads_token_by_token_asks_which(tmp_path: Path) -> None:
    class Reading(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.embed, self.inner = nn.Embedding(TOKENS, WIDTH), nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)

        def forward(self, tokens: Tensor) -> Tensor:
            x = self.embed(tokens)
            return torch.cat([self.inner(x[:, end - 1 : end], x[:, :end], x[:, :end])[0] for end in range(1, 6)], dim=1)

    made = Reading()
    with pytest.raises(InvalidValueError, match=r"several kinds of attention: .*; choose by layers=\[...\]"):
        headlapse.record(made, "mine", tokens(), results=tmp_path)
    found = recorded(made, tokens(), tmp_path, layers=[4])
    x = made.embed(tokens())
    own = made.inner(x[:, -1:], x, x, average_attn_weights=False)[1]
    np.testing.assert_allclose(found, own.detach().permute(1, 2, 3, 0), atol=1e-6)
