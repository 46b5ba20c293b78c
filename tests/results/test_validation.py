"""A checkpoint that is whole but holds another model is refused, and says what differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import headlapse
from headlapse.cli.app import build_app
from headlapse.errors import IncompatibleFileError, NonFiniteError
from headlapse.results import checkpoints
from headlapse.results.checkpoints import check_finite, write_checkpoint
from headlapse.results.integrity import inspect
from headlapse.workbench import Variant

Weights = dict[str, np.ndarray]
W_E, W_Q = "embed.W_E", "blocks.0.attn.W_Q"


def without(weights: Weights, name: str) -> Weights:
    return {other: array for other, array in weights.items() if other != name}


WRONG: dict[str, tuple[Callable[[Weights], Weights], str]] = {
    "missing": (lambda weights: without(weights, W_E), "it has no embed.W_E"),
    "renamed": (
        lambda weights: without(weights, W_E) | {"embed.W_F": weights[W_E]},
        "it has no embed.W_E, but embed.W_F",
    ),
    "extra": (lambda weights: weights | {"blocks.1.attn.W_Q": weights[W_Q]}, "it has blocks.1.attn.W_Q besides"),
    "transposed": (lambda weights: weights | {W_E: weights[W_E].T}, "embed.W_E has shape (128, 8), expected (8, 128)"),
    "other heads": (
        lambda weights: weights | {W_Q: weights[W_Q].reshape(2, 128, 64)},
        "blocks.0.attn.W_Q has shape (2, 128, 64), expected (4, 128, 32)",
    ),
    "whole numbers": (
        lambda weights: weights | {W_E: weights[W_E].astype(np.int64)},
        "embed.W_E holds int64, expected a floating type",
    ),
}


@pytest.fixture(params=WRONG)
def wrong(request: pytest.FixtureRequest, trained_copy: Variant) -> tuple[Variant, str]:
    """A run whose weights at epoch 20 are sealed, of the right identity, and of another model; and what differs."""
    spoil, words = WRONG[request.param]
    weights = spoil(trained_copy.checkpoint(20).weights)
    write_checkpoint(trained_copy.paths.checkpoint(20), weights, trained_copy.identity(20))
    return trained_copy, words


def test_analyze_names_path_difference_and_remedy(wrong: tuple[Variant, str]) -> None:
    variant, words = wrong
    done = CliRunner().invoke(build_app(), ["analyze", variant.name, "--results", str(variant.results)])
    assert done.exit_code == 1 and "unexpected" not in done.output and "Error" not in done.output
    (line,) = {line.partition(": ")[2] for line in done.output.splitlines() if line.startswith("  epoch 20")}
    assert line.startswith(f"{variant.paths.checkpoint(20)}: is not of its variant's architecture: {words}; move")


def test_check_finds_it_and_the_bridge_refuses_it(wrong: tuple[Variant, str]) -> None:
    variant, words = wrong
    (finding,) = [finding for finding in inspect(variant) if finding.path == variant.paths.checkpoint(20)]
    assert finding.state == "incompatible" and words in finding.problem
    with pytest.raises(IncompatibleFileError, match="architecture"):
        headlapse.to_bridge(variant, 20)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_may_be_as_large_as_their_type_allows_but_not_infinite(dtype: type[np.floating], tmp_path: Path) -> None:
    huge = np.full((4, 5), np.finfo(dtype).max, dtype)
    weights = {"small": np.zeros((2, 3), dtype), "empty": np.zeros(0, dtype), "huge": huge}
    check_finite(tmp_path / "file", weights)
    for bad in (np.nan, np.inf, -np.inf):
        huge[2, 1] = bad
        with pytest.raises(NonFiniteError, match="huge contains NaN or infinity"):
            check_finite(tmp_path / "file", weights)


def test_check_finds_weights_of_another_hash_than_stated(trained_copy: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    path, weights = trained_copy.paths.checkpoint(20), trained_copy.checkpoint(20).weights
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "content_hash", lambda _: "0" * 64)
        write_checkpoint(path, weights, trained_copy.identity(20))
    (finding,) = [finding for finding in inspect(trained_copy) if finding.path == path]
    assert finding.state == "corrupt" and "other weights than its sha256 says" in finding.problem
