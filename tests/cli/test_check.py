"""`headlapse check` says what is wrong and makes again what it can."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from headlapse.cli.app import build_app
from headlapse.results import Variant

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
    assert code == 0 and "4 checkpoints, 9 artifacts, all right" in output


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
    assert done.exit_code == 1 and "config.json" in done.output and "1 with something wrong" in done.output
