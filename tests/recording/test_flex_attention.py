"""`flex_attention` is recorded as the weights that its scores and masks give, computed here in float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention.flex_attention import create_block_mask, flex_attention

import headlapse
from tests.recording.loops import opened
from tests.recording.models import HEADS, LAYERS, POSITIONS, ROWS, TOKENS, tokens

WIDTH = 24


class Flex(nn.Module):
    """Layers of `attend`, a function of queries, keys and values, whose weights are those of `own`."""

    def __init__(self, attend: Callable[..., Tensor], own: Callable[[Tensor], Tensor], key_heads: int = HEADS) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.attend, self.own, self.key_heads = attend, own, key_heads
        self.embed, self.others = nn.Embedding(TOKENS, WIDTH), nn.Embedding(TOKENS, WIDTH)
        self.q, self.k = nn.ModuleList(nn.Linear(WIDTH, 16 * HEADS) for _ in range(LAYERS)), nn.ModuleList()
        self.k.extend(nn.Linear(WIDTH, 16 * key_heads) for _ in range(LAYERS))
        self.out = nn.Linear(16 * HEADS, WIDTH)

    def forward(self, tokens: Tensor, stated: list[Tensor] | None = None) -> Tensor:
        x = self.embed(tokens)
        for q_, k_ in zip(self.q, self.k, strict=True):
            q, k = q_(x).unflatten(2, (HEADS, 16)).transpose(1, 2), k_(x).unflatten(2, (self.key_heads, 16)).transpose(1, 2)
            x = x + self.out(self.mixed(q, k, stated).transpose(1, 2).flatten(2))
        return x

    def mixed(self, q: Tensor, k: Tensor, stated: list[Tensor] | None) -> Tensor:
        if stated is None:
            return self.attend(q, k, k)
        k = k.repeat_interleave(HEADS // self.key_heads, 1)
        stated.append(self.own(q.double() @ k.double().mT / math.sqrt(16)).softmax(-1).detach())
        return (stated[-1] @ k.double()).float()


def nearer(score: Tensor, _row: Tensor, head: Tensor, to: Tensor, from_: Tensor) -> Tensor:
    return score - (head + 1) * (to - from_) ** 2 / 5


def own_nearer(scores: Tensor) -> Tensor:
    places, heads = torch.arange(POSITIONS).double(), torch.arange(HEADS).double()
    return scores - (heads[:, None, None] + 1) * (places[:, None] - places) ** 2 / 5


def masked(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    mask = create_block_mask(lambda _row, _head, to, from_: from_ <= to, None, None, POSITIONS, POSITIONS, "cpu")
    return flex_attention(q, k, v, block_mask=mask, scale=0.25)


def own_masked(scores: Tensor) -> Tensor:
    return scores.masked_fill(torch.ones(POSITIONS, POSITIONS).triu(1) == 1, -math.inf)


CASES: dict[str, tuple[Callable[..., Tensor], Callable[[Tensor], Tensor], int]] = {
    "plain": (flex_attention, lambda scores: scores, HEADS),
    "scores": (lambda *parts: flex_attention(*parts, score_mod=nearer), own_nearer, HEADS),
    "mask": (masked, own_masked, HEADS),
    "grouped": (lambda *parts: flex_attention(*parts, enable_gqa=True), lambda scores: scores, 1),
    "compiled": (torch.compile(flex_attention, backend="eager"), lambda scores: scores, HEADS),
}


@pytest.mark.parametrize("case", CASES)
def test_its_weights_are_recorded(case: str, tmp_path: Path) -> None:
    made = Flex(*CASES[case])
    recorder = headlapse.record(made, "mine", tokens(), results=tmp_path)
    assert str(recorder).startswith(f"{LAYERS} layers × {HEADS} heads, flex_attention; positions {POSITIONS}")  # noqa: RUF001
    recorder.finish()
    own: list[Tensor] = []
    made(tokens(), own)
    np.testing.assert_allclose(opened(tmp_path).patterns(0), torch.cat(own, 1).permute(1, 2, 3, 0), atol=1e-6)
    assert opened(tmp_path).patterns(0).shape[-1] == ROWS
