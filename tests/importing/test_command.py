"""`headlapse import` as typed: each option does what it says, and a wrong one is refused in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import headlapse
from headlapse.cli import main
from headlapse.results.variant import Variant
from tests.importing.models import HEADS, as_bridge, model

States = dict[str, Any]
Imports = Callable[..., str]


@pytest.fixture
def imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Imports:
    """The command on arguments; what it printed, if it ended with `code`. No number in the working folder reads as an epoch."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def command(*arguments: object, code: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["headlapse", "import", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert ended.value.code == code, printed.err
        return printed.out if code == 0 else printed.err

    return command


def imported(name: str, family: str = "modulo_addition_1layer") -> Variant:
    return headlapse.load_variant(Path("results") / family / name)


def assert_has(variant: Variant, states: dict[int, States]) -> None:
    """The run has these weights at these epochs and at no others."""
    assert variant.epochs == list(states)
    for epoch, weights in states.items():
        for name, array in variant.checkpoint(epoch).weights.items():
            np.testing.assert_array_equal(array, weights[name], err_msg=f"epoch {epoch}: {name}")


def test_epochs_every_gives_the_epochs_of_a_list_of_states(imports: Imports) -> None:
    states = [model(seed) for seed in range(3)]
    torch.save({"checkpoints": states}, "a.pt")
    assert "--epochs-every" in imports("a.pt", code=2)
    assert "accuracy" in imports("a.pt", "--epochs-every", 100, "--epoch", 0)
    assert_has(imported("imported_a"), dict(zip((0, 100, 200), states, strict=True)))
    imports("a.pt", "--epochs-every", 50, "--epoch", 7, "--name", "later")
    assert_has(imported("later"), dict(zip((7, 57, 107), states, strict=True)))
    assert "--epochs-every" in imports("a.pt", "--epochs-every", 0, code=2)


def test_epochs_of_several_files_are_given_in_their_order(imports: Imports) -> None:
    for seed, name in enumerate(("b.pt", "a.pt")):
        torch.save(model(seed), name)
    imports("b.pt", "a.pt", "--epoch", 5, "--epoch", 60, "--name", "both")
    assert_has(imported("both"), {5: model(0), 60: model(1)})


def test_heads_splits_fused_weights(imports: Imports) -> None:
    torch.save(as_bridge(model()), "epoch_5.pt")
    imports("epoch_5.pt", "--heads", HEADS)
    assert_has(imported("imported_epoch_5"), {5: model()})
    assert "does not split into 7 heads" in imports("epoch_5.pt", "--heads", 7, "--name", "seven", code=1)


def test_weights_chooses_one_of_several(imports: Imports) -> None:
    torch.save({"model": model(0), "epoch": 90, "best_model": model(1), "best_epoch": 40}, "a.pt")
    imports("a.pt", "--weights", "best_model")
    assert_has(imported("imported_a"), {40: model(1)})
    assert "'none'" in imports("a.pt", "--weights", "none", "--name", "none", code=2)


def test_prime_is_checked_against_the_weights(imports: Imports) -> None:
    torch.save(model(), "epoch_5.pt")
    imports("epoch_5.pt", "--prime", 11)
    assert imported("imported_epoch_5").settings["prime"] == 11
    assert "prime" in imports("epoch_5.pt", "--prime", 13, "--name", "other", code=1)


def test_set_states_what_the_files_do_not(imports: Imports) -> None:
    torch.save(model(), "epoch_5.pt")
    imports("epoch_5.pt", "--set", "seed=4", "--set", "weight_decay=0.5")
    settings = imported("imported_epoch_5").settings
    assert (settings["seed"], settings["weight_decay"]) == (4, 0.5)
    assert "no_such" in imports("epoch_5.pt", "--set", "no_such=1", "--name", "other", code=2)


def test_losses_every_gives_the_distance_of_losses(imports: Imports) -> None:
    losses = [float(number) for number in range(500)]
    torch.save({"model": model(), "epoch": 100, "train_losses": losses, "test_losses": losses}, "a.pt")
    imports("a.pt", "--losses-every", "1/5")
    assert imported("imported_a").losses.test[7] == losses[35]
    imports("a.pt", "--losses-every", 0, "--name", "without")
    assert not np.isfinite(imported("without").losses.test).any()


def test_family_names_the_task_that_the_accuracy_is_of(imports: Imports) -> None:
    torch.save(model(), "epoch_5.pt")
    family = "modular_operation_1layer"
    imports("epoch_5.pt", "--family", family, "--set", "operation=subtract")
    assert imported("imported_epoch_5", family).settings["operation"] == "subtract"
    assert "'nothing'" in imports("epoch_5.pt", "--family", "nothing", code=2)


@pytest.mark.parametrize("option", [["--revisions", "step0"], ["--probe", "some text"]])
def test_options_of_a_published_series_are_refused_for_files(option: list[str], imports: Imports) -> None:
    torch.save(model(), "epoch_5.pt")
    assert f"{option[0]} is for a published series" in imports("epoch_5.pt", *option, code=2)
