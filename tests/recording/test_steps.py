"""A recurrent decoder attends once per step; its steps are the positions of one layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.recording.loops import opened
from tests.recording.test_layouts import POSITIONS, ROWS, TOKENS, WIDTH, recorded, tokens

STEPS = 4
Attend = Callable[["Decoder", Tensor, Tensor], Tensor]  # a state `(input, feature)` to a memory: `(input, feature)`


def by_hand(decoder: Decoder, state: Tensor, memory: Tensor) -> Tensor:
    return ((decoder.query(state)[:, None] @ memory.mT).softmax(-1) @ memory)[:, 0]


def by_function(decoder: Decoder, state: Tensor, memory: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(decoder.query(state)[:, None], memory, memory, scale=1.0)[:, 0]


def without_an_axis_of_queries(decoder: Decoder, state: Tensor, memory: Tensor) -> Tensor:
    scores = torch.bmm(memory, decoder.query(state).unsqueeze(2)).squeeze(2)
    weights = F.softmax(scores.masked_fill(torch.zeros_like(scores) > 0, -torch.inf), dim=1)
    return torch.bmm(weights.unsqueeze(1), memory).squeeze(1)


def by_einsum(decoder: Decoder, state: Tensor, memory: Tensor) -> Tensor:
    weights = torch.einsum("id,ikd->ik", decoder.query(state), memory).softmax(-1)
    return torch.einsum("ik,ikd->id", weights, memory)


class Attention(nn.Module):
    """The same in a module of its own."""

    def forward(self, state: Tensor, memory: Tensor) -> Tensor:
        return (state @ memory.mT).softmax(-1) @ memory


def by_module(decoder: Decoder, state: Tensor, memory: Tensor) -> Tensor:
    return decoder.attention(decoder.query(state)[:, None], memory)[:, 0]


class Decoder(nn.Module):
    """Its state takes what it attended to, as in the translation of sequences."""

    def __init__(self, attend: Attend) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.attend, self.attention = attend, Attention()
        self.embed, self.query, self.update = nn.Embedding(TOKENS, WIDTH), nn.Linear(WIDTH, WIDTH), nn.GRUCell(2 * WIDTH, WIDTH)
        self.encoder, self.stated = nn.GRU(WIDTH, WIDTH, batch_first=True), [torch.empty(0)]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, state = self.encoder(self.embed(source))
        state, self.stated = state[0], []
        for step in range(1, target.shape[1]):
            with torch.no_grad(), torch._C.DisableTorchFunction():
                scores = self.query(state).double()[:, None] @ memory.double().mT
                self.stated.append(scores.softmax(-1))
            mixed = self.attend(self, state, memory)
            state = self.update(torch.cat([self.embed(target[:, step]), mixed], -1), state)
        return state


PROBE = (tokens(), tokens(seed=1).repeat(1, 2)[:, : STEPS + 1])


@pytest.mark.parametrize("attend", [by_hand, by_function, by_module, without_an_axis_of_queries, by_einsum])
def test_the_steps_of_a_recurrent_decoder_are_the_positions_of_one_layer(
    attend: Attend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Decoder(attend)
    found = recorded(made, PROBE, tmp_path)
    made(*PROBE)
    np.testing.assert_allclose(found, torch.cat(made.stated, 1).permute(1, 2, 0).numpy()[None], atol=1e-6)
    line = capsys.readouterr().err.splitlines()[0]
    assert "1 layer × 1 head" in line and "; cross attention, 4 positions to 5; taken" in line  # noqa: RUF001
    assert line.endswith("taken for positions of one layer: attentions computed one after the other (in the model)")


def test_a_weighted_mean_and_gates_of_experts_are_no_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Gated(Decoder):
        def forward(self, source: Tensor, target: Tensor) -> Tensor:
            x = self.embed(source)
            pooled = torch.einsum("ik,ikd->id", (source > 0).to(x.dtype), x)
            experts = torch.einsum("id,de->ide", pooled, self.query.weight)
            return super().forward(source, target) + torch.einsum("ie,ied->id", pooled.softmax(-1), experts)

    recorded(Gated(by_hand), PROBE, tmp_path)
    assert opened(tmp_path).patterns(0).shape == (1, STEPS, POSITIONS, ROWS)
    assert "not read as attention and not recorded: 1 softmax or product of scores (in the model)" in capsys.readouterr().err
