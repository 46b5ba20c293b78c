"""Recorded are the weights that multiply the values; what is no attention, or is not understood, is said and not recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import headlapse
from headlapse.errors import InvalidValueError
from headlapse.recording.untouched import untouched
from tests.recording.loops import opened
from tests.recording.test_layouts import (
    HEADS,
    POSITIONS,
    ROWS,
    TOKENS,
    WIDTH,
    Layer,
    Model,
    Way,
    heads_first_by_function,
    model,
    plain,
    recorded,
    scores,
    stated,
    tokens,
)

PAST = torch.ones(POSITIONS, POSITIONS).tril()


def mixed(weights: Tensor, v: Tensor) -> Tensor:
    return (weights @ v.transpose(1, 2)).transpose(1, 2)


def masked(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    return scores(q, k).softmax(-1) * PAST


def filled(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    weights = scores(q, k).softmax(-1).flatten(0, 1)
    return weights.masked_fill(PAST == 0, 0).unflatten(0, (-1, HEADS))


def triangular(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    return scores(q, k).softmax(-1).tril()


def renormalized(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    weights = scores(q, k).softmax(-1).clone()
    weights[..., PAST == 0] = 0
    weights /= weights.sum(-1, keepdim=True)
    return weights


def gated(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    return scores(q, k).softmax(-1) * torch.sigmoid(q.mean((1, 3)))[..., None, None]


def in_place(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    weights = scores(q, k).softmax(-1)
    weights.view(-1, POSITIONS, POSITIONS).mul_(PAST)
    return weights


def with_a_sink(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    found = scores(q, k)
    return torch.cat([found, torch.full_like(found[..., :1], 0.7)], dim=-1).softmax(-1)[..., :-1]


def capped_with_mixed_heads(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    mixing = torch.linspace(-1, 2, HEADS * HEADS, dtype=q.dtype).reshape(HEADS, HEADS)
    return torch.tanh(torch.einsum("bhqk,hg->bgqk", scores(q, k), mixing)).softmax(-1)


CHANGES = [masked, filled, triangular, renormalized, gated, in_place, with_a_sink, capped_with_mixed_heads]


def in_model(own: Callable[[Layer, Tensor, Tensor], Tensor]) -> Model:
    """A model that mixes values with the weights `own`, after dropout that it also applies in evaluation mode."""

    def way(layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return mixed(F.dropout(own(layer, q, k), 0.2, training=layer.training), v)

    return model(way, own).eval()


@pytest.mark.parametrize("own", CHANGES)
def test_recorded_are_the_weights_that_multiply_the_values(own: Callable[..., Tensor], tmp_path: Path) -> None:
    made = in_model(own)
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)


def test_weights_before_a_dropout_that_is_on_at_evaluation(tmp_path: Path) -> None:
    def way(layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return mixed(F.dropout(masked(layer, q, k), 0.5), v)

    made = Model(Layer(way, masked))
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)


def test_weights_that_are_no_shares_are_refused(tmp_path: Path) -> None:
    def difference(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return mixed(scores(q, k).softmax(-1) - 0.5 * scores(k, q).softmax(-1), v)

    with pytest.raises(InvalidValueError, match=r"layers\.0 is changed after its softmax into weights that are no shares"):
        headlapse.record(model(difference), "mine", tokens(), results=tmp_path)
    assert list(tmp_path.iterdir()) == []


def best(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    """Only the three best keys of each query."""
    values, places = scores(q, k).topk(3, dim=-1)
    return torch.zeros(*q.shape[:1], HEADS, POSITIONS, POSITIONS, dtype=q.dtype).scatter(-1, places, values.softmax(-1))


def best_in_place(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    values, places = scores(q, k).topk(2, dim=-1)
    return torch.zeros_like(scores(q, k)).scatter_(-1, places, values.softmax(-1))


def scaled_by_head(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    q = q.mean(2, keepdim=True) * torch.linspace(1, 2, HEADS, dtype=q.dtype).expand(1, 1, -1).unsqueeze(-1)
    return (q.transpose(1, 2) @ k.permute(0, 2, 3, 1)).softmax(-1)


def additive(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    """Scores from the query and the key side by side."""
    pairs = [q[:, :, None].expand(-1, -1, POSITIONS, -1, -1), k[:, None].expand(-1, POSITIONS, -1, -1, -1)]
    weights = torch.linspace(-1, 2, 2 * WIDTH // HEADS, dtype=q.dtype)
    return (torch.cat(pairs, dim=-1).tanh() * weights).sum(-1).permute(0, 3, 1, 2).softmax(-1)


@pytest.mark.parametrize("own", [best, best_in_place, scaled_by_head, additive])
def test_other_scores_and_sparse_weights_are_read(own: Callable[..., Tensor], tmp_path: Path) -> None:
    made = in_model(own)
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)


def of_exponentials(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    weights = torch.exp(scores(q, k))
    return weights / weights.sum(-1, keepdim=True)


def of_shifted_and_masked_exponentials(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    found = scores(q, k)
    weights = (found - found.max(-1, keepdim=True).values).exp() * PAST
    return weights.div(weights.sum(dim=-1)[..., None].clamp(min=1e-9))


def in_place_of_exponentials(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    weights = scores(q, k).masked_fill(PAST == 0, -torch.inf).exp()
    weights /= weights.sum(-1, keepdim=True).expand_as(weights)
    return weights


def less_than_a_share(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    weights = scores(q, k).permute(0, 2, 3, 1).exp()
    return (weights / (1 + weights.sum(2, keepdim=True))).permute(0, 3, 1, 2)


def off_by_one(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    """A softmax with a one in its sum, computed without overflow."""
    found = scores(q, k)
    largest = found.max(-1, keepdim=True).values
    weights = torch.exp(torch.subtract(found, largest))
    return torch.divide(weights, torch.add(weights.sum(-1, keepdim=True), torch.exp(torch.multiply(largest, -1))))


def off_by_one_with_a_clamp(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    found = scores(q, k)
    largest = found.amax(-1)[..., None].clamp(min=0)
    weights = (found - largest).exp()
    return weights / ((-largest).exp() + weights.sum(-1, keepdim=True))


def by_logarithm_of_the_sum(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
    found = scores(q, k)
    return torch.exp(found - torch.logsumexp(found, -1, keepdim=True))


BY_HAND = [
    *(of_exponentials, of_shifted_and_masked_exponentials, in_place_of_exponentials, less_than_a_share),
    *(by_logarithm_of_the_sum, off_by_one, off_by_one_with_a_clamp),
]


@pytest.mark.parametrize("own", BY_HAND)
def test_a_softmax_by_hand_is_read(own: Callable[..., Tensor], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_model(own)
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)
    assert "not read" not in capsys.readouterr().err


def test_a_division_of_scores_before_their_softmax_is_no_softmax(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def own(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
        weights = scores(q, k).exp()
        return (3 * (weights / weights.sum(-1, keepdim=True))).softmax(-1)

    made = in_model(own)
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)
    assert "not read" not in capsys.readouterr().err


def test_exponentials_that_are_divided_over_queries_are_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def over_queries(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = scores(q, k).exp()
        return mixed(weights / weights.sum(-2, keepdim=True), v)

    made = Model(Layer(heads_first_by_function), Layer(over_queries))
    recorded(made, tokens(), tmp_path)
    assert "not recorded: 1 softmax or product of scores (in layers.1)" in capsys.readouterr().err


def test_keys_that_a_learned_matrix_makes_fewer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Fewer(Layer):
        def __init__(self) -> None:
            super().__init__(self.way_)
            self.fewer = nn.Parameter(torch.randn(4, POSITIONS))

        def way_(self, _layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            k, v = (torch.einsum("nk,bkhd->bnhd", self.fewer, each) for each in (k, v))
            return mixed(scores(q, k).softmax(-1), v)

    made = Model(Fewer())
    for layer in made.layers:
        layer.own = lambda layer, q, k: scores(q, torch.einsum("nk,bkhd->bnhd", layer.fewer.double(), k)).softmax(-1)
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)
    assert "not read" not in capsys.readouterr().err


def test_learned_queries_and_a_product_with_the_output_weights(tmp_path: Path) -> None:
    class Pooling(Layer):
        def __init__(self) -> None:
            super().__init__(heads_first_by_function)
            self.queries, self.joined = nn.Parameter(torch.randn(4, WIDTH)), nn.Parameter(torch.randn(1, WIDTH, WIDTH))

        def forward(self, x: Tensor) -> Tensor:
            keys = self.out(x)
            weights = (self.queries @ keys.mT).softmax(-1)
            self.stated.append((self.queries.double() @ keys.double().mT).softmax(-1)[:, None].detach())
            return torch.einsum("bhqk,bkd,hdm->bqm", weights[:, None], keys, self.joined).mean(1, keepdim=True)

    made = Model(Pooling())
    found = recorded(made, tokens(), tmp_path)
    np.testing.assert_allclose(found, stated(made, tokens()), atol=1e-6)


class Circuits(Layer):
    """Queries and keys in one matrix, values and outputs in another, as in the study of circuits."""

    def __init__(self) -> None:
        super().__init__(heads_first_by_function)
        self.of_scores, self.of_values = (nn.Parameter(torch.randn(HEADS, WIDTH, WIDTH) / 20) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad(), torch._C.DisableTorchFunction():
            own = x.double()[:, None] @ self.of_scores.double() @ x.double()[:, None].mT
            self.stated.append(own.softmax(-1))
        weights = torch.einsum("btm,hmn,bsn->bhts", x, self.of_scores, x).softmax(-1)
        return torch.einsum("bhts,bsm,hmn->btn", weights, x, self.of_values)


def test_scores_with_a_learned_matrix_between_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    made = Model(Circuits(), Circuits())
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)
    assert "not read" not in capsys.readouterr().err


def over_features(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q, k, v = (each.transpose(1, 2) for each in (q, k, v))
    return (q.softmax(-1) @ (k.softmax(-2).mT @ v)).transpose(1, 2)


def over_features_by_einsum(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    context = torch.einsum("bkhd,bkhe->bhde", k.softmax(1), v)
    return torch.einsum("bqhd,bhde->bqhe", q.softmax(-1), context)


def experts(layer: Layer, q: Tensor, _k: Tensor, _v: Tensor) -> Tensor:
    """As many experts as positions."""
    x = q.flatten(2)
    gates = layer.gates(x).softmax(-1)
    return torch.einsum("bte,bted->btd", gates, torch.einsum("btd,edf->btef", x, layer.experts))


def experts_by_matmul(layer: Layer, q: Tensor, _k: Tensor, _v: Tensor) -> Tensor:
    x = q.flatten(2)
    gates = layer.gates(x).softmax(-1)
    return (gates[:, :, None] @ torch.einsum("btd,edf->btef", x, layer.experts)).squeeze(2)


NONE = [over_features, over_features_by_einsum, experts, experts_by_matmul]


@pytest.mark.parametrize("positions", [POSITIONS, WIDTH // HEADS])
@pytest.mark.parametrize("way", NONE)
def test_linear_attention_and_experts_are_no_attention(way: Way, positions: int, tmp_path: Path) -> None:
    with pytest.raises(
        InvalidValueError,
        match=r"no attention was found in Model; not read as attention: \d softmaxes or .* \(in layers\.0, layers\.1\); a ",
    ):
        headlapse.record(model(way), "mine", tokens()[:, :positions], results=tmp_path)


@pytest.mark.parametrize("way", NONE)
def test_what_is_beside_attention_is_said_and_not_recorded(
    way: Way, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Model(Layer(heads_first_by_function), Layer(way), Layer(heads_first_by_function))
    found = recorded(made, tokens(), tmp_path)
    first = capsys.readouterr().err.splitlines()[0]
    assert "2 layers" in first and "not read as attention and not recorded: " in first and "(in layers.1)" in first
    own = stated(made, tokens())
    np.testing.assert_allclose(found, np.concatenate([own[:HEADS], own[2 * HEADS :]]), atol=1e-6)


def test_attention_without_a_softmax_of_torch_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def by_exponentials(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = scores(q, k).exp()
        return mixed(weights, v) / weights.sum(-1, keepdim=True).transpose(1, 2)

    made = Model(Layer(heads_first_by_function), Layer(by_exponentials))
    recorded(made, tokens(), tmp_path)
    first = capsys.readouterr().err.splitlines()[0]
    assert "; not read as attention and not recorded: 1 softmax or product of scores (in layers.1)" in first


def test_weights_that_multiply_each_other_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def two_hops(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = scores(q, k).softmax(-1)
        return mixed(weights @ weights, v)

    with pytest.raises(InvalidValueError, match=r"no attention was found in Model; not read as attention: 2 softmaxes or"):
        headlapse.record(model(two_hops), "none", tokens(), results=tmp_path)
    made = Model(Layer(heads_first_by_function), Layer(two_hops))
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens())[:HEADS], atol=1e-6)
    assert "not recorded: 1 softmax or product of scores (in layers.1)" in capsys.readouterr().err


@pytest.mark.parametrize("own", [plain, of_exponentials])
def test_weights_that_a_later_layer_uses_again_are_said(
    own: Callable[..., Tensor], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[Tensor] = []

    def keeping(layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        kept[:] = [own(layer, q, k)]
        return mixed(kept[0], v)

    def reusing(_layer: Layer, _q: Tensor, _k: Tensor, v: Tensor) -> Tensor:
        return mixed(kept[0], v)

    made = Model(Layer(keeping), Layer(reusing), Layer(keeping))
    found, all_ = recorded(made, tokens(), tmp_path), stated(made, tokens())
    np.testing.assert_allclose(found, np.concatenate([all_[:HEADS], all_[2 * HEADS :]]), atol=1e-6)
    first = capsys.readouterr().err.splitlines()[0]
    assert "2 layers" in first and first.endswith("; recorded once: weights that 1 product uses again (in layers.1)")


def keys_of_its_own(layer: Layer, q: Tensor, k: Tensor, rows: int) -> Tensor:
    learned = layer.experts[:HEADS, :2, : WIDTH // HEADS].to(q.dtype)  # (head, key, feature)
    own = torch.einsum("bqhd,hkd->bhqk", q, learned.expand(HEADS, -1, -1))
    return torch.cat([own, scores(q, k)], -1).softmax(-1)[:rows]


@pytest.mark.parametrize("is_shared", [False, True])
def test_weights_whose_parts_multiply_values_of_their_own(is_shared: bool, tmp_path: Path) -> None:
    def way(layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = keys_of_its_own(layer, q, k, len(q))
        learned = layer.experts[:HEADS, 2:4, : WIDTH // HEADS]
        first = weights[..., :2] @ (learned if is_shared else learned.expand(len(q), -1, -1, -1))
        return first.transpose(1, 2) + mixed(weights[..., 2:], v)

    with pytest.raises(InvalidValueError, match=r"the attention of layers\.0 cannot be read: "):
        headlapse.record(model(way), "mine", tokens(), results=tmp_path)


def test_a_part_of_the_weights_in_a_product_that_is_not_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def way(_layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = scores(q, k).softmax(-1)
        first = weights[..., :1] @ v.new_ones(1, WIDTH // HEADS)
        return first.transpose(1, 2) + mixed(weights[..., 1:], v[:, 1:])

    recorded(Model(Layer(way)), tokens(), tmp_path)
    assert "not recorded: 1 softmax or product of scores (in layers.0)" in capsys.readouterr().err


def test_a_part_of_the_weights_that_multiplies_twice_is_recorded_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def way(layer: Layer, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = with_a_sink(layer, q, k)
        return mixed(weights, v) + mixed(weights, k)

    made = Model(Layer(way, with_a_sink))
    np.testing.assert_allclose(recorded(made, tokens(), tmp_path), stated(made, tokens()), atol=1e-6)
    assert "recorded once: weights that 1 product uses again (in layers.0)" in capsys.readouterr().err


class Block(nn.Module):
    """Attends to what it makes of two sequences, or of one of them to the other."""

    def __init__(self, is_cross: bool) -> None:
        super().__init__()
        self.attention, self.is_cross = Layer(heads_first_by_function), is_cross

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        q = self.attention.out(x if self.is_cross else x + 0.5 * other).unflatten(-1, (HEADS, -1))
        k = (other if self.is_cross else x - other).unflatten(-1, (HEADS, -1))
        return heads_first_by_function(self.attention, q, k, k).flatten(2)


def test_a_layer_that_is_given_the_first_sequence_too_attends_to_itself(tmp_path: Path) -> None:
    class Skipping(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.embed = nn.Embedding(TOKENS, WIDTH)
            self.layers = nn.ModuleList(Block(is_cross) for is_cross in (False, True, False))

        def forward(self, tokens: Tensor) -> Tensor:
            first = x = self.embed(tokens)
            for layer in self.layers:
                x = x + layer(x, first)
            return x

    recorder = headlapse.record(Skipping(), "mine", tokens(), results=tmp_path)
    recorder.finish()
    assert [layer.shape.kind for layer in recorder.observer.found] == ["self", "cross", "self"]
    assert opened(tmp_path).patterns(0).shape == (2 * HEADS, POSITIONS, POSITIONS, ROWS)


@pytest.mark.parametrize("kind", ["function", "softmax", "module"])
def test_a_model_that_has_diverged_is_said_once(kind: str, tmp_path: Path) -> None:
    if kind == "module":
        made: nn.Module = nn.TransformerEncoderLayer(WIDTH, HEADS, 16, batch_first=True)
        probe, weight = torch.rand(ROWS, POSITIONS, WIDTH), made.self_attn.in_proj_weight
    else:
        made = in_model(masked) if kind == "softmax" else model(heads_first_by_function)
        probe, weight = tokens(), made.layers[1].parts.weight
    recorder = headlapse.record(made, "mine", probe, results=tmp_path, schedule=1, analyze=False)
    with torch.no_grad():
        weight.fill_(float("nan"))
    name = "self_attn" if kind == "module" else "layers.1"
    with pytest.warns(RuntimeWarning, match=rf"^epoch 1: attention of {name} is not a number \(NaN\)") as warned:
        recorder.step(0)
        recorder.step(1)
    assert len(warned) == 1
    recorder.finish()


def test_rows_that_are_masked_are_not_said_to_be_no_numbers(tmp_path: Path) -> None:
    def own(_layer: Layer, q: Tensor, k: Tensor) -> Tensor:
        return scores(q, k).masked_fill(PAST.flip(1) == 1, -torch.inf).softmax(-1)

    headlapse.record(in_model(own), "mine", tokens(), results=tmp_path).finish()


def test_captures_in_two_threads_leave_the_fast_path_on() -> None:
    inside, done = threading.Event(), threading.Event()

    def other() -> None:
        with untouched(nn.Linear(2, 3)):
            inside.set()
            done.wait(20)

    thread = threading.Thread(target=other)
    with untouched(nn.Linear(2, 3)):
        thread.start()
        inside.wait(20)
    assert not torch.backends.mha.get_fastpath_enabled(), "the other thread still looks"
    done.set()
    thread.join()
    assert torch.backends.mha.get_fastpath_enabled()
