"""Frequencies of synthetic grids against a direct computation in float64, and of a trained run against its weights."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import headlapse
from headlapse.analysis import AnalysisPipeline
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.analyzers.head_frequencies import strongest
from headlapse.analysis.library.energies import grid_shares, line_shares
from headlapse.analysis.protocol import AnalysisContext
from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.models.last_scores import explained, from_table, last_scores

MODULI = (2, 3, 4, 5, 6, 9, 12, 31)


def direct_basis(p: int) -> list[tuple[int, list[float]]]:
    """Frequency and values of each wave: constant, cosines, sines; the last sine of an even p is absent."""
    waves = [(0, [1.0] * p)]
    for k in range(1, p // 2 + 1):
        waves.append((k, [math.cos(2 * math.pi * k * x / p) for x in range(p)]))
        if 2 * k != p:
            waves.append((k, [math.sin(2 * math.pi * k * x / p) for x in range(p)]))
    return [(k, [value / math.sqrt(math.fsum(v * v for v in values)) for value in values]) for k, values in waves]


def direct_shares(grid: np.ndarray) -> tuple[list[float], float]:
    """Share of each frequency, and of products of two different ones, by a loop over all products."""
    p, energies = len(grid), {}
    for k, wave in direct_basis(p):
        for m, other in direct_basis(p):
            coefficient = math.fsum(wave[a] * grid[a, b] * other[b] for a in range(p) for b in range(p))
            energies[k, m] = energies.get((k, m), 0) + coefficient**2
    total = math.fsum(energies.values()) - energies[0, 0]
    own = [math.fsum(energies[pair] for pair in ((k, k), (k, 0), (0, k))) / total for k in range(1, p // 2 + 1)]
    cross = math.fsum(energy for (k, m), energy in energies.items() if 0 < k != m > 0) / total
    return own, cross


@pytest.mark.parametrize("p", MODULI)
def test_shares_of_random_grids_are_those_of_a_direct_loop(p):
    grids = np.random.default_rng(p).random((2, 3, p, p))
    shares, cross = grid_shares(grids)
    assert shares.shape == (2, 3, p // 2) and cross.shape == (2, 3)
    own, other = direct_shares(grids[1, 2])
    np.testing.assert_allclose(shares[1, 2], own, atol=1e-12)
    assert cross[1, 2] == pytest.approx(other, abs=1e-12)
    np.testing.assert_allclose(shares.sum(axis=-1) + cross, 1, atol=1e-6)


@pytest.mark.parametrize("p", MODULI)
@pytest.mark.parametrize("of", ["a", "b", "a+b", "a-b"])
def test_a_pure_wave_has_all_of_the_share_wherever_it_is_shifted(p, of):
    a, b = np.mgrid[:p, :p]
    x = {"a": a, "b": b, "a+b": a + b, "a-b": a - b}[of]
    for k in range(1, p // 2 + 1):
        grid = 0.4 + 0.2 * np.cos(2 * np.pi * k * x / p).astype(np.float32)
        expected = np.arange(1, p // 2 + 1) == k
        for moved in (grid, np.roll(grid, (1, p // 2), axis=(0, 1)), grid.T):
            shares, cross = grid_shares(moved[None])
            np.testing.assert_allclose(shares[0], expected, atol=1e-6)
            assert cross[0] == pytest.approx(0, abs=1e-6)


def test_shifting_and_transposing_leave_the_shares():
    grid = np.random.default_rng(1).random((12, 12))
    shares, cross = grid_shares(np.stack([grid, np.roll(grid, 5, axis=0), np.roll(grid, 7, axis=1), grid.T]))
    np.testing.assert_allclose(shares, np.broadcast_to(shares[0], shares.shape), atol=1e-12)
    np.testing.assert_allclose(cross, cross[0], atol=1e-12)


def test_products_of_two_frequencies_are_cross():
    a, b = np.mgrid[:9, :9]
    grid = np.cos(2 * np.pi * 2 * a / 9) * np.sin(2 * np.pi * 3 * b / 9)
    shares, cross = grid_shares(grid[None])
    np.testing.assert_allclose(shares, 0, atol=1e-12)
    assert cross[0] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("value", [0.0, 1.0, 1 / 3])
def test_what_is_constant_but_for_rounding_has_no_frequency(value):
    noise = np.random.default_rng(0).integers(-1, 2, (1, 7, 7)) * np.spacing(np.float32(value))
    shares, cross = grid_shares((value + noise).astype(np.float32))
    assert np.isnan(shares).all() and np.isnan(cross).all()
    assert np.isnan(line_shares(np.full((2, 7), value))).all()
    frequency, share = strongest(np.full((1, 3), np.nan), shares[:, :])
    assert frequency.tolist() == [0] and np.isnan(share).all()


def test_the_score_decides_and_the_pattern_where_no_score_is_known():
    score = np.array([[0.2, 0.5, 0.3], [np.nan] * 3])
    pattern = np.array([[0.9, 0.1, 0.0], [0.1, 0.2, 0.7]])
    frequency, share = strongest(score, pattern)
    assert frequency.tolist() == [2, 3] and share.tolist() == [0.5, 0.7]


def test_a_trained_run_agrees_with_its_weights(trained):
    found = trained.artifacts.load_epoch("head_frequencies", 40)
    weights = {name: array.astype(np.float64) for name, array in trained.checkpoint(40).weights.items()}
    p, w_e, w_pos = 7, weights["embed.W_E"], weights["pos_embed.W_pos"]
    for head in range(4):
        w_q, w_k = (weights[f"blocks.0.attn.{name}"][head] for name in ("W_Q", "W_K"))
        score = (w_e[:p] + w_pos[0]) @ w_k @ w_q.T @ (w_e[p] + w_pos[2])
        energies = [sum((np.array(wave) @ score) ** 2 for m, wave in direct_basis(p) if m == k) for k in range(1, p // 2 + 1)]
        np.testing.assert_allclose(found["score_share"][head], energies / np.sum(energies), atol=1e-9)
        assert found["frequency"][head] == 1 + int(np.argmax(energies))
    power = [sum(((np.array(wave) @ w_e[:p]) ** 2).sum() for m, wave in direct_basis(p) if m == k) for k in range(1, 4)]
    np.testing.assert_allclose(found["embedding_power"], power, rtol=1e-6)
    patterns = trained.patterns(40)
    own, cross = direct_shares(patterns[2, 2, 1].astype(np.float64))
    np.testing.assert_allclose(found["pattern_share"][2, 2, 1], own, atol=1e-6)
    assert found["cross"][2, 2, 1] == pytest.approx(cross, abs=1e-6)
    assert np.isnan(found["pattern_share"][:, 0]).all(), "the first position attends to itself alone"


def test_the_softmax_of_all_scores_is_the_pattern_and_fve_that_of_one_frequency(trained):
    found, real = trained.artifacts.load_epoch("head_frequencies", 60), trained.patterns(60)[:, 2, 0]
    scores = from_table(found["score_lines"], found["score_axes"])
    np.testing.assert_allclose(scores.pattern(scores.lines), real, atol=1e-6)
    p, x = 7, np.arange(7)
    for head, k in enumerate(found["frequency"].tolist()):
        kept = []
        for line in (scores.lines[0][head], scores.lines[1][head]):
            waves = np.exp(2j * np.pi * k * x / p)
            kept.append(line.mean() + 2 / p * ((line @ waves.conj()) * waves).real)
        exponentials = np.exp(
            [np.tile(kept[0][:, None], p), np.tile(kept[1], (p, 1)), np.full((p, p), scores.lines[2][head, 0])]
        )
        one = exponentials[0] / exponentials.sum(axis=0)
        left, all_ = np.square(real[head] - one).sum(), np.square(real[head] - real[head].mean(dtype=np.float64)).sum()
        assert found["fve"][head] == pytest.approx(1 - left / all_, abs=1e-5)


def test_scores_far_apart_give_the_limit_of_the_softmax():
    lines = (np.array([[2000.0, -2000.0]]), np.array([[0.0, 1.0]]), np.array([[-5000.0]]))
    scores = SimpleNamespace(lines=lines, axes=(0, 1, None))
    table = from_table(np.stack([np.broadcast_to(line, (1, 2)) for line in lines], axis=1), np.array([0, 1, -1]))
    np.testing.assert_allclose(table.pattern(scores.lines), [[[1, 1], [0, 0]]], atol=1e-200)


def test_tokens_that_depend_on_both_axes_have_no_scores(trained):
    tokens = np.zeros((3, 3, 2), dtype=np.int64)
    tokens[:, :, 0] = np.arange(9).reshape(3, 3)
    assert last_scores(trained.checkpoint(0).weights, trained.model_config, tokens) is None


def analyze(patterns: np.ndarray, axes: tuple[Axis, ...]) -> dict[str, np.ndarray]:
    context = AnalysisContext("recorded", "run", 0, {}, ("a", "b"), axes)
    return AnalyzerRegistry.get("head_frequencies").analyze(None, None, {"patterns": patterns}, context)


def test_patterns_alone_give_shares_and_nothing_that_needs_weights():
    patterns = np.random.default_rng(3).random((2, 1, 2, 6, 6), dtype=np.float32)
    found = analyze(patterns, (Axis("x", 6), Axis("y", 6)))
    np.testing.assert_allclose(found["pattern_share"], grid_shares(patterns)[0])
    assert found["frequency"].tolist() == (1 + found["pattern_share"][:, -1, 0].argmax(axis=1)).tolist()
    assert all(np.isnan(found[name]).all() for name in ("score_share", "embedding_power", "fve", "score_lines"))


def test_ticks_say_which_number_a_place_is():
    patterns = np.random.default_rng(4).random((1, 1, 1, 5, 5))
    order = [3, 0, 4, 1, 2]
    ticks = tuple(map(str, order))
    shuffled = analyze(patterns[..., order, :][..., order], (Axis("x", 5, ticks), Axis("y", 5, ticks)))
    np.testing.assert_allclose(shuffled["pattern_share"], analyze(patterns, (Axis("x", 5), Axis("y", 5)))["pattern_share"])


@pytest.mark.parametrize(
    "axes",
    [
        (Axis("x", 4),),
        (Axis("x", 4), Axis("y", 5)),
        (Axis("x", 1), Axis("y", 1)),
        (Axis("x", 2), Axis("y", 2), Axis("z", 2)),
        (Axis("x", 2, ("p", "q")), Axis("y", 2, ("p", "q"))),
        (Axis("x", 2, ("1", "2")), Axis("y", 2, ("1", "2"))),
    ],
    ids=lambda axes: " x ".join(f"{axis.ticks or axis.size}" for axis in axes),
)
def test_axes_that_are_not_numbers_modulo_p_have_no_frequency(axes):
    reason = AnalyzerRegistry.get("head_frequencies").unsuited(axes)
    assert reason.startswith("its inputs are not two numbers modulo p") and f"{axes[0].name} of size {axes[0].size}" in reason
    with pytest.raises(InvalidValueError, match="not two numbers modulo p"):
        analyze(np.random.default_rng(5).random((2, 1, 1, *(axis.size for axis in axes))), axes)


def test_what_explains_all_is_1_and_the_mean_explains_nothing():
    grid = np.random.default_rng(6).random((1, 4, 4))
    assert explained(grid, grid).tolist() == [1]
    assert explained(grid, np.full_like(grid, grid.mean()))[0] == pytest.approx(0, abs=1e-12)
    assert np.isnan(explained(np.ones((1, 3, 3)), np.ones((1, 3, 3)))).all(), "there is nothing to explain"


def test_the_published_models_frequencies_are_those_of_its_own_tensors(reference, tmp_path):
    file, p = reference / "nanda" / "mod_addition_no_wd.pth", 113
    variant = headlapse.import_checkpoints(file, results=tmp_path).variant
    AnalysisPipeline(variant).run()
    found = variant.artifacts.load_epoch("head_frequencies", 4999)
    raw = {n: t.double().numpy() for n, t in torch.load(file, map_location="cpu", weights_only=True)["model"].items()}
    embedding, (w_pos_first, *_, w_pos_last) = raw["embed.W_E"].T, raw["pos_embed.W_pos"]
    power = np.square(np.abs(np.fft.fft(embedding[:p], axis=0)[1:57])).sum(axis=1)
    np.testing.assert_allclose(found["embedding_power"] / found["embedding_power"].sum(), power / power.sum(), rtol=1e-5)
    patterns = variant.patterns(4999).astype(np.float64)[:, 2, 0]
    for head, (w_q, w_k) in enumerate(zip(raw["blocks.0.attn.W_Q"], raw["blocks.0.attn.W_K"], strict=True)):
        score = (embedding[:p] + w_pos_first) @ w_k.T @ w_q @ (embedding[p] + w_pos_last)
        energy = np.square(np.abs(np.fft.fft(score)[1:57]))
        np.testing.assert_allclose(found["score_share"][head], energy / energy.sum(), atol=1e-6)
        transformed = np.square(np.abs(np.fft.fft2(patterns[head])))
        k = int(found["frequency"][head])
        nine = transformed[np.ix_([0, k, -k], [0, k, -k])].sum() - transformed[0, 0]
        share = nine / (transformed.sum() - transformed[0, 0])
        assert k == 1 + int(energy.argmax()) and found["pattern_share"][head, 2, 0, k - 1] == pytest.approx(share, abs=1e-6)
