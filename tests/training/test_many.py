"""Several variants at once: each as it would have trained alone, with its own files, and failing alone."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.training import together
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant

EPOCHS = 12
OPTIONS = {"checkpoint_epochs": [0, 4, EPOCHS], "progress": Silent(), "threads": 1}
SETTINGS = [{"seed": 1}, {"seed": 2, "lr": 0.002}, {"prime": 5, "seed": 1}, {"seed": 1, "data_seed": 7, "weight_decay": 0.5}]


def made(family: ModelFamily, results: Path) -> list[Variant]:
    return [family.variant(**{"prime": 7, "train_fraction": 0.6, **each}, results=results) for each in SETTINGS]


def state_of(variant: Variant) -> str:
    return str(json.loads(variant.paths.status.read_text())["state"])


def assert_as_alone(found: Variant, alone: Variant) -> None:
    for ours, theirs in ((found.losses.train, alone.losses.train), (found.losses.test, alone.losses.test)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4)
    assert found.checkpoint_epochs == alone.checkpoint_epochs
    for epoch in alone.checkpoint_epochs:
        for name, weight in alone.checkpoint(epoch).weights.items():
            apart = np.linalg.norm(found.checkpoint(epoch).weights[name] - weight)
            assert apart <= 1e-4 * np.linalg.norm(weight), name  # AdamW turns rounding of a gradient near 0 into a whole step
        np.testing.assert_allclose(found.patterns(epoch), alone.patterns(epoch), atol=1e-3)
    for part in ("train_indices", "test_indices"):
        assert found.metadata[part] == alone.metadata[part]
    files = [{path.name for path in variant.paths.root.rglob("*")} for variant in (found, alone)]
    assert files[0] == files[1]


@pytest.fixture(scope="module")
def alone(family: ModelFamily, tmp_path_factory: pytest.TempPathFactory) -> list[Variant]:
    return [variant.train(EPOCHS, **OPTIONS) for variant in made(family, tmp_path_factory.mktemp("alone"))]


@pytest.mark.parametrize("most", [None, 2])
def test_each_is_as_it_would_be_alone(
    most: int | None, family: ModelFamily, alone: list[Variant], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variants = made(family, tmp_path)
    if most is not None:
        room = together.ROOM * together.memory_needed(variants[0])
        monkeypatch.setattr(together, "memory_free", lambda _device: most * room)
    headlapse.train_many(variants, epochs=EPOCHS, **OPTIONS)
    for found, expected in zip(variants, alone, strict=True):
        assert_as_alone(found, expected)


def test_what_was_stopped_goes_on_together_or_alone(family: ModelFamily, alone: list[Variant], tmp_path: Path) -> None:
    class Stopping(Silent):
        def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
            if epoch == 5:
                signal.raise_signal(signal.SIGINT)

    variants = made(family, tmp_path)
    stopping = {**OPTIONS, "progress": Stopping()}
    same_shape = [variants[0], variants[1], variants[3]]
    with pytest.raises(KeyboardInterrupt):
        headlapse.train_many(same_shape, epochs=EPOCHS, **stopping)
    assert [state_of(variant) for variant in same_shape] == ["cancelled"] * 3
    variants[1].train(EPOCHS, **OPTIONS)
    headlapse.train_many(variants, epochs=EPOCHS, **OPTIONS)
    for found, expected in zip(variants, alone, strict=True):
        assert_as_alone(found, expected)


def test_a_run_that_diverges_ends_alone(family: ModelFamily, tmp_path: Path) -> None:
    variants = [family.variant(prime=7, train_fraction=0.6, seed=1, lr=lr, results=tmp_path) for lr in (1e-3, 1e30, 2e-3)]
    with pytest.raises(HeadlapseError, match=r"^1 of 3 runs failed: .*lr1e\+30: the train loss is (nan|inf)"):
        headlapse.train_many(variants, epochs=EPOCHS, **OPTIONS)
    assert [state_of(variant) for variant in variants] == ["trained", "failed", "trained"]
    assert [variant.checkpoint_epochs[-1] for variant in variants] == [EPOCHS, 0, EPOCHS]


@pytest.mark.parametrize(
    ("variants", "words"), [([], "is empty"), ("p7", "a list of variants"), (["p7"], "each of variants|a variant, as")]
)
def test_what_is_no_list_of_variants_is_refused(variants: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        headlapse.train_many(variants)


def test_a_variant_named_twice_is_refused(family: ModelFamily, tmp_path: Path) -> None:
    variant = made(family, tmp_path)[0]
    with pytest.raises(InvalidValueError, match="more than once"):
        headlapse.train_many([variant, variant])
    assert not variant.paths.root.exists()


def test_an_option_that_train_does_not_have_is_named(family: ModelFamily, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"^train_many\(\) got an unexpected keyword argument 'epoch'$"):
        headlapse.train_many(made(family, tmp_path), epoch=3)
