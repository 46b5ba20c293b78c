"""Weights are read with the right axes, or not at all: every layout against the weights that the model states, in float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import headlapse
from headlapse.errors import InvalidValueError
from headlapse.results.integrity import inspect
from tests.recording.loops import opened

LAYERS, HEADS, WIDTH, TOKENS, POSITIONS, ROWS = 2, 3, 12, 11, 5, 7
Way = Callable[["Layer", Tensor, Tensor, Tensor], Tensor]  # of queries, keys and values `(input, position, head, feature)`


def scores(q: Tensor, k: Tensor) -> Tensor:
    return torch.einsum("bqhd,bkhd->bhqk", q, k) / math.sqrt(q.shape[-1])


def plain(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    return scores(q, k).softmax(-1)


class Layer(nn.Module):
    """Self attention; `own` states its weights `(input, head, to, from)`."""

    def __init__(self, way: Way, own: Callable[[Layer, Tensor, Tensor], Tensor] = plain, heads: int = HEADS) -> None:
        super().__init__()
        self.way, self.own, self.heads = way, own, heads
        self.parts, self.out, self.gates = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, POSITIONS)
        self.experts = nn.Parameter(torch.randn(POSITIONS, WIDTH, WIDTH) / 9)
        self.stated: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (each.unflatten(-1, (self.heads, -1)) for each in self.parts(x).chunk(3, -1))
        with torch.no_grad(), torch._C.DisableTorchFunction():
            self.stated.append(self.own(self, q.double(), k.double()))
        return self.out(self.way(self, q, k, v).reshape(x.shape))


class Model(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.embed, self.place, self.layers = nn.Embedding(TOKENS, WIDTH), nn.Embedding(POSITIONS, WIDTH), nn.ModuleList(layers)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens) + self.place(torch.arange(tokens.shape[1]))
        for layer in self.layers:
            x = x + layer(x)
        return x


def model(way: Way, own: Callable[..., Tensor] = plain, heads: int = HEADS) -> Model:
    torch.manual_seed(1)
    return Model(*(Layer(way, own, heads) for _ in range(LAYERS)))


def tokens(rows: int = ROWS, seed: int = 0) -> Tensor:
    return torch.randint(TOKENS, (rows, POSITIONS), generator=torch.Generator().manual_seed(seed))


def stated(model: Model, probe: Tensor) -> np.ndarray:
    """The weights of all heads `(head, to, from, input)`."""
    layers = [layer for layer in model.layers if isinstance(layer, Layer)]
    for layer in layers:
        layer.stated.clear()
    model(probe)
    return torch.cat([layer.stated[-1] for layer in layers], 1).permute(1, 2, 3, 0).numpy()


def recorded(model: nn.Module, probe: Any, results: Path, **options: Any) -> np.ndarray:
    headlapse.record(model, "mine", probe, results=results, **options).finish()
    assert inspect(opened(results)) == []
    return opened(results).patterns(0)


def heads_then_inputs(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q, k, v = (each.permute(2, 0, 1, 3).flatten(0, 1) for each in (q, k, v))
    weights = (torch.bmm(q, k.mT) / math.sqrt(q.shape[-1])).softmax(-1)
    return torch.bmm(weights, v).unflatten(0, (HEADS, -1)).permute(1, 2, 0, 3)


def heads_then_inputs_by_function(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q, k, v = (each.permute(2, 0, 1, 3).flatten(0, 1) for each in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v).unflatten(0, (HEADS, -1)).permute(1, 2, 0, 3)


def inputs_then_heads(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q, k, v = (each.transpose(1, 2).flatten(0, 1) for each in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v).unflatten(0, (-1, HEADS)).transpose(1, 2)


def heads_first(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    weights = scores(q, k).transpose(0, 1).softmax(-1)
    return torch.einsum("hbqk,bkhd->bqhd", weights, v)


def heads_first_by_function(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(*(each.permute(2, 0, 1, 3) for each in (q, k, v))).permute(1, 2, 0, 3)


def to_before_heads(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    weights = scores(q, k).permute(0, 2, 1, 3).softmax(-1)
    return torch.einsum("bqhk,bkhd->bqhd", weights, v)


def from_first(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    weights = scores(q, k).permute(3, 0, 2, 1).softmax(0)
    return torch.einsum("kbqh,bkhd->bqhd", weights, v)


def transposed(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    weights = scores(q, k).mT.softmax(-2)
    return (v.permute(0, 2, 3, 1) @ weights).permute(0, 3, 1, 2)


def head_by_head(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    weights = scores(q, k).softmax(-1)
    return torch.stack([weights[:, head] @ v[:, :, head] for head in range(HEADS)], dim=2)


WAYS = [
    *(heads_then_inputs, heads_then_inputs_by_function, inputs_then_heads, heads_first, heads_first_by_function),
    *(to_before_heads, from_first, transposed, head_by_head),
]


@pytest.mark.parametrize("rows", [ROWS, HEADS, 2, 1])
@pytest.mark.parametrize("way", WAYS)
def test_every_layout_is_read_as_the_model_means_it(way: Way, rows: int, tmp_path: Path) -> None:
    made, probe = model(way), tokens(rows)
    found = recorded(made, probe, tmp_path)
    np.testing.assert_allclose(found, stated(made, probe), atol=1e-6)


def test_heads_as_many_as_positions_are_not_taken_for_them(tmp_path: Path) -> None:
    made = Model(Layer(to_before_heads, heads=4))
    probe = tokens()[:, :4]
    np.testing.assert_allclose(recorded(made, probe, tmp_path), stated(made, probe), atol=1e-6)


def test_untrained_heads_that_all_attend_alike_are_told_apart_by_their_values(tmp_path: Path) -> None:
    made = model(heads_then_inputs)
    for layer in made.layers:
        nn.init.zeros_(layer.parts.weight[: 2 * WIDTH].data)
    recorder = headlapse.record(made, "mine", tokens(), results=tmp_path, schedule=1)
    with torch.no_grad():
        made.layers[1].parts.weight.normal_()
    recorder.step(0)
    recorder.finish()
    np.testing.assert_allclose(opened(tmp_path).patterns(1), stated(made, tokens()), atol=1e-6)


def test_inputs_and_heads_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    made = model(heads_then_inputs)
    for layer in made.layers:
        nn.init.zeros_(layer.parts.weight)
        nn.init.zeros_(layer.parts.bias)
    with pytest.raises(InvalidValueError, match=r"layers\.0 cannot be read: the order of inputs and heads .*; pass attention="):
        headlapse.record(made, "mine", tokens(), results=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_runs_input_by_input_is_refused(tmp_path: Path) -> None:
    class InputByInput(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model(inputs_then_heads)

        def forward(self, tokens: Tensor) -> Tensor:
            return torch.cat([self.inner(row) for row in tokens.split(1)])

    with pytest.raises(InvalidValueError, match=r"computes 4 layers for 2 inputs and 6 for 3; pass attention="):
        headlapse.record(InputByInput(), "mine", tokens(), results=tmp_path)


def test_a_probe_with_positions_first_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 16)
    encoder = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
    for rows in (ROWS, 1):
        with pytest.raises(InvalidValueError, match=r"positions grow with the rows of the probe, whose first axis must be"):
            headlapse.record(encoder, "mine", torch.rand(POSITIONS, rows, WIDTH), results=tmp_path)
    assert list(tmp_path.iterdir()) == []


class MaskFirst(Model):
    """Takes a mask before the inputs, and one row of it for all of them, so that it runs on some rows of the mask, too."""

    def forward(self, mask: Tensor, tokens: Tensor) -> Tensor:  # type: ignore[override]
        self.mask = mask[:1]
        return super().forward(tokens)


def test_a_mask_before_the_inputs_is_not_taken_for_them(tmp_path: Path) -> None:
    layer = Layer(lambda self, q, k, v: torch.einsum("bhqk,bkhd->bqhd", (scores(q, k) + model.mask).softmax(-1), v))
    model = MaskFirst(layer)
    probe = {"mask": torch.zeros(POSITIONS, POSITIONS), "tokens": torch.arange(4 * POSITIONS).reshape(4, POSITIONS) % TOKENS}
    with pytest.raises(InvalidValueError, match=r"has an axis of 4, the rows of another tensor .* 'mask', .* put them first"):
        headlapse.record(model, "mine", probe, results=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_mask_as_long_as_the_probe_is_not_cut(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = nn.Transformer(WIDTH, 2, 1, 1, 16, batch_first=True).eval()
    mask = nn.Transformer.generate_square_subsequent_mask(4)
    probe = {"src": torch.rand(4, 6, WIDTH), "tgt": torch.rand(4, 4, WIDTH), "tgt_mask": mask}
    found = recorded(made, probe, tmp_path, layers=[1])
    own = made.decoder.layers[0].self_attn
    with torch.no_grad():
        expected = own(*[probe["tgt"]] * 3, attn_mask=mask, average_attn_weights=False)[1]
    np.testing.assert_allclose(found, expected.permute(1, 2, 3, 0), atol=1e-6)


@pytest.mark.parametrize("table", [False, True])
def test_what_belongs_to_a_row_is_taken_with_it(table: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list with a number for each row; and a table that happens to be as long as the probe, which belongs to all rows."""

    class Scaled(Model):
        def forward(self, tokens: Tensor, more: Any) -> Tensor:
            x = self.embed(tokens)
            x = x + more[tokens % 2] if table else x * torch.stack([torch.tensor(by) for _, by in zip(x, more, strict=False)])
            return self.layers[0](x)

    monkeypatch.setattr("headlapse.recording.observer.PIECE_BYTES", 1)
    made = Scaled(Layer(heads_first))
    generator = torch.Generator().manual_seed(5)
    more = torch.randn(ROWS, WIDTH, generator=generator) if table else [[[float(row)]] for row in range(1, ROWS + 1)]
    found = recorded(made, {"tokens": tokens(), "more": more}, tmp_path)
    made(tokens(), more)
    np.testing.assert_allclose(found, made.layers[0].stated[-1].permute(1, 2, 3, 0), atol=1e-6)


def test_a_scalar_may_come_first_in_a_probe(tmp_path: Path) -> None:
    class Heated(Model):
        def forward(self, by: Tensor, tokens: Tensor) -> Tensor:
            return super().forward(tokens) * by

    made = Heated(Layer(heads_first))
    assert recorded(made, {"by": torch.tensor(0.5), "tokens": tokens()}, tmp_path).shape[-1] == ROWS


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_what_hides_attention_is_refused_in_one_line(tmp_path: Path) -> None:
    class Mapped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model(heads_first)

        def forward(self, tokens: Tensor) -> Tensor:
            return torch.vmap(lambda row: self.inner(row[None])[0])(tokens)

    class Nested(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(TOKENS, WIDTH)

        def forward(self, tokens: Tensor) -> Tensor:
            x = torch.nested.nested_tensor(list(self.embed(tokens)[:, None].unbind()), layout=torch.jagged).transpose(1, 2)
            return F.scaled_dot_product_attention(x, x, x)

    scripted = Model(Layer(heads_first), torch.jit.script(nn.Linear(WIDTH, WIDTH)))
    for made, words in (
        (Mapped(), r"within torch\.vmap cannot be read"),
        (Nested(), r"attention of nested tensors cannot be read; pad the inputs, or"),
        (scripted, r"layers\.1 cannot be seen, since it is"),
    ):
        with pytest.raises(InvalidValueError, match=rf"^[^\n]*{words}[^\n]* pass attention=[^\n]*$"):
            headlapse.record(made, "mine", tokens(), results=tmp_path)
    assert list(tmp_path.iterdir()) == []
