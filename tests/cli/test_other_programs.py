"""A folder that another program wrote among the results is known for what it is, led to an import, and never changed."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import headlapse
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import IncompatibleFileError
from headlapse.models.config import ModelConfig
from headlapse.models.initial import initial_weights
from headlapse.training.progress import Silent
from headlapse.workbench import FamilyRegistry, ModelFamily, Variant
from tests.cli.test_cli import Cli, cli

__all__ = ["cli"]
FAMILY = "modulo_addition_1layer"
NAME = f"{FAMILY}_p7_seed999_dseed598"
FOLDER = Path("results") / FAMILY / NAME
SAYS = rf"{NAME}: was written by another program than headlapse and is left as it is; to see it here, run `headlapse import "
RECORDS: dict[str, tuple[str, ...]] = {
    "with both records": ("config.json", "metadata.json"),
    "with a config": ("config.json",),
    "with metadata": ("metadata.json",),
    "with checkpoints alone": (),
}
Earlier = Callable[..., dict[Path, bytes]]


@pytest.fixture
def earlier(cli: Cli, family: ModelFamily) -> Earlier:
    """Write a run as the earlier public workbench does, into the folder in which ours would be; its files."""

    def write(records: tuple[str, ...] = RECORDS["with both records"], folder: Path = FOLDER) -> dict[Path, bytes]:
        (folder / "checkpoints").mkdir(parents=True)
        config = ModelConfig.of(family, family.resolve({"prime": 7}))
        for seed, epoch in enumerate((0, 100)):
            save_file(initial_weights(config, seed), folder / "checkpoints" / f"checkpoint_epoch_{epoch:05d}.safetensors")
        said = {
            "config.json": {"prime": 7, "model_seed": 999, "n_layers": 1, "n_heads": 4, "d_model": 128, "act_fn": "relu"},
            "metadata.json": {"train_losses": [2.0] * 101, "test_losses": [2.5] * 101, "checkpoint_epochs": [0, 100]},
        }
        for name in records:
            (folder / name).write_text(json.dumps(said[name]))
        return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    return write


@pytest.mark.parametrize("records", RECORDS)
def test_every_door_says_so_and_leads_to_an_import(cli: Cli, earlier: Earlier, records: str) -> None:
    before = earlier(RECORDS[records])
    train = ("train", FAMILY, "--prime", "7", "--epochs", "2")
    doors = [("list",), ("check", "--all"), ("check", NAME), ("check", NAME, "--repair"), ("analyze", NAME)]
    for arguments in [*doors, ("analyze", "--all"), ("export", NAME), train, (*train, "--restart")]:
        code, out, err = cli(*arguments)
        assert code == (0 if arguments == ("list",) else 1), arguments
        assert re.search(SAYS, out + err), arguments
        assert "--restart" not in out + err
    (entry,) = VariantIndex(Path("results"), FamilyRegistry()).entries()
    assert entry.state == "unusable" and re.search(SAYS, entry.problem)
    with pytest.raises(IncompatibleFileError, match=SAYS):
        headlapse.load_variant(FOLDER)
    found = {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file() and path.name != ".lock"}
    assert found == before


def test_the_line_that_is_told_imports_it(cli: Cli, earlier: Earlier, family: ModelFamily) -> None:
    earlier()
    told = re.search(r"run `headlapse ([^`]*)`", cli("list")[2])
    assert told is not None
    assert cli(*shlex.split(told[1]))[0] == 0
    (variant,) = json.loads(cli("list", "--json")[1])["variants"]
    assert (variant["checkpoints"], variant["epoch"]) == (2, 100)
    copy = headlapse.load_variant(FOLDER.with_name(variant["variant"]))
    config = ModelConfig.of(family, family.resolve({"prime": 7}))
    for seed, epoch in enumerate((0, 100)):
        for name, tensor in initial_weights(config, seed).items():
            assert torch.equal(torch.from_numpy(copy.checkpoint(epoch).weights[name].copy()), tensor)


def test_of_a_family_that_nobody_knows_too(cli: Cli, earlier: Earlier) -> None:
    folder = Path("results") / "their_family" / "a run"
    earlier(folder=folder)
    message = r"a run: was written by another program than headlapse .* run `headlapse import 'results/their_family/a run'"
    assert re.search(message, cli("list")[2])
    (entry,) = VariantIndex(Path("results"), FamilyRegistry()).entries()
    assert re.search(message, entry.problem)


def test_weights_in_another_format_are_not_ours_either(cli: Cli) -> None:
    (FOLDER / "checkpoints").mkdir(parents=True)
    torch.save({"W": torch.ones(2)}, FOLDER / "checkpoints" / "epoch_100.pt")
    code, _, err = cli("train", FAMILY, "--prime", "7", "--epochs", "2", "--restart")
    assert code == 1 and re.search(SAYS, err)


DAMAGE: dict[str, Callable[[Variant], object]] = {
    "no config": lambda variant: variant.paths.config.unlink(),
    "a cut config": lambda variant: variant.paths.config.write_bytes(variant.paths.config.read_bytes()[:-9]),
    "an empty config": lambda variant: variant.paths.config.write_bytes(b""),
    "no records": lambda variant: [path.unlink() for path in (variant.paths.config, variant.paths.metadata)],
    "a cut checkpoint": lambda variant: [
        variant.paths.config.unlink(),
        variant.paths.metadata.unlink(),
        variant.paths.checkpoint(0).write_bytes(variant.paths.checkpoint(0).read_bytes()[:40]),
    ],
    "no checkpoint": lambda variant: [
        variant.paths.config.write_bytes(b"{"),
        *(variant.paths.checkpoint(epoch).unlink() for epoch in variant.epochs),
    ],
}


@pytest.mark.parametrize("case", DAMAGE)
def test_what_is_ours_and_damaged_stays_ours(trained_copy: Variant, case: str) -> None:
    DAMAGE[case](trained_copy)
    with pytest.raises(headlapse.errors.FileStateError, match="train the variant: the same command also continues a run"):
        headlapse.load_variant(trained_copy.paths.root)
    trained_copy.train(epochs=61, restart=True, progress=Silent())
    assert headlapse.load_variant(trained_copy.paths.root).state == "analysed"
