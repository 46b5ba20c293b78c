"""Slot attention: a softmax over slots, whose weights are normalized over inputs before they multiply the values."""

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

SLOTS, ITERATIONS = 4, 3


def divided(weights: Tensor) -> Tensor:
    weights = weights + 1e-8
    return weights / weights.sum(dim=-1, keepdim=True)


def divided_in_place(weights: Tensor) -> Tensor:
    weights = weights + 1e-8
    weights /= weights.sum(dim=-1)[..., None].expand_as(weights)
    return weights


def normalized(weights: Tensor) -> Tensor:
    return F.normalize(weights + 1e-8, p=1, dim=-1)


class Slots(nn.Module):
    def __init__(self, normalize: Callable[[Tensor], Tensor], slots: int) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.normalize, self.embed, self.first = (
            normalize,
            nn.Embedding(TOKENS, WIDTH),
            nn.Parameter(torch.randn(1, slots, WIDTH)),
        )
        self.q, self.k, self.v, self.update = *(nn.Linear(WIDTH, WIDTH) for _ in range(3)), nn.GRUCell(WIDTH, WIDTH)
        self.stated: list[Tensor] = []

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens)
        slots, k, v = self.first.expand(len(x), -1, -1), self.k(x), self.v(x)
        self.stated = []
        for _ in range(ITERATIONS):
            q = self.q(slots)
            weights = self.normalize(torch.einsum("bid,bjd->bij", q, k).softmax(dim=1))
            with torch.no_grad(), torch._C.DisableTorchFunction():
                own = (q.double() @ k.double().mT).softmax(1)
                self.stated.append(own / own.sum(-1, keepdim=True))
            slots = self.update(torch.einsum("bjd,bij->bid", v, weights).flatten(0, 1), slots.flatten(0, 1)).view(q.shape)
        return slots


@pytest.mark.parametrize("slots", [SLOTS, POSITIONS, ROWS])
@pytest.mark.parametrize("normalize", [divided, divided_in_place, normalized])
def test_every_iteration_is_a_layer(
    normalize: Callable[[Tensor], Tensor], slots: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Slots(normalize, slots)
    found = recorded(made, tokens(), tmp_path)
    made(tokens())
    np.testing.assert_allclose(found, torch.stack(made.stated).permute(0, 2, 3, 1).numpy(), atol=1e-6)
    assert opened(tmp_path).head_labels == ("L0H0", "L1H0", "L2H0")
    assert "not read" not in capsys.readouterr().err


def test_a_softmax_over_slots_alone_is_said_and_not_recorded(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no attention was found in Slots; not read as attention: 3 softmaxes"):
        recorded(Slots(lambda weights: weights, SLOTS), tokens(), tmp_path)
