"""A variant is never shown, analysed or continued under a family that is not what it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from headlapse.analysis import AnalysisPipeline
from headlapse.errors import BrokenFamilyError, HeadlapseError, IncompatibleFileError
from headlapse.families.spec import parse_family_spec, read_family_spec
from headlapse.results.discovery import discover
from headlapse.storage.atomic import read_json, write_json
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant
from tests.crash.test_damage import flips, truncations

Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, tuple[Change, str]] = {
    "activation": (lambda content: content["architecture"].update(act_fn="gelu"), r"act_fn 'relu', which is 'gelu' now"),
    "heads": (lambda content: content["architecture"].update(n_heads=8), "n_heads 2, which is 8 now"),
    "biases": (lambda content: content["architecture"].update(train_biases=True), "train_biases False, which is True now"),
    "direction": (
        lambda content: content["architecture"].update(attention_dir="bidirectional"),
        "attention_dir 'causal', which is 'bidirectional' now",
    ),
    "learning rate": (lambda content: content["training"]["lr"].update(default=0.01), "lr 0.001, which is 0.01 now"),
}
COSMETIC: dict[str, Change] = {
    "title": lambda content: content.update(title="Another title", description="In other words"),
    "description of a setting": lambda content: content["training"]["lr"].update(description="per step"),
    "views": lambda content: content.update(visualizations=[]),
    "range": lambda content: content["domain_parameters"]["prime"].update(maximum=999),
    "schedule": lambda content: content["schedule"]["epochs"].update(default=7),
}


@pytest.fixture
def run(small_family: Callable[..., ModelFamily], tmp_path: Path) -> Variant:
    variant = small_family().variant(prime=5, train_fraction=0.6, results=tmp_path / "results")
    return variant.train(epochs=4, checkpoint_every=2, progress=Silent())


def changed(family: ModelFamily, change: Change) -> ModelFamily:
    content = family.spec.model_dump()
    change(content)
    return ModelFamily(parse_family_spec(content, family.path), family.path)


def again(run: Variant, family: ModelFamily) -> Variant:
    """The variant that a user of `family` names when he means `run`."""
    return family.variant(prime=5, train_fraction=0.6, results=run.results)


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_family_shows_analyses_and_continues_nothing(case: str, run: Variant) -> None:
    change, words = CHANGES[case]
    family = changed(run.family, change)
    before = {path: path.read_bytes() for path in run.paths.root.rglob("*") if path.is_file()}
    listed = discover(run.results, lambda _: family)
    assert not listed.variants and len(listed.broken) == 1
    variant = again(run, family)
    remedy = r"; restore .*family\.json, give the changed family a name of its own, or train with --restart"
    for use in (
        lambda: variant.train(epochs=6, progress=Silent()),
        lambda: variant.checkpoint(2),
        lambda: variant.patterns(2),
        lambda: variant.artifacts.load_run("attention_lock_in"),
        lambda: variant.record(2),
        lambda: AnalysisPipeline(variant).run(),
    ):
        with pytest.raises(IncompatibleFileError, match=rf"config\.json: was made with .*{words}.*{remedy}"):
            use()
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("case", CHANGES)
def test_a_restart_takes_the_family_as_it_is_now(case: str, run: Variant) -> None:
    variant = again(run, changed(run.family, CHANGES[case][0]))
    variant.train(epochs=2, restart=True, progress=Silent())
    assert Variant.open(variant.paths.root, variant.family).state == "analysed"


def test_a_field_that_is_taken_back_is_a_change_too(run: Variant) -> None:
    family = changed(run.family, CHANGES["direction"][0])
    variant = again(run, family).train(epochs=2, restart=True, progress=Silent())
    assert read_json(variant.paths.config, "")["model"]["attention_dir"] == "bidirectional"
    with pytest.raises(IncompatibleFileError, match=r"attention_dir 'bidirectional', which is 'causal' now"):
        Variant.open(run.paths.root, run.family)


@pytest.mark.parametrize("case", COSMETIC)
def test_other_words_views_ranges_and_schedules_change_no_result(case: str, run: Variant) -> None:
    family = changed(run.family, COSMETIC[case])
    variant = Variant.open(run.paths.root, family)
    assert variant.patterns(4).shape == (2, 3, 3, 5, 5)
    again(run, family).train(epochs=6, checkpoint_every=2, progress=Silent())
    assert variant.epochs == [0, 2, 4, 6]


def test_results_that_do_not_say_under_what_they_were_made_stay_readable(run: Variant) -> None:
    config = read_json(run.paths.config, "")
    del config["model"]
    write_json(run.paths.config, config)
    variant = Variant.open(run.paths.root, run.family)
    assert variant.patterns(4).shape == (2, 3, 3, 5, 5)
    again(run, run.family).train(epochs=6, checkpoint_every=2, progress=Silent())
    assert read_json(run.paths.config, "")["model"]["n_heads"] == 2


@pytest.mark.parametrize("damage", [truncations, flips])
def test_a_damaged_family_is_broken_or_opens_only_what_it_still_describes(
    damage: Callable[[bytes], Iterator[bytes]], run: Variant, tmp_path: Path
) -> None:
    """Not every damage can be seen in family.json itself, which has no checksum, for people write it."""
    path = tmp_path / "family.json"
    content = json.loads(run.family.path.read_text())
    content["architecture"] = run.family.spec.architecture.model_dump()
    for parameter in (*content["domain_parameters"].values(), *content["training"].values(), *content["schedule"].values()):
        parameter["description"] = ""
    path.write_text(json.dumps(content | {"title": "t", "description": "d"}, separators=(",", ":")))
    opened = 0
    for damaged in damage(path.read_bytes()):
        path.write_bytes(damaged)
        try:
            family = ModelFamily(read_family_spec(path), path)
        except BrokenFamilyError as error:
            assert str(path) in str(error)
            continue
        for meant in (lambda family=family: Variant.open(run.paths.root, family), lambda family=family: again(run, family)):
            try:
                variant = meant()
                variant.identity(0)
            except HeadlapseError:
                continue
            if variant.paths.root == run.paths.root:
                opened += 1
                assert (variant.model, dict(variant.settings)) == (run.model, dict(run.settings))
    assert (opened > 0) == (damage is flips)
