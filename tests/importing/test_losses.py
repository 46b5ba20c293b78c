"""The losses of a state are those of its own weights."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import headlapse
from headlapse.errors import InvalidValueError
from headlapse.results.integrity import inspect
from tests.importing.models import P, Weights, as_nanda, losses_of, model, split, take, without_biases

TRAIN, TEST = split()


def means(weights: Weights) -> tuple[float, float]:
    losses = losses_of(weights)
    return losses[TRAIN].mean(), losses[TEST].mean()


def notes(imported: Any) -> str:
    return "\n".join(imported.notes)


def ramp(length: int, start: float) -> list[float]:
    """Losses that are all different."""
    return [start - index / 1000 for index in range(length)]


def test_the_public_demo(tmp_path: Path) -> None:
    """It computes the train loss, steps, computes the test loss, then saves weights N at the end of turn N."""
    states = {99: model(1), 199: model(2)}
    train, test = ramp(201, 4.0), ramp(201, 7.0)
    for epoch, weights in states.items():
        train[epoch + 1], test[epoch] = means(weights)
    content = {"model": states[199], "checkpoints": list(states.values()), "checkpoint_epochs": list(states)}
    content |= {"train_losses": train, "test_losses": test, "train_indices": torch.tensor(TRAIN), "test_indices": TEST}
    torch.save(content, tmp_path / "demo.pth")
    imported = take(tmp_path / "demo.pth", tmp_path)
    variant = headlapse.load_variant(imported.variant.paths.root)
    assert "contradict" not in notes(imported) and "left out" not in notes(imported) and "convention" not in notes(imported)
    assert (variant.metadata["train_losses"], variant.metadata["test_losses"]) == (train, test)
    for epoch, weights in states.items():
        found = variant.record(epoch)
        assert (found["train_loss"], found["test_loss"]) == pytest.approx(means(weights), abs=1e-6)
        assert variant.losses.at(epoch) == (found["train_loss"], found["test_loss"])
    assert not inspect(variant)


def test_without_a_split_the_convention_decides(tmp_path: Path) -> None:
    train, test = ramp(201, 4.0), ramp(201, 7.0)
    content = {"checkpoints": [model(1), model(2)], "checkpoint_epochs": [100, 200], "train_losses": train, "test_losses": test}
    torch.save(content, tmp_path / "demo.pth")
    imported = take(tmp_path / "demo.pth", tmp_path)
    variant = imported.variant
    convention = "by convention: weights N are saved at the end of loop turn N"
    assert f"the split is not known, so weights N get the losses train_losses[N+1] and test_losses[N] {convention}" in (
        imported.notes
    )
    assert [variant.record(100)[f"{part}_loss"] for part in ("train", "test")] == [train[101], test[100]]
    assert [variant.record(200)[f"{part}_loss"] for part in ("train", "test")] == [None, test[200]]
    assert np.isnan(variant.losses.at(200)[0]) and variant.losses.at(200)[1] == test[200]


def test_a_log_at_the_epochs_of_checkpoints_has_no_entry_after_their_step(tmp_path: Path) -> None:
    for epoch in (0, 100):
        save_file(model(epoch), tmp_path / f"step{epoch:06d}.safetensors")
    rows = [{"epoch": epoch, "train/loss": 4.0 - epoch / 100, "test/loss": 5.0} for epoch in (0, 100)]
    (tmp_path / "metrics.json").write_text(json.dumps(rows))
    imported = take(tmp_path, tmp_path)
    assert [imported.variant.record(epoch)["test_loss"] for epoch in (0, 100)] == [5.0, 5.0]
    assert [imported.variant.record(epoch)["train_loss"] for epoch in (0, 100)] == [None, None]
    reason = "the train losses have no entry at N+1 for any checkpoint's epoch N"
    assert f"no checkpoint has a train loss: {reason}" in imported.notes
    assert "no checkpoint has a test loss" not in notes(imported)


def earlier_workbench(folder: Path) -> Path:
    for epoch in (0, 100, 200):
        path = folder / "checkpoints" / f"checkpoint_epoch_{epoch:05d}.safetensors"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(model(epoch), path)
    losses = {"train_losses": ramp(201, 4.0), "test_losses": ramp(201, 7.0)}
    (folder / "metadata.json").write_text(json.dumps({**losses, "checkpoint_epochs": [0, 100, 200]}))
    (folder / "config.json").write_text(json.dumps({"prime": 11, "seed": 5, "model_config": {"n_heads": 3}}))
    return folder


def test_the_earlier_workbench(tmp_path: Path) -> None:
    variant = take(earlier_workbench(tmp_path / "p11_seed5"), tmp_path).variant
    assert variant.settings == {"prime": 11, "seed": 5}
    assert [variant.record(epoch)["test_loss"] for epoch in (0, 100, 200)] == [ramp(201, 7.0)[e] for e in (0, 100, 200)]
    assert [variant.record(epoch)["train_loss"] for epoch in (0, 100)] == [ramp(201, 4.0)[e + 1] for e in (0, 100)]


def test_the_progress_measures_paper(tmp_path: Path) -> None:
    """Its loop computes both losses before the step, and saves weights N after it."""
    weights = without_biases(model())
    content = {"model": as_nanda(weights), "epoch": 12, "train_losses": ramp(15, 4.0), "test_losses": ramp(15, 7.0)}
    torch.save(content, tmp_path / "run.pth")
    record = take(tmp_path / "run.pth", tmp_path).variant.record(12)
    assert (record["train_loss"], record["test_loss"]) == (ramp(15, 4.0)[13], ramp(15, 7.0)[13])


def test_the_papers_folder(tmp_path: Path) -> None:
    """Its initial file holds the split as tokens; each other one the losses of its own turn."""
    rows = [(row // 11, row % 11, 11) for row in range(121)]
    folder = tmp_path / "run"
    folder.mkdir()
    states = {name: without_biases(model(seed)) for seed, name in enumerate(("init", "0", "100", "final"))}
    for name, weights in states.items():
        content: dict[str, Any] = {"model": as_nanda(weights)}
        if name == "init":
            content |= {"train_data": [rows[row] for row in TRAIN], "test_data": [rows[row] for row in TEST]}
        else:
            content |= {"epoch": {"0": 0, "100": 100, "final": 200}[name], "train_loss": torch.tensor(9.0)}
        torch.save(content, folder / f"{name}.pth")
    imported = take(folder, tmp_path)
    assert imported.variant.epochs == [0, 100, 200]
    for epoch, name in ((0, "0"), (100, "100"), (200, "final")):
        record = imported.variant.record(epoch)
        assert (record["train_loss"], record["test_loss"]) == pytest.approx(means(states[name]), abs=1e-6)
    assert "train_loss contradicts the weights at 3 of 3 epochs: at epoch 0 it says 9, the weights give" in notes(imported)


def test_this_program_s_own_runs(trained: Any, tmp_path: Path) -> None:
    imported = headlapse.import_checkpoints(trained.paths.root, results=tmp_path, name="theirs")
    assert "contradict" not in notes(imported)
    metadata = trained.metadata
    for epoch in trained.epochs[1:]:
        train, test = imported.variant.losses.at(epoch)
        assert test == pytest.approx(metadata["test_losses"][epoch - 1], rel=1e-5)
        if epoch < len(metadata["train_losses"]):
            assert train == pytest.approx(metadata["train_losses"][epoch], rel=1e-4)
    assert not inspect(imported.variant)


def test_what_contradicts_the_weights_is_said_with_numbers(tmp_path: Path) -> None:
    content = {"model": model(), "epoch": 40, "test_losses": ramp(41, 7.0), "train_indices": TRAIN, "test_indices": TEST}
    torch.save(content, tmp_path / "a.pth")
    imported = take(tmp_path / "a.pth", tmp_path)
    _, test = means(model())
    said = f"test_losses contradicts the weights at 1 of 1 epochs: at epoch 40 it says 6.96, the weights give {test:.6g}"
    assert f"{said}; the computed losses are kept" in imported.notes
    assert imported.variant.record(40)["test_loss"] == pytest.approx(test, abs=1e-6)


def test_another_convention_is_seen_from_the_weights(tmp_path: Path) -> None:
    states, test = {10: model(1), 20: model(2)}, ramp(30, 7.0)
    for epoch, weights in states.items():
        test[epoch - 1] = means(weights)[1]
    content = {"states": states, "test_losses": test, "test_indices": TEST}
    torch.save(content, tmp_path / "a.pth")
    imported = take(tmp_path / "a.pth", tmp_path)
    assert "the losses computed from weights N are test_losses[N-1], not [N]" in imported.notes
    assert "contradicts" not in notes(imported)


@pytest.mark.parametrize(
    "part",
    [
        *({key: {"train_loss": 1.5, "val_loss": 2.5}} for key in ("metrics", "results", "stats")),
        {"losses": {"train": 1.5, "test": 2.5}},
        {"logs": {"losses": {"train": 1.5, "test": np.float32(2.5)}}},
        {"train": {"loss": 1.5, "acc": 0.5}, "eval": {"loss": 2.5}},
        {"metrics": {"train": {"loss": torch.tensor(1.5)}, "val": {"mean_loss": 2.5}}},
    ],
    ids=str,
)
def test_losses_that_a_file_states_in_a_part_of_it(part: dict[str, Any], tmp_path: Path) -> None:
    torch.save({"model": model(), "epoch": 3, **part}, tmp_path / "a.pth")
    assert take(tmp_path / "a.pth", tmp_path).variant.losses.at(3) == (1.5, 2.5)


def test_lists_that_grow_from_file_to_file_are_one(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    for epoch in (5, 10, 20):  # in the order of names, the longest list is not the last one
        lists = {"train_losses": ramp(epoch + 1, 40.0), "test_losses": ramp(epoch + 1, 70.0)}
        torch.save({"model": model(epoch), "epoch": epoch, **lists}, tmp_path / "run" / f"{epoch}.pth")
    variant = take(tmp_path / "run", tmp_path).variant
    assert [variant.losses.at(epoch) for epoch in (5, 10)] == [
        (ramp(21, 40.0)[epoch + 1], ramp(21, 70.0)[epoch]) for epoch in (5, 10)
    ]


def test_lists_of_several_files_that_are_not_one_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    for epoch in (0, 1):
        torch.save({"model": model(epoch), "epoch": epoch, "losses": (1.0 + epoch, 2.0)}, tmp_path / "run" / f"{epoch}.pth")
    imported = take(tmp_path / "run", tmp_path)
    assert "not used: losses (0.pth) and losses (1.pth) are not parts of one list" in imported.notes
    assert [imported.variant.losses.at(epoch) for epoch in (0, 1)] == [(None, None)] * 2 or np.isnan(
        [imported.variant.losses.at(epoch) for epoch in (0, 1)]
    ).all()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 10**400], ids=["inf", "-inf", "nan", "huge"])
def test_losses_that_are_no_finite_numbers_are_not_known(value: float, tmp_path: Path) -> None:
    lists = {"train_losses": [3.0, value, 2.0], "test_losses": [value, 6.0, 5.0]}
    torch.save({"checkpoints": {0: model(0), 1: model(1)}, **lists, "loss": value}, tmp_path / "a.pth")
    imported = take(tmp_path / "a.pth", tmp_path)
    assert [imported.variant.record(epoch)["train_loss"] for epoch in (0, 1)] == [None, 2.0]
    assert [imported.variant.record(epoch)["test_loss"] for epoch in (0, 1)] == [None, 6.0]
    assert "train_losses: 1 of 3 entries are no finite numbers; not known at these epochs" in imported.notes


def test_what_is_only_called_losses_stops_nothing(tmp_path: Path) -> None:
    content = {"model": model(), "epoch": 3, "losses": torch.ones(4, 2), "train_accs": [0.1, 0.2]}
    torch.save(content, tmp_path / "a.pth")
    assert "not used: losses, train_accs" in take(tmp_path / "a.pth", tmp_path).notes


@pytest.mark.parametrize(
    "names",
    [
        ("train_loss", "test_loss"),
        ("train_loss", "val_loss"),
        ("training_loss", "eval_loss"),
        ("loss", "validation_loss"),
        ("trainLoss", "testLoss"),
    ],
)
def test_losses_that_each_file_states(names: tuple[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for epoch in (0, 250):
        losses = {names[0]: 2.0 + epoch, names[1]: np.float64(5.0)}
        torch.save({"model": model(epoch), "epoch": epoch, **losses}, folder / f"{epoch}.pth")
    variant = take(folder, tmp_path).variant
    assert [variant.losses.at(epoch) for epoch in (0, 250)] == [(2.0, 5.0), (252.0, 5.0)]
    assert len(variant.losses) == 0


RAMPS = (ramp(201, 4.0), ramp(201, 7.0))
LISTS = {
    "lists": {"train_losses": RAMPS[0], "val_losses": RAMPS[1]},
    "numpy": {"train_losses": np.array(RAMPS[0]), "test_losses": [np.float64(loss) for loss in RAMPS[1]]},
    "tensors": {
        "train_losses": torch.tensor(RAMPS[0], dtype=torch.float64),
        "test_losses": [torch.tensor(loss, dtype=torch.float64) for loss in RAMPS[1]],
    },
    "one name in another": {"losses": {"train": RAMPS[0], "test": RAMPS[1]}},
    "history": {"history": {"loss": RAMPS[0], "val_loss": RAMPS[1]}},
    "by epoch": {"train_losses": dict(enumerate(RAMPS[0])), "test_losses": {e: RAMPS[1][e] for e in (100, 200)}},
    "pairs": {"train_loss": list(enumerate(RAMPS[0])), "test_loss": [(e, RAMPS[1][e]) for e in (200, 100)]},
    "an axis": {"train_losses": RAMPS[0], "test_losses": RAMPS[1][::50], "test_epochs": [0, 50, 100, 150, 200]},
    "entries": {"log": [{"step": e, "train_loss": RAMPS[0][e], "test_loss": RAMPS[1][e]} for e in range(201)]},
}


@pytest.mark.parametrize("shape", LISTS)
def test_lists_of_losses(shape: str, tmp_path: Path) -> None:
    torch.save({"checkpoints": {100: model(1), 200: model(2)}, **LISTS[shape]}, tmp_path / "a.pth")
    imported = take(tmp_path / "a.pth", tmp_path)
    assert [imported.variant.record(epoch)["test_loss"] for epoch in (100, 200)] == [ramp(201, 7.0)[100], ramp(201, 7.0)[200]]
    assert imported.variant.record(100)["train_loss"] == ramp(201, 4.0)[101]
    assert imported.variant.losses.test[200] == ramp(201, 7.0)[200]
    assert "not used" not in notes(imported)


def with_lists(tmp_path: Path, epochs: list[int], **lists: Any) -> Path:
    torch.save({"checkpoints": {epoch: model(epoch) for epoch in epochs}, **lists}, tmp_path / "a.pth")
    return tmp_path / "a.pth"


def test_the_distance_between_losses_is_inferred(tmp_path: Path) -> None:
    path = with_lists(tmp_path, [0, 1000, 2000], train_losses=[1.0] * 2001, test_losses=ramp(21, 4.0))
    imported = take(path, tmp_path)
    variant = imported.variant
    assert np.flatnonzero(np.isfinite(variant.losses.test)).tolist() == list(range(0, 2001, 100))
    assert variant.record(1000)["test_loss"] == ramp(21, 4.0)[10]
    assert "test_losses: 21 entries, one every 100 epochs from epoch 0, as the 2,001 train_losses imply" in notes(imported)


@pytest.mark.parametrize(
    ("lists", "epochs", "found"),
    [
        ({"train_losses": 107_791, "test_losses": 10_780}, [40_000], {"train": 1, "test": 10}),
        ({"train_losses": 501, "test_losses": 501}, [0, 2500, 5000], {"train": 10, "test": 10}),
        ({"train_losses": 21, "test_losses": 3}, [0, 1000, 2000], {"train": 100, "test": 1000}),
        ({"test_losses": 20}, [1000, 2000], {"test": 100}),
        ({"train_losses": 41, "test_losses": 41}, [0, 205], {"train": 5, "test": 5}),
        ({"train_losses": 334, "test_losses": 34}, [0, 7, 50, 333], {"train": 1, "test": 10}),
        ({"train_losses": 200, "test_losses": 201}, [100, 200], {"train": 1, "test": 1}),
        ({"train_losses": 250}, [100, 200], {"train": 1}),
        ({"train_losses": 150}, [100, 200], {"train": 1}),
    ],
)
def test_distances(lists: dict[str, int], epochs: list[int], found: dict[str, int], tmp_path: Path) -> None:
    series = {name: ramp(length, 900.0) for name, length in lists.items()}
    variant = take(with_lists(tmp_path, epochs, **series), tmp_path).variant
    for part, step in found.items():
        losses = getattr(variant.losses, part)
        known = np.flatnonzero(np.isfinite(losses))
        assert known.tolist() == list(range(0, step * lists[f"{part}_losses"], step))
        assert losses[known].tolist() == series[f"{part}_losses"]


def test_a_later_epoch_never_has_the_last_known_loss(tmp_path: Path) -> None:
    path = with_lists(tmp_path, [100, 200], train_losses=ramp(150, 4.0), test_losses=ramp(150, 7.0))
    imported = take(path, tmp_path)
    assert imported.variant.record(200)["test_loss"] is None
    assert all(np.isnan(imported.variant.losses.at(200)))
    assert "train_losses: 150 entries, taken for epochs 0 to 149; later ones have none" in notes(imported)


@pytest.mark.parametrize(
    ("lists", "epochs", "reason"),
    [
        ({"train_losses": 500}, [0, 100], "500 entries for 100 epochs: 5 for each, or the run went on"),
        ({"train_losses": 505}, [0, 100], "505 entries for 100 epochs: 5 for each, or the run went on"),
        ({"test_losses": 5}, [20], "test_losses has 5 entries for 20 epochs, which fits no single distance"),
        ({"test_losses": 40}, [0, 97], "fits no single distance"),
        ({"train_losses": 300, "test_losses": 13}, [0, 100, 200, 300], "13 entries for 300 train_losses, which fits no single"),
        ({"train_losses": 301, "test_losses": 30}, [0, 100, 200, 300], "30 entries for 301 train_losses, which fits no single"),
        ({"test_losses": 4}, [0, 7, 50, 333], "4 entries for 333 epochs, which fits no single distance"),
    ],
)
def test_what_cannot_be_inferred_is_asked_for(lists: dict[str, int], epochs: list[int], reason: str, tmp_path: Path) -> None:
    path = with_lists(tmp_path, epochs, **{name: ramp(length, 900.0) for name, length in lists.items()})
    with pytest.raises(InvalidValueError, match=rf"{reason}.*--losses-every"):
        take(path, tmp_path)
    assert not list((tmp_path / "results").rglob("*.json"))


@pytest.mark.parametrize(
    ("every", "epochs"),
    [
        (1, list(range(500))),
        ("1/5", list(range(100))),
        (0.2, list(range(100))),
        ("3", list(range(0, 1500, 3))),
        (0, []),
    ],
)
def test_the_distance_can_be_given(every: Any, epochs: list[int], tmp_path: Path) -> None:
    path = with_lists(tmp_path, [0, 100], train_losses=ramp(500, 900.0), test_losses=ramp(500, 800.0))
    variant = take(path, tmp_path, losses_every=every).variant
    assert np.flatnonzero(np.isfinite(variant.losses.test)).tolist() == epochs
    if every == "1/5":
        assert variant.losses.test[7] == ramp(500, 800.0)[35]


def test_a_given_distance_is_that_of_the_shorter_list(tmp_path: Path) -> None:
    path = with_lists(tmp_path, [0, 1000], train_losses=ramp(1001, 900.0), test_losses=ramp(8, 800.0))
    variant = take(path, tmp_path, losses_every=125).variant
    assert np.flatnonzero(np.isfinite(variant.losses.test)).tolist() == list(range(0, 1000, 125))
    assert np.isfinite(variant.losses.train).sum() == 1001


@pytest.mark.parametrize("every", ["x", -1, float("nan"), "1/0"])
def test_a_distance_that_is_none_is_refused(every: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="--losses-every must be"):
        take(with_lists(tmp_path, [1]), tmp_path, losses_every=every)


def test_a_stated_number_of_epochs_tells_that_the_run_went_on(tmp_path: Path) -> None:
    lists = {"train_losses": ramp(500, 900.0), "config": {"num_epochs": 500}}
    imported = take(with_lists(tmp_path, [0, 100], **lists), tmp_path)
    assert imported.variant.record(100)["train_loss"] == ramp(500, 900.0)[101]
    assert "train_losses go on to epoch 499, beyond the last checkpoint" in imported.notes


def test_absurd_axes_are_refused_without_memory(tmp_path: Path) -> None:
    path = with_lists(tmp_path, [10], test_losses={10**12: 1.0})
    with pytest.raises(InvalidValueError, match="reach epoch 1,000,000,000,000"):
        take(path, tmp_path)


def test_a_far_epoch_costs_no_journal(tmp_path: Path) -> None:
    path = with_lists(tmp_path, [900_000_000], test_losses=ramp(2, 4.0))
    assert len(take(path, tmp_path).variant.losses) == 2


def test_rows_of_a_split_as_pairs(tmp_path: Path) -> None:
    pairs = torch.tensor([[row // 11, row % 11] for row in TEST])
    torch.save({"model": model(), "epoch": 3, "test_data": pairs, "train_data": "data/train.csv"}, tmp_path / "a.pth")
    record = take(tmp_path / "a.pth", tmp_path).variant.record(3)
    assert record["test_loss"] == pytest.approx(means(model())[1], abs=1e-6)


def test_rows_that_are_no_inputs_are_named(tmp_path: Path) -> None:
    torch.save({"model": model(), "epoch": 3, "test_data": torch.full((2, 3), 40)}, tmp_path / "a.pth")
    assert "test data: not all of its rows are inputs of the task; not used" in take(tmp_path / "a.pth", tmp_path).notes


@pytest.mark.parametrize("kind", [torch.bool, torch.int64])
def test_a_mask_over_all_inputs(kind: torch.dtype, tmp_path: Path) -> None:
    mask = torch.zeros(P * P, dtype=torch.bool)
    mask[TRAIN] = True
    content = {"model": model(), "epoch": 5, "train_indices": mask.to(kind), "test_indices": (~mask).to(kind)}
    torch.save(content, tmp_path / "run.pt")
    record = take(tmp_path / "run.pt", tmp_path).variant.record(5)
    assert [record["train_loss"], record["test_loss"]] == pytest.approx(means(model()), rel=1e-5)


@pytest.mark.parametrize(
    ("indices", "reason"),
    [
        ({"train_indices": torch.tensor([True, False, True])}, "3 booleans, but there are 121 inputs"),
        ({"train_indices": [3, 3, 4]}, "name a row twice"),
        ({"train_indices": [3, 4], "test_indices": [4, 5]}, "in both train_indices and test_indices"),
    ],
)
def test_a_split_that_is_none_is_refused(indices: dict[str, Any], reason: str, tmp_path: Path) -> None:
    torch.save({"model": model(), "epoch": 5, **indices}, tmp_path / "run.pt")
    with pytest.raises(InvalidValueError, match=reason):
        take(tmp_path / "run.pt", tmp_path)
