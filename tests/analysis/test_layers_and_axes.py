"""Several layers, and tasks with other axes than two of one size, from training to artifacts, in float64 by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from headlapse.families.axes import Axis
from headlapse.families.spec import parse_family_spec
from headlapse.families.tasks import Split, TaskRegistry, Vocabulary
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant
from tests.models.numpy_layers import all_patterns
from tests.plug_ins import keep_apart


class ThreeNumbers:
    """Answers (x + y + z) mod 2 for x < 2, y < 3, z < 4, then `=`."""

    name: ClassVar[str] = "three_numbers"
    sizes: ClassVar[tuple[int, int, int]] = (2, 3, 4)

    def vocabulary(self, settings: object) -> Vocabulary:
        return Vocabulary(d_vocab=5, d_vocab_out=2, n_ctx=4)

    def n_inputs(self, settings: object) -> int:
        return 24

    def axes(self, settings: object) -> tuple[Axis, ...]:
        return tuple(Axis(name, size) for name, size in zip("xyz", self.sizes, strict=True))

    def probe(self, settings: object) -> np.ndarray:
        return np.array([[*numbers, 4] for numbers in np.ndindex(self.sizes)])

    def labels(self, settings: object) -> np.ndarray:
        return self.probe(settings)[:, :3].sum(axis=1) % 2

    def split(self, settings: object) -> Split:
        return Split(np.arange(0, 24, 2), np.arange(1, 24, 2))

    def notes(self, settings: object) -> list[str]:
        return []


class Lines(ThreeNumbers):
    """The same without axes of its own."""

    name: ClassVar[str] = "lines"
    axes = None  # type: ignore[assignment]


@pytest.fixture
def family_of(family: ModelFamily, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModelFamily]:
    keep_apart(monkeypatch, TaskRegistry, ThreeNumbers(), Lines())

    def make(task: str = "modulo_addition", labels: tuple[str, ...] = ("a", "b", "="), **architecture: object) -> ModelFamily:
        content = json.loads(family.path.read_text()) | {"task": task, "position_labels": list(labels)}
        content["architecture"] |= {"n_heads": 3, "d_model": 10, "d_head": 4, "d_mlp": 14} | architecture
        return ModelFamily(parse_family_spec(content, family.path), family.path)

    return make


def trained(family: ModelFamily, results: Path, **options: object) -> Variant:
    variant = family.variant(prime=5, train_fraction=0.6, results=results)
    return variant.train(epochs=6, progress=Silent(), **{"checkpoint_epochs": [0, 6], **options})


def check(variant: Variant, normalization: str | None = None) -> None:
    """Every cell of every checkpoint against the computation by hand."""
    probe, sizes = variant.family.probe(variant.settings), [axis.size for axis in variant.axes]
    for epoch in variant.epochs:
        found, weights = variant.patterns(epoch), variant.checkpoint(epoch).weights
        assert found.shape == (len(variant.head_labels), *[probe.shape[1]] * 2, *sizes)
        for row, tokens in enumerate(probe):
            expected = np.concatenate(all_patterns(weights, tokens, normalization))
            place = np.unravel_index(row, sizes)
            np.testing.assert_allclose(found[(..., *place)], expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("normalization", [None, "LN"])
def test_every_head_of_two_layers_is_there(family_of: Callable, tmp_path: Path, normalization: str | None) -> None:
    variant = trained(family_of(n_layers=2, normalization=normalization), tmp_path)
    assert variant.head_labels == ("L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2")
    check(variant, normalization)
    assert variant.state == "analysed"


def test_eight_heads(family_of: Callable, tmp_path: Path) -> None:
    variant = trained(family_of(n_heads=8), tmp_path)
    assert variant.head_labels[7] == "Head 7"
    check(variant)


@pytest.mark.parametrize("n_layers", [1, 2])
def test_three_axes_of_different_sizes(family_of: Callable, tmp_path: Path, n_layers: int) -> None:
    variant = trained(family_of("three_numbers", ("x", "y", "z", "="), n_layers=n_layers), tmp_path)
    assert variant.patterns(6).shape == (3 * n_layers, 4, 4, 2, 3, 4)
    check(variant)
    assert variant.artifacts.load_epoch("attention_entropy", 6)["entropy"].shape == (3 * n_layers, 4, 2, 3, 4)
    assert variant.artifacts.load_run("attention_lock_in")["distance"].shape == (2, 3 * n_layers, 4)


def test_a_task_without_axes_has_one_of_all_its_inputs(family_of: Callable, tmp_path: Path) -> None:
    variant = trained(family_of("lines", ("x", "y", "z", "=")), tmp_path)
    assert variant.axes == (Axis("input", 24),)
    check(variant)


def test_distances_of_a_head_in_a_later_layer_are_its_own(family_of: Callable, tmp_path: Path) -> None:
    variant = trained(family_of(n_layers=2), tmp_path)
    run = variant.artifacts.load_run("attention_lock_in")
    first, last = (variant.patterns(epoch).astype(np.float64) for epoch in (0, 6))
    expected = np.abs(first - last).sum(axis=2).mean(axis=(-2, -1)) / 2
    np.testing.assert_allclose(run["distance"][0], expected, atol=1e-6)


def test_adaptive_checkpoints_follow_all_layers(family_of: Callable, tmp_path: Path) -> None:
    variant = family_of(n_layers=2).variant(prime=5, train_fraction=0.6, results=tmp_path)
    variant.train(epochs=8, checkpoints="adaptive", budget=3, progress=Silent())
    assert len(variant.epochs) == 3
    check(variant)
