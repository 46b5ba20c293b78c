"""`headlapse check` says what is wrong and makes again what it can."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from headlapse.cli.app import build_app
from headlapse.errors import counted
from headlapse.families.spec import parse_family_spec
from headlapse.results.integrity import inspect
from headlapse.training.progress import Silent
from headlapse.training.repair import repair
from headlapse.workbench import ModelFamily, Variant

NAME = "attention_patterns"


def check(variant: Variant, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app(), ["check", variant.name, "--results", str(variant.results), *options])
    return done.exit_code, done.output


def contents(variant: Variant) -> dict[str, bytes]:
    files = (path for path in variant.paths.root.rglob("*") if path.is_file() and path.name != "status.json")
    return {str(path.relative_to(variant.paths.root)): path.read_bytes() for path in files}


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def copy_of_epoch_60(variant: Variant) -> None:
    shutil.copy(variant.paths.artifacts.file(NAME, 60), variant.paths.artifacts.file(NAME, 20))


REPAIRABLE: dict[str, tuple[str, Callable[[Variant], object]]] = {
    "damaged artifact": ("corrupt", lambda variant: flip(variant.paths.artifacts.file(NAME, 20))),
    "deleted artifact": ("missing", lambda variant: variant.paths.artifacts.file(NAME, 20).unlink()),
    "artifact of another epoch": ("incompatible", copy_of_epoch_60),
    "damaged losses": ("corrupt", lambda variant: flip(variant.paths.losses)),
    "deleted losses": ("missing", lambda variant: variant.paths.losses.unlink()),
    "damaged metadata": ("corrupt", lambda variant: flip(variant.paths.metadata)),
    "damaged status": ("corrupt", lambda variant: flip(variant.paths.status)),
    "dead temporary": (
        "leftover",
        lambda variant: (variant.paths.checkpoints / f".checkpoint_epoch_00020.safetensors.{'a' * 16}.tmp").touch(),
    ),
}


def test_a_whole_variant_is_all_right(trained: Variant) -> None:
    code, output = check(trained)
    artifacts = len([*trained.artifacts_dir.rglob("*.npz")])
    assert code == 0 and f"4 checkpoints, {artifacts} artifacts, OK" in output and artifacts >= 9


@pytest.mark.parametrize("case", REPAIRABLE)
def test_damage_is_named_and_repaired_to_the_same_bytes(case: str, trained_copy: Variant) -> None:
    before = contents(trained_copy)
    state, damage = REPAIRABLE[case]
    damage(trained_copy)
    code, output = check(trained_copy)
    assert code == 1 and f"  {state}: " in output
    code, output = check(trained_copy, "--repair")
    assert code == 0 and "repaired 1 of 1" in output
    assert contents(trained_copy) == before
    assert trained_copy.state == "analysed"


def test_weights_cannot_be_made_again_and_their_artifact_stays(trained_copy: Variant) -> None:
    flip(trained_copy.paths.checkpoint(20))
    code, output = check(trained_copy, "--repair")
    assert code == 1 and "left: corrupt" in output and "--restart" in output
    assert len(trained_copy.artifacts.load_epochs(NAME)["epochs"]) == 4


def test_a_checkpoint_that_is_gone_is_missed(trained_copy: Variant) -> None:
    trained_copy.paths.checkpoint(40).unlink()
    code, output = check(trained_copy)
    assert code == 1 and "missing: " in output and "checkpoint_epoch_00040.safetensors" in output


def test_a_training_state_that_is_gone_is_missed(trained_copy: Variant) -> None:
    before = contents(trained_copy)
    trained_copy.paths.training_state.unlink()
    trained_copy.paths.metadata.unlink()
    trained_copy.paths.status.unlink()
    code, output = check(trained_copy, "--repair")
    assert code == 1 and "repaired 2 of 3" in output and "cannot be continued; train with --restart" in output
    assert contents(trained_copy) == {name: content for name, content in before.items() if "training_state" not in name}
    assert trained_copy.state == "analysed"


def test_whole_losses_outlive_a_damaged_training_state(trained_copy: Variant) -> None:
    """How far the run had come is told by the checkpoints and the losses themselves then."""
    whole = trained_copy.losses
    flip(trained_copy.paths.losses)
    content = bytearray(trained_copy.paths.training_state.read_bytes())
    content[20] ^= 1
    trained_copy.paths.training_state.write_bytes(bytes(content))
    code, output = check(trained_copy, "--repair")
    assert code == 1 and "repaired 1 of 2" in output
    assert np.array_equal(trained_copy.losses.train, whole.train) and np.array_equal(trained_copy.losses.test, whole.test)


@pytest.mark.parametrize("name", ["losses", "metadata"])
def test_losses_of_another_run_are_found(name: str, trained_copy: Variant, family: ModelFamily) -> None:
    other = family.variant(prime=7, train_fraction=0.6, seed=5, results=trained_copy.results)
    other.train(epochs=60, checkpoint_epochs=[0, 60], analyze=False, progress=Silent())
    shutil.copy(getattr(other.paths, name), getattr(trained_copy.paths, name))
    code, output = check(trained_copy)
    assert code == 1 and "1 finding" in output
    assert "  incompatible: " in output and "another train loss than the checkpoint of epoch 20; move it back" in output


def test_the_status_of_another_run_is_not_shown(trained_copy: Variant, family: ModelFamily) -> None:
    other = family.variant(prime=7, train_fraction=0.6, seed=5, results=trained_copy.results)
    other.train(epochs=20, checkpoint_every=20, analyze=False, progress=Silent())
    own = trained_copy.status["train_loss"]
    shutil.copy(other.paths.status, trained_copy.paths.status)
    assert trained_copy.run_state.status == {} and trained_copy.state == "analysed"
    code, output = check(trained_copy)
    assert code == 1 and f"incompatible: {trained_copy.paths.status}: belongs to {other.name}" in output
    code, output = check(trained_copy, "--repair")
    assert code == 0 and "repaired 1 of 1" in output and trained_copy.status["train_loss"] == own


def test_a_file_in_place_of_a_folder_is_named(trained_copy: Variant) -> None:
    """What is found only now is not counted against what was repaired."""
    trained_copy.paths.status.unlink()
    shutil.rmtree(trained_copy.paths.checkpoints)
    trained_copy.paths.checkpoints.write_text("")
    code, output = check(trained_copy, "--repair")
    assert code == 1 and "repaired 1 of 2" in output
    assert f"left: corrupt: {trained_copy.paths.checkpoints}: is not a folder" in output and output.count("left: missing") == 4


def test_artifacts_that_the_family_does_not_name_are_repaired(trained_copy: Variant, family: ModelFamily) -> None:
    assert "attention_entropy" in family.spec.analyzers
    content = json.loads(family.path.read_text())
    content["analyzers"].remove("attention_entropy")
    content["visualizations"] = [name for name in content["visualizations"] if "entropy" not in name]
    fewer = ModelFamily(parse_family_spec(content, family.path), family.path)
    variant = Variant(fewer, trained_copy.settings, trained_copy.results)
    before = contents(variant)
    flip(variant.paths.artifacts.file("attention_entropy", 20))
    assert len(inspect(variant)) == 1
    repair(variant)
    assert inspect(variant) == [] and contents(variant) == before


def test_losses_lost_in_both_places_are_not_known(trained_copy: Variant) -> None:
    whole = trained_copy.losses.train
    content = bytearray(trained_copy.paths.losses.read_bytes())
    content[24 * 10] ^= 1
    trained_copy.paths.losses.write_bytes(bytes(content))
    trained_copy.paths.metadata.unlink()
    assert check(trained_copy, "--repair")[0] == 0
    train = trained_copy.losses.train
    assert np.isnan(train[10]) and np.array_equal(np.delete(train, 10), np.delete(whole, 10))
    assert trained_copy.metadata["train_losses"][10] is None


def test_misnamed_files_are_mentioned(trained_copy: Variant) -> None:
    folder = trained_copy.artifacts_dir / NAME
    for name in ("epoch_20.npz", "epoch_000020.npz", "epoch_x.npz", "epoch_00020 (copy).npz"):
        shutil.copy(folder / "epoch_00020.npz", folder / name)
    code, output = check(trained_copy)
    assert code == 1 and output.count("  foreign: ") == 4


def test_a_broken_config_is_listed_and_hides_no_other(trained_copy: Variant) -> None:
    flip(trained_copy.paths.config)
    done = CliRunner().invoke(build_app(), ["check", "--all", "--results", str(trained_copy.results)])
    assert done.exit_code == 1 and "config.json" in done.output and "1 with problems" in done.output


def test_checkpoints_without_an_analysis_are_not_wrong(trained_copy: Variant) -> None:
    for epoch in (40, 60):
        trained_copy.paths.artifacts.file(NAME, epoch).unlink()
    shutil.rmtree(trained_copy.paths.artifacts.folder("attention_entropy"))
    code, output = check(trained_copy)
    line = f"not analysed yet, by number of checkpoints: {NAME} (2), attention_entropy (4); run `headlapse analyze"
    assert (
        code == 0 and f"  {line} {trained_copy.name}`\n" in output and "missing" not in output and "0 with problems" in output
    )
    shutil.rmtree(trained_copy.paths.artifacts.root)
    code, output = check(trained_copy)
    assert code == 0 and f"{NAME} (4), attention_entropy (4)" in output and "4 checkpoints, 0 artifacts, OK" in output


def test_one_is_not_plural(trained_copy: Variant) -> None:
    for epoch in (20, 40, 60):
        trained_copy.paths.checkpoint(epoch).unlink()
    assert f"{trained_copy.name}: 1 checkpoint, " in check(trained_copy)[1]
    assert [counted(number, "run") for number in (0, 1, 2, 1_200)] == ["0 runs", "1 run", "2 runs", "1,200 runs"]
