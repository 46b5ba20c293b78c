"""Answers with heads replaced: the two ways against each other and against plain loops, in both precisions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headlapse.families.permutation import random_order
from headlapse.models.answers import Answers, losses_of
from headlapse.models.config import ModelConfig
from headlapse.models.layered_answers import LayeredAnswers
from headlapse.models.one_layer_answers import OneLayerAnswers
from headlapse.models.replacement import INTACT, Answering, Questions, Replacement, answering, can_replace
from tests.models.numpy_transformer import SHAPES, Options, all_inputs, patterns_and_logits, random_weights

SHAPE = SHAPES[1]
WEIGHTS, TOKENS = random_weights(SHAPE), all_inputs(SHAPE.p)
CONFIG = ModelConfig(SHAPE.n_heads, SHAPE.d_model, SHAPE.d_head, SHAPE.d_mlp, SHAPE.p + 1, SHAPE.p, 3, train_biases=True)
RANDOM = np.random.default_rng(1)
LABELS = RANDOM.integers(SHAPE.p, size=len(TOKENS))


def logits_of(model: Answering, replaced: Replacement = INTACT) -> np.ndarray:
    return np.concatenate([part.logits() for part in model.parts(replaced)])


@pytest.mark.parametrize("act_fn", ["relu", "gelu", "gelu_new", "silu", "solu"])
@pytest.mark.parametrize("direction", ["causal", "bidirectional"])
def test_the_intact_model_is_that_of_plain_loops(act_fn: str, direction: str) -> None:
    config = replace(CONFIG, act_fn=act_fn, attention_dir=direction, attn_scale=1.7)
    model = answering(WEIGHTS, config, Questions.of(TOKENS, LABELS))
    assert isinstance(model, OneLayerAnswers)
    options = Options(act_fn, attention_dir=direction, attn_scale=1.7)
    expected = [patterns_and_logits(WEIGHTS, tokens, options=options)[1] for tokens in TOKENS]
    np.testing.assert_allclose(logits_of(model), expected, atol=1e-12)


def replacements(inputs: int, positions: int, causal: bool) -> list[Replacement]:
    pattern = RANDOM.random((2, inputs, positions, positions)) * (np.tri(positions) if causal else 1)
    pattern /= pattern.sum(axis=-1, keepdims=True)
    patterns = {1: pattern[0], 4: pattern[1]}
    return [INTACT, *(Replacement((4, 1), kind, patterns) for kind in ("zero", "mean", "uniform", "epoch"))]


@pytest.mark.parametrize(("columns", "direction"), [([0, 1, 2], "causal"), ([0, 1], "causal"), ([0, 1, 2], "bidirectional")])
@pytest.mark.parametrize("d_mlp", [0, SHAPE.d_mlp])
def test_both_ways_agree_for_several_heads(columns: list[int], direction: str, d_mlp: int) -> None:
    tokens = TOKENS[:, columns]
    config = replace(CONFIG, d_mlp=d_mlp, n_ctx=len(columns), attention_dir=direction)
    weights = {name: array for name, array in WEIGHTS.items() if d_mlp or "mlp" not in name}
    questions = Questions.of(tokens, LABELS)
    plain = LayeredAnswers(weights, config, questions)
    fast = OneLayerAnswers.of(weights, config, tokens, np.float64)
    made = []
    for replaced in replacements(len(tokens), len(columns), direction == "causal"):
        expected = logits_of(plain, replaced)
        np.testing.assert_allclose(logits_of(fast, replaced), expected, atol=1e-12)
        made.append(expected)
    assert min(abs(one - other).max() for i, one in enumerate(made) for other in made[:i]) > 1e-3, "each does something else"


def test_float32_is_exact_to_a_millionth_in_loss() -> None:
    questions = Questions.of(TOKENS, LABELS)
    single = answering({name: array.astype(np.float32) for name, array in WEIGHTS.items()}, CONFIG, questions, np.float32)
    double = answering(WEIGHTS, CONFIG, questions)
    for replaced in replacements(len(TOKENS), 3, causal=True):
        assert logits_of(single, replaced).dtype == np.float32
        found, expected = (Answers.of(model, questions, replaced) for model in (single, double))
        assert found.loss == pytest.approx(expected.loss, abs=1e-6) and found.losses.dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_threads_and_blocks_change_no_bit(dtype: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headlapse.models.one_layer_answers.BLOCK", 5)  # does not divide the number of inputs
    questions = Questions.of(TOKENS, LABELS)
    for replaced in replacements(len(TOKENS), 3, causal=True):
        found = [Answers.of(answering(WEIGHTS, CONFIG, questions, dtype, n), questions, replaced, n) for n in (1, 3)]
        np.testing.assert_array_equal(found[0].losses, found[1].losses)
        np.testing.assert_array_equal(found[0].right, found[1].right)
        whole = logits_of(LayeredAnswers(WEIGHTS, CONFIG, questions), replaced)
        np.testing.assert_allclose(found[0].losses, losses_of(whole, LABELS)[0], rtol=1e-5 if dtype is np.float32 else 1e-12)


def test_losses_of_a_sure_model_keep_their_digits() -> None:
    logits = np.array([[30.0, 2.0, 1.0], [0.0, 800.0, 3.0], [1.0, 1.0, -5.0]])
    labels = np.array([0, 2, 1])
    for dtype in (np.float32, np.float64):
        losses, right = losses_of(logits.astype(dtype), labels)
        expected = [np.log1p(np.exp(-28) + np.exp(-29)), 797.0, np.log(2 + np.exp(-6.0))]
        np.testing.assert_allclose(losses, expected, rtol=1e-6)
        assert right.tolist() == [True, False, False], "the first of equal ones counts"


def test_answers_at_several_positions_are_those_of_their_inputs() -> None:
    labels = np.array([[-1, 2, -1], [3, -1, 4], [-1, -1, -1]])
    questions = Questions.of(TOKENS[:3], labels)
    assert questions.answers.tolist() == [2, 3, 4] and not questions.only_last
    answers = Answers(np.array([1.0, 2.0, 4.0]), np.array([True, True, False]), np.array([0, 1, 1]), 3)
    assert (answers.loss, answers.accuracy) == (7 / 3, 2 / 3)
    np.testing.assert_array_equal(answers.loss_by_input(), [1, 3, np.nan])
    assert answers.right_by_input().tolist() == [True, False, True]
    part = answers.part(np.array([False, True, False]))
    assert (part.loss, part.accuracy) == (3, 0.5)
    assert np.isnan(answers.part(np.zeros(3, dtype=bool)).loss)


def test_normalization_is_not_covered() -> None:
    assert can_replace(CONFIG) and not can_replace(replace(CONFIG, normalization="LN"))


def test_the_order_of_a_split_is_that_of_torch() -> None:
    import torch

    for count in (1, 2, 49, 961):
        for seed in (0, 598, 2**32 - 1, 2**32 + 5, 2**63 - 1):
            expected = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
            assert random_order(count, seed).tolist() == expected.tolist()
