"""The weights of one input are never recorded as those of another: a model that reorders its inputs is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from headlapse.errors import InvalidValueError
from headlapse.recording.order import another_order
from headlapse.recording.probes import Probe
from tests.recording.test_layouts import (
    LAYERS,
    POSITIONS,
    ROWS,
    TOKENS,
    WIDTH,
    Layer,
    Model,
    heads_first,
    heads_first_by_function,
    inputs_then_heads,
    model,
    recorded,
    scores,
    stated,
    to_before_heads,
    tokens,
)

REFUSED = r"^the attention of [^\n]* cannot be read: the model reorders its inputs[^\n]*pass attention=[^\n]*$"


def padded(lengths: list[int]) -> Tensor:
    """Rows without repetition: each begins with a token of its own, and ends with zeros."""
    rows = torch.randint(1, TOKENS, (len(lengths), POSITIONS), generator=torch.Generator().manual_seed(4))
    rows[:, 0] = 1 + torch.arange(len(lengths)) % (TOKENS - 1)
    return rows * (torch.arange(POSITIONS) < torch.tensor(lengths)[:, None])


def longest_first(tokens: Tensor) -> Tensor:
    return (tokens != 0).sum(1).argsort(descending=True, stable=True)


def reversed_(tokens: Tensor) -> Tensor:
    return torch.arange(len(tokens)).flip(0)


def shifted(tokens: Tensor) -> Tensor:
    return torch.arange(len(tokens)).roll(1)


class Reordering(nn.Module):
    """Computes its inputs in another order, and returns the results in their own."""

    def __init__(self, inner: Any, order: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.inner, self.order = inner, order

    def forward(self, tokens: Tensor) -> Tensor:
        order = self.order(tokens)
        return self.inner(tokens[order])[order.argsort()]


@pytest.mark.parametrize("lengths", [[3, 5, 4, 2], [5, 5, 5, 5, 5, 2, 4, 5], [4, 2]])
@pytest.mark.parametrize("order", [longest_first, reversed_, shifted])
@pytest.mark.parametrize("way", [heads_first, heads_first_by_function, inputs_then_heads])
def test_a_model_that_reorders_its_inputs_is_refused(
    way: Callable, order: Callable, lengths: list[int], tmp_path: Path
) -> None:
    made, probe = Reordering(model(way), order), padded(lengths)
    if bool((order(probe) == torch.arange(len(probe))).all()):
        assert lengths == [4, 2]
    words = "cannot be read" if way is inputs_then_heads else REFUSED
    with pytest.raises(InvalidValueError, match=words):
        recorded(made, probe, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_short_row_among_many_is_found(tmp_path: Path) -> None:
    lengths = [POSITIONS] * 300
    lengths[150] = 2
    with pytest.raises(InvalidValueError, match=REFUSED):
        recorded(Reordering(model(heads_first), longest_first), padded(lengths), tmp_path)


def rows_first(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return (scores(q, k).softmax(-1) @ v.transpose(1, 2)).transpose(1, 2)


@pytest.mark.parametrize("way", [rows_first, to_before_heads])
def test_an_untrained_model_whose_inputs_all_attend_alike_is_refused_by_its_values(way: Callable, tmp_path: Path) -> None:
    made = Reordering(model(way), longest_first)
    for layer in made.inner.layers:
        nn.init.zeros_(layer.parts.weight[: 2 * WIDTH].data)
    for lengths in ([3, 5, 4, 2], [5, 5, 4, 2, 3]):
        with pytest.raises(InvalidValueError, match=REFUSED):
            recorded(made, padded(lengths), tmp_path)
    in_order = Reordering(made.inner, lambda tokens: torch.arange(len(tokens)))
    found = recorded(in_order, padded([5, 5, 4, 2, 3]), tmp_path)
    np.testing.assert_allclose(found, stated(made.inner, padded([5, 5, 4, 2, 3])), atol=1e-6)


def test_an_untrained_encoder_is_refused_by_its_values(tmp_path: Path) -> None:
    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.embed, self.attention = nn.Embedding(TOKENS, WIDTH), nn.MultiheadAttention(WIDTH, 3, batch_first=True)
            nn.init.zeros_(self.attention.in_proj_weight[: 2 * WIDTH].data)

        def forward(self, tokens: Tensor) -> Tensor:
            return self.attention(*[self.embed(tokens)] * 3)[0]

    with pytest.raises(InvalidValueError, match=REFUSED):
        recorded(Reordering(Encoder(), longest_first), padded([3, 5, 4, 2]), tmp_path)


def test_rows_that_are_sorted_within_a_layer_are_refused(tmp_path: Path) -> None:
    def sorting(layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        order = q[:, 0, 0, 0].argsort()
        return heads_first(layer, q[order], k[order], v[order])[order.argsort()]

    with pytest.raises(InvalidValueError, match=REFUSED):
        recorded(model(sorting), padded([5, 5, 5, 5]), tmp_path)


def test_packed_sequences_are_refused(tmp_path: Path) -> None:
    class Packed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.embed, self.lstm = nn.Embedding(TOKENS, WIDTH), nn.LSTM(WIDTH, WIDTH, batch_first=True)

        def forward(self, tokens: Tensor) -> Tensor:
            lengths, order = (tokens != 0).sum(1).sort(descending=True, stable=True)
            packed, _ = self.lstm(pack_padded_sequence(self.embed(tokens[order]), lengths, batch_first=True))
            x, _ = pad_packed_sequence(packed, batch_first=True, total_length=POSITIONS)
            return F.scaled_dot_product_attention(x[:, None], x[:, None], x[:, None])[order.argsort()]

    with pytest.raises(InvalidValueError, match=REFUSED):
        recorded(Packed(), padded([3, 5, 4, 2]), tmp_path)


def test_equal_rows_and_inputs_that_affect_each_other_are_recorded(tmp_path: Path) -> None:
    class Mixing(Model):
        def forward(self, tokens: Tensor) -> Tensor:
            x = self.embed(tokens) + self.place(torch.arange(tokens.shape[1]))
            for layer in self.layers:
                x = x + layer(x + 2 * x.mean(0, keepdim=True))
            return x

    repeated = tokens(3)[[0, 0, 1, 1, 0, 2, 0]]
    for place, (made, probe) in enumerate(
        [(model(heads_first), repeated), (mixing(Mixing), repeated), (mixing(Mixing), tokens())]
    ):
        found = recorded(made, probe, tmp_path / str(place))
        np.testing.assert_allclose(found, stated(made, probe), atol=1e-6)


def mixing(kind: type[Model]) -> Model:
    torch.manual_seed(1)
    return kind(*(Layer(heads_first) for _ in range(LAYERS)))


def test_a_model_that_affects_and_reorders_its_inputs_is_refused(tmp_path: Path) -> None:
    class Mixing(Model):
        def forward(self, tokens: Tensor) -> Tensor:
            x = self.embed(tokens)
            return self.layers[0](x + 2 * x.mean(0, keepdim=True))

    with pytest.raises(InvalidValueError, match=REFUSED):
        recorded(Reordering(mixing(Mixing), longest_first), padded([3, 5, 4, 2]), tmp_path)


def test_no_common_order_is_the_same_after_the_other_order() -> None:
    for rows in range(3, 9):
        other, places = another_order(range(rows)), list(range(rows))
        for common in (places[::-1], *(places[by:] + places[:by] for by in range(1, rows))):
            assert [other[common[place]] for place in places] != [common[other[place]] for place in places]


def test_the_rows_that_are_compared_have_all_lengths() -> None:
    probe = Probe({"mask": padded([5] * 40 + [1] + [5] * 41)})
    assert 40 in set(probe.unlike(8)) and len(set(probe.unlike(8))) == 8
    assert Probe(tokens()).unlike(32) == list(range(ROWS))
