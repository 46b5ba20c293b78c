"""Epochs of states: inside a file before its name, and nothing left out without a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from headlapse.errors import InvalidValueError
from tests.importing.models import assert_weights, model, take


def save(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(content, path)
    return path


def notes(imported: Any) -> str:
    return "\n".join(imported.notes)


@pytest.mark.parametrize(
    "number", [100, 100.0, "100", np.int64(100), torch.tensor(100), torch.tensor([100]), np.array(100)], ids=repr
)
def test_the_number_inside_wins_over_the_name(number: Any, tmp_path: Path) -> None:
    save(tmp_path / "epoch_7.pt", {"model": model(), "epoch": number})
    imported = take(tmp_path / "epoch_7.pt", tmp_path)
    assert imported.variant.epochs == [100]
    assert "epoch_7.pt says epoch 100 inside, the name epoch_7.pt says 7" in notes(imported)


@pytest.mark.parametrize(
    "key", ["epoch", "step", "global_step", "iteration", "iter_num", "it", "Epoch", "globalStep", "epochs_trained", "stepsDone"]
)
def test_keys_of_epochs(key: str, tmp_path: Path) -> None:
    save(tmp_path / "final.pt", {"state_dict": model(), key: 40})
    assert take(tmp_path / "final.pt", tmp_path).variant.epochs == [40]


def test_files_and_their_folder_give_the_same(tmp_path: Path) -> None:
    for name, epoch in (("init", 0), ("100", 101), ("200", 201), ("final", 250)):
        save(tmp_path / "run" / f"{name}.pth", {"model": model(epoch), "epoch": epoch})
    whole = take(tmp_path / "run", tmp_path, name="folder")
    files = take(sorted((tmp_path / "run").iterdir()), tmp_path, name="files")
    for imported in (whole, files):
        assert imported.variant.epochs == [0, 101, 201, 250]
        assert "100.pth says epoch 101 inside, the name 100.pth says 100 (and so do 1 more)" in notes(imported)
        for epoch in imported.variant.epochs:
            assert_weights(imported, epoch, model(epoch))


def test_a_number_that_is_the_same_in_every_file_is_no_epoch(tmp_path: Path) -> None:
    for epoch in (10, 20):
        save(tmp_path / "run" / f"ckpt_{epoch}.pt", {"model": model(epoch), "epoch": 500})
    imported = take(tmp_path / "run", tmp_path)
    assert imported.variant.epochs == [10, 20]
    assert "every file says epoch 500" in notes(imported)


def test_steps_where_the_epoch_stays_the_same(tmp_path: Path) -> None:
    for step in (10, 20):
        save(tmp_path / "run" / f"epoch=0-step={step}.ckpt", {"state_dict": model(step), "epoch": 0, "global_step": step})
    assert take(tmp_path / "run", tmp_path).variant.epochs == [10, 20]


def test_losses_in_names_do_not_change_the_order(tmp_path: Path) -> None:
    for epoch, loss in ((100, "2.31"), (200, "0.97"), (300, "0.05")):
        save(tmp_path / "run" / f"model_epoch_{epoch:05d}_loss_{loss}.pt", model(epoch))
    imported = take(tmp_path / "run", tmp_path)
    for epoch in (100, 200, 300):
        assert_weights(imported, epoch, model(epoch))


def test_an_initial_state_is_epoch_0_and_the_rest_is_named(tmp_path: Path) -> None:
    for seed, name in enumerate(("init", "ckpt_100", "final", "best")):
        save(tmp_path / "run" / f"{name}.pt", model(seed))
    imported = take(tmp_path / "run", tmp_path)
    assert imported.variant.epochs == [0, 100]
    assert_weights(imported, 0, model(0))
    assert "init.pt is taken for epoch 0" in notes(imported)
    for name in ("final", "best"):
        assert f"{name}.pt is left out: nothing says which epoch it is" in notes(imported)


def test_an_initial_state_does_not_take_the_place_of_epoch_0(tmp_path: Path) -> None:
    for name in ("init", "0", "100"):
        save(tmp_path / "run" / f"{name}.pth", model(len(name)))
    imported = take(tmp_path / "run", tmp_path)
    assert_weights(imported, 0, model(1))
    assert f"init.pth is left out: epoch 0 is that of {tmp_path / 'run' / '0.pth'}, with other weights" in notes(imported)


def test_the_reason_of_weights_that_are_there_already_is_said(tmp_path: Path) -> None:
    for name, seed in (("init", 0), ("0", 0), ("500", 1)):
        save(tmp_path / "run" / f"{name}.pth", model(seed))
    (tmp_path / "run" / "last.pth").symlink_to("500.pth")
    said = notes(take(tmp_path / "run", tmp_path))
    assert "init.pth holds the weights of epoch 0 once more; left out" in said
    assert "last.pth holds the weights of epoch 500 once more; left out" in said
    assert "nothing says which epoch" not in said and "taken for epoch 0" not in said


def test_the_same_weights_twice_are_one_epoch(tmp_path: Path) -> None:
    save(tmp_path / "run" / "epoch_5.pt", model())
    save(tmp_path / "run" / "final.pt", {"model": model(), "epoch": 5})
    save_file(model(), tmp_path / "run" / "epoch_5.safetensors")
    imported = take(tmp_path / "run", tmp_path)
    assert imported.variant.epochs == [5]
    assert notes(imported).count("once more") == 2


def test_a_final_state_of_an_epoch_that_is_there_is_left_out_by_name(tmp_path: Path) -> None:
    save(tmp_path / "run" / "epoch_5.pt", model())
    save(tmp_path / "run" / "best.pt", {"model": model(1), "epoch": 5})
    imported = take(tmp_path / "run", tmp_path)
    assert_weights(imported, 5, model())
    assert "best.pt is left out: epoch 5 is that of" in notes(imported)


def test_two_states_of_one_epoch_are_refused(tmp_path: Path) -> None:
    for name in ("a_epoch_5.pt", "b_epoch_5.pt"):
        save(tmp_path / "run" / name, model(len(name) + ord(name[0])))
    with pytest.raises(InvalidValueError, match="two states are of epoch 5"):
        take(tmp_path / "run", tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("p13_frac0.30_wd1_seed0.pt", r"which epoch it is \(in its name are p 13, frac 0.30, wd 1, seed 0\); give --epoch"),
        ("model_1_100.pt", "its name may mean model 1 or 100 or model 1_100; give --epoch"),
        ("final.pt", "which epoch it is; give --epoch"),
        ("model_20230501123000.pt", "a whole number from 0 on, to 1,000,000,000, got 20230501123000"),
    ],
)
def test_what_cannot_be_known_is_asked_for(name: str, reason: str, tmp_path: Path) -> None:
    save(tmp_path / name, model())
    with pytest.raises(InvalidValueError, match=reason):
        take(tmp_path / name, tmp_path)
    assert take(tmp_path / name, tmp_path, epoch=3).variant.epochs == [3]


@pytest.mark.parametrize(
    "epoch", [-1, 1.5, True, "late", float("nan"), 10**5000], ids=lambda epoch: str(epoch)[:9] if epoch != 10**5000 else "huge"
)
def test_an_epoch_that_is_none_is_refused(epoch: Any, tmp_path: Path) -> None:
    save(tmp_path / "a.pt", {"model": model(), "epoch": epoch})
    with pytest.raises(InvalidValueError, match="an epoch must be a whole number"):
        take(tmp_path / "a.pt", tmp_path)


def test_the_epochs_of_a_list_are_given_in_order(tmp_path: Path) -> None:
    save(tmp_path / "list.pt", [model(1), model(2)])
    with pytest.raises(InvalidValueError, match="give --epoch, once for each state"):
        take(tmp_path / "list.pt", tmp_path)
    with pytest.raises(InvalidValueError, match="3 epochs were given for 2 states"):
        take(tmp_path / "list.pt", tmp_path, epoch=[1, 2, 3])
    imported = take(tmp_path / "list.pt", tmp_path, epoch=[30, 20])
    assert_weights(imported, 30, model(1))
    assert_weights(imported, 20, model(2))


STATES = [model(seed) for seed in range(3)]
FITTING = {"train_losses": [1.0] * 201, "test_losses": [1.0] * 201}


@pytest.mark.parametrize(
    "beside",
    [
        {"save_every": 100, **FITTING},
        {"config": {"checkpoint_every": 100, "log": {"every": 7}}, "loss_history": [1.0] * 200},
        {"every": 100, "args": {"log_interval": 5}, **FITTING},
    ],
    ids=["save_every", "in a configuration", "every"],
)
def test_the_distance_beside_a_list_gives_its_epochs(beside: dict[str, Any], tmp_path: Path) -> None:
    imported = take(save(tmp_path / "a.pt", {"weights_history": STATES, **beside}), tmp_path)
    assert imported.variant.epochs == [0, 100, 200]
    assert_weights(imported, 100, STATES[1])
    assert "3 states in a list, 100 epochs apart (" in notes(imported)
    assert ", from 0 on (20" in notes(imported) and "fit the last, 200)" in notes(imported)


def test_the_first_epoch_of_a_list_is_asked_for_if_the_losses_do_not_show_it(tmp_path: Path) -> None:
    content = {"weights_history": STATES, "save_every": 100, "train_losses": [1.0] * 300, "test_losses": [1.0] * 300}
    path = save(tmp_path / "a.pt", content)
    with pytest.raises(InvalidValueError, match="nothing says the epoch of the first; give it with --epoch"):
        take(path, tmp_path)
    imported = take(path, tmp_path, epoch=99)
    assert imported.variant.epochs == [99, 199, 299]
    assert "3 states in a list, 100 epochs apart (save_every 100 (a.pt)), from 99 on (as given)" in notes(imported)


def test_the_distance_of_a_list_can_be_given(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pt", {"model": model(9), "epoch": 250, "checkpoints": STATES})
    with pytest.raises(InvalidValueError, match=r"nothing says which epochs its list .* distance with --epochs-every"):
        take(path, tmp_path)
    imported = take(path, tmp_path, epochs_every=100, epoch=0)
    assert imported.variant.epochs == [0, 100, 200, 250]
    assert_weights(imported, 200, STATES[2])
    with pytest.raises(InvalidValueError, match="--epochs-every is for a list of states"):
        take(save(tmp_path / "b.pt", {"model": model(), "epoch": 1}), tmp_path, epochs_every=100)


def test_different_distances_beside_a_list_are_asked_for(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pt", {"states": STATES, "save_every": 100, "config": {"checkpoint_every": 10}})
    with pytest.raises(InvalidValueError, match=r"save_every 100 \(a.pt\) and config.checkpoint_every 10 .* differ"):
        take(path, tmp_path)


SERIES = {
    "by number": {0: model(0), 100: model(100)},
    "by text": {"0": model(0), "100": model(100)},
    "by name": {"epoch_0": model(0), "epoch_100": model(100)},
    "nested": {"checkpoints": {0: model(0), 100: model(100)}},
    "by float": {0.0: model(0), 100.0: model(100)},
    "pairs of text": [("0", model(0)), ("100", model(100))],
    "with losses": {0: {"model": model(0), "test_loss": 3.0}, 100: {"model": model(100), "test_loss": 2.0}},
    "nested twice": {"run": {"states": {0: {"model": model(0)}, 100: {"model": model(100)}}}},
    "lists": {"checkpoints": [model(100), model(0)], "checkpoint_epochs": [100, 0]},
    "range": {"checkpoints": [model(0), model(100)], "checkpoint_epochs": range(0, 200, 100)},
    "tensor": {"checkpoints": [model(0), model(100)], "checkpoint_epochs": torch.tensor([0, 100])},
    "array": {"states": [model(0), model(100)], "epochs": np.array([0, 100])},
    "numpy numbers": {"states": [model(0), model(100)], "steps": [np.int64(0), np.int32(100)]},
    "dictionaries": [{"epoch": 0, "model": model(0)}, {"epoch": 100, "model": model(100)}],
    "pairs": [(0, model(0)), (100, model(100))],
    "pairs of tensors": {"history": [(torch.tensor(0), model(0)), (torch.tensor(100), model(100))]},
    "beside the final model": {"model": model(9), "checkpoints": [model(0), model(100)], "checkpoint_epochs": [0, 100]},
    "with the last one again": {"model": model(100), "epoch": 100, "checkpoints": {0: model(0), 100: model(100)}},
}


@pytest.mark.parametrize("shape", SERIES)
def test_many_states_in_a_file(shape: str, tmp_path: Path) -> None:
    save(tmp_path / "run.pt", SERIES[shape])
    imported = take(tmp_path / "run.pt", tmp_path)
    assert imported.variant.epochs == [0, 100]
    for epoch in (0, 100):
        assert_weights(imported, epoch, model(epoch))
    assert ("the weights under model are left out" in notes(imported)) == (shape == "beside the final model")


@pytest.mark.parametrize("content", [[model(3)], {"model": [model(3)], "epoch": 40}], ids=["its name", "a key"])
def test_a_list_of_one_state_is_that_state(content: Any, tmp_path: Path) -> None:
    save(tmp_path / "epoch_40.pt", content)
    imported = take(tmp_path / "epoch_40.pt", tmp_path)
    assert imported.variant.epochs == [40]
    assert_weights(imported, 40, model(3))


def test_the_number_that_is_not_used_is_named(tmp_path: Path) -> None:
    save(tmp_path / "step_2000.pt", {"model": model(), "epoch": 20, "step": 2000})
    imported = take(tmp_path / "step_2000.pt", tmp_path)
    assert imported.variant.epochs == [2000]
    assert "epoch 2000 is used, not epoch 20" in notes(imported)


def test_the_same_state_at_two_epochs_stays_two(tmp_path: Path) -> None:
    state = model()
    save(tmp_path / "run.pt", {"checkpoints": [state, model(1), state], "checkpoint_epochs": [0, 1000, 2000]})
    imported = take(tmp_path / "run.pt", tmp_path)
    assert imported.variant.epochs == [0, 1000, 2000]
    assert_weights(imported, 2000, state)


BEST: dict[str, tuple[dict[str, Any], int]] = {  # what stands beside the best weights, and their epoch
    "best_epoch": ({"best_epoch": 900}, 900),
    "in the metrics": ({"metrics": {"best_step": 700, "best_loss": 0.5}}, 700),
    "epochs before steps": ({"best_step": 7000, "epoch_of_best": 700}, 700),
    "the same words": ({"best_train_epoch": 3, "best_model_epoch": 900, "epochs_since_best": 100}, 900),
}


@pytest.mark.parametrize("case", BEST)
def test_the_best_weights_have_the_epoch_that_is_stated_for_them(case: str, tmp_path: Path) -> None:
    beside, epoch = BEST[case]
    save(tmp_path / "epoch_1000.pt", {"epoch": 1000, "test_loss": 0.25, "model": model(), "best_model": model(1), **beside})
    imported = take(tmp_path / "epoch_1000.pt", tmp_path, weights="best_model")
    assert_weights(imported, epoch, model(1))
    assert imported.variant.record(epoch)["test_loss"] is None


@pytest.mark.parametrize(
    "beside",
    [{}, {"best_loss": 5}, {"best_train_epoch": 3, "best_test_epoch": 9}, {"epochs_since_best": 100}, {"num_best_epochs": 4}],
)
def test_the_best_weights_are_not_those_of_the_last_epoch(beside: dict[str, Any], tmp_path: Path) -> None:
    save(tmp_path / "epoch_1000.pt", {"epoch": 1000, "model": model(), "best_model": model(1), **beside})
    with pytest.raises(InvalidValueError, match=r"best_model\): .* says which epoch it is; give --epoch"):
        take(tmp_path / "epoch_1000.pt", tmp_path, weights="best_model")
    assert_weights(take(tmp_path / "epoch_1000.pt", tmp_path, weights="best_model", epoch=12), 12, model(1))


def test_weights_of_another_moment_with_an_epoch_of_their_own(tmp_path: Path) -> None:
    best, initial = {"model": model(1), "epoch": 900, "test_loss": 0.5}, model(2)
    save(tmp_path / "a.pt", {"epoch": 1000, "model": model(), "best": best, "init_state_dict": initial})
    imported = take(tmp_path / "a.pt", tmp_path, weights="best", name="best")
    assert_weights(imported, 900, model(1))
    assert imported.variant.record(900)["test_loss"] == 0.5
    assert_weights(take(tmp_path / "a.pt", tmp_path, weights="init_state_dict", name="init"), 0, initial)


OTHER_LISTS: dict[str, dict[str, Any]] = {
    "of evaluations": {"eval_steps": [5, 6, 7]},
    "of a word that only contains one": {"criterion": [5, 6, 7]},
    "of losses": {"loss_per_epoch": [3.0, 2.0, 1.0]},
    "of events": {"grok_epochs": [7, 5, 6]},
    "of sizes": {"step_size": [5, 6, 7], "batch_sizes_per_iteration": [64, 128, 256]},
}


@pytest.mark.parametrize("case", OTHER_LISTS)
def test_a_list_of_other_numbers_is_not_that_of_the_epochs(case: str, tmp_path: Path) -> None:
    states = [model(seed) for seed in range(3)]
    for name, beside in {"a": {"epochs": [0, 10, 30]}, "b": {"saved_at": [0, 10, 30]}, "c": {"ckptSteps": [0, 10, 30]}}.items():
        imported = take(
            save(tmp_path / f"{name}.pt", {**OTHER_LISTS[case], "state_dicts": states, **beside}), tmp_path, name=name
        )
        assert imported.variant.epochs == [0, 10, 30]
        assert_weights(imported, 30, states[2])
    with pytest.raises(InvalidValueError, match="give --epoch, once for each state"):
        take(save(tmp_path / "d.pt", {**OTHER_LISTS[case], "state_dicts": states}), tmp_path)


def test_of_several_lists_the_one_of_the_states_counts(tmp_path: Path) -> None:
    states = [model(seed) for seed in range(3)]
    lists = {"epochs": [7, 8, 9], "checkpoint_epochs": [0, 10, 30], "steps": [0, 100, 300]}
    imported = take(save(tmp_path / "a.pt", {"checkpoints": states, **lists}), tmp_path)
    assert imported.variant.epochs == [0, 10, 30]
    assert "epoch 10 is used, not step 100" in notes(imported)
    with pytest.raises(InvalidValueError, match="epochs and epoch_list differ; give --epoch, once for each state under 'runs'"):
        take(save(tmp_path / "b.pt", {"runs": states, "epochs": [7, 8, 9], "epoch_list": [0, 10, 30]}), tmp_path)


def test_losses_do_not_take_the_numbers_of_other_lists(tmp_path: Path) -> None:
    content = {"model": model(), "epoch": 2, "grok_epochs": [5, 60, 70], "test_losses": [3.0, 2.0, 1.0]}
    assert take(save(tmp_path / "a.pt", content), tmp_path).variant.record(2)["test_loss"] == 1.0


def test_of_several_series_the_one_that_is_meant_must_be_said(tmp_path: Path) -> None:
    runs = {f"seed{n}": {"checkpoints": [model(n), model(10 + n)], "checkpoint_epochs": [n, 10 + n]} for n in (1, 2)}
    path = save(tmp_path / "a.pt", {"runs": runs})
    with pytest.raises(
        InvalidValueError, match=r"series of weights under 'runs.seed1.checkpoints', 'runs.seed2.*; say .* --weights"
    ):
        take(path, tmp_path)
    imported = take(path, tmp_path, weights="runs.seed2")
    assert imported.variant.epochs == [2, 12]
    assert_weights(imported, 12, model(12))
    assert "a.pt: the weights under runs.seed1.checkpoints.[0] are left out" in imported.notes


def test_a_series_of_copies_is_not_preferred(tmp_path: Path) -> None:
    content = {"ema": {5: model(1), 6: model(2)}, "model": {5: model(3), 6: model(4)}}
    assert_weights(take(save(tmp_path / "a.pt", content), tmp_path), 6, model(4))
    assert_weights(take(save(tmp_path / "b.pt", content), tmp_path, weights="ema", name="b"), 6, model(2))
