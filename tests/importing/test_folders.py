"""Folders as trainers leave them, shards, and trees of several variants."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from headlapse.errors import CorruptFileError, HeadlapseError, IncompatibleFileError, InvalidValueError, MissingFileError
from headlapse.importing import import_variants
from tests.importing.models import Weights, assert_weights, model, take


def save(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".safetensors":
        save_file(content, path)
    elif path.suffix == ".json":
        path.write_text(json.dumps(content))
    else:
        torch.save(content, path)
    return path


def companions(folder: Path, step: int) -> None:
    """What trainers keep beside the weights."""
    save(folder / "optimizer.pt", {"state": {0: {"exp_avg": torch.ones(3)}}, "param_groups": [{"lr": 0.1}]})
    save(folder / "scheduler.pt", {"last_epoch": 7})
    save(folder / "rng_state.pth", {"python": (3, (1, 2), None), "cpu": torch.zeros(5, dtype=torch.uint8)})
    save(folder / "training_args.bin", {"lr": 0.5})
    (folder / "tokenizer.model").write_bytes(b"\x0a\x0b")
    (folder / "README.md").write_text("epoch 9")
    history = [{"loss": 2.0, "epoch": 0.5, "step": 100}, {"eval_loss": 3.5, "epoch": 0.5, "step": 100}]
    history += [{"loss": 1.0, "epoch": 1.0, "step": 200}, {"eval_loss": 2.5, "epoch": 1.0, "step": 200}]
    save(folder / "trainer_state.json", {"global_step": step, "epoch": step / 200, "log_history": history})


def notes(imported: Any) -> str:
    return "\n".join(imported.notes)


def shards(folder: Path, weights: Weights, ending: str = ".safetensors", index: bool = True) -> None:
    names = sorted(weights)
    parts = [dict.fromkeys(names[number::3]) for number in range(3)]
    files = [f"model-{number + 1:05d}-of-00003{ending}" for number in range(3)]
    for part, file in zip(parts, files, strict=True):
        save(folder / file, {name: weights[name] for name in part})
    if index:
        weight_map = {name: file for part, file in zip(parts, files, strict=True) for name in part}
        save(folder / f"model{ending}.index.json", {"metadata": {"total_size": 1}, "weight_map": weight_map})


def test_a_trainer_s_folder(tmp_path: Path) -> None:
    for step in (100, 200):
        save(tmp_path / "run" / f"checkpoint-{step}" / "model.safetensors", model(step))
        companions(tmp_path / "run" / f"checkpoint-{step}", step)
    save(tmp_path / "run" / "model.safetensors", model(200))
    save(tmp_path / "run" / "config.json", {"num_attention_heads": 3, "learning_rate": 0.5, "p": 11})
    imported = take(tmp_path / "run", tmp_path)
    assert imported.variant.epochs == [100, 200]
    for step in (100, 200):
        assert_weights(imported, step, model(step))
    assert imported.variant.settings == {"prime": 11, "lr": 0.5}
    assert "model.safetensors holds the weights of epoch 200 once more; left out" in notes(imported)
    assert [imported.variant.record(step)["test_loss"] for step in (100, 200)] == [3.5, 2.5]


def test_one_checkpoint_of_a_trainer(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "checkpoint-500"
    save(folder / "pytorch_model.bin", {"model": model()})
    companions(folder, 500)
    assert_weights(take(folder, tmp_path), 500, model())
    folders = [save(tmp_path / "more" / f"checkpoint-{step}" / "pytorch_model.bin", model(step)).parent for step in (1, 2)]
    assert run("import", *folders, "--name", "two", "--results", tmp_path / "results") == 0
    from headlapse import load_variant

    assert load_variant(tmp_path / "results" / "modulo_addition_1layer" / "two").epochs == [1, 2]


def test_accelerate_s_folders(tmp_path: Path) -> None:
    for number in (0, 1):
        folder = tmp_path / "run" / "checkpoints" / f"checkpoint_{number}"
        save(folder / "model.safetensors", model(number))
        save(folder / "optimizer.bin", {"state": {}})
        (folder / "random_states_0.pkl").write_bytes(b"\x80\x04N.")
    imported = take(tmp_path / "run", tmp_path)
    assert imported.variant.epochs == [0, 1]
    assert_weights(imported, 1, model(1))


def test_a_file_that_says_more_than_its_folder(tmp_path: Path) -> None:
    for number in (1, 2):
        save(tmp_path / "run" / f"step_{number}" / "model.pt", {"net": model(number), "step": 10 * number})
    imported = take(tmp_path / "run", tmp_path)
    assert imported.variant.epochs == [10, 20]
    assert "says epoch 10 inside, the name step_1 says 1" in notes(imported)


@pytest.mark.parametrize("ending", [".safetensors", ".bin"])
@pytest.mark.parametrize("index", [True, False])
def test_shards(ending: str, index: bool, tmp_path: Path) -> None:
    shards(tmp_path / "checkpoint-300", model(), ending, index)
    assert_weights(take(tmp_path / "checkpoint-300", tmp_path), 300, model())
    files = sorted((tmp_path / "checkpoint-300").glob("model-*"))
    assert_weights(take(files, tmp_path, epoch=4, name="files"), 4, model())
    if index:
        path = tmp_path / "checkpoint-300" / f"model{ending}.index.json"
        assert_weights(take(path, tmp_path, epoch=4, name="index"), 4, model())


@pytest.mark.parametrize("index", [True, False])
def test_a_missing_shard_is_named(index: bool, tmp_path: Path) -> None:
    shards(tmp_path / "checkpoint-300", model(), index=index)
    (tmp_path / "checkpoint-300" / "model-00002-of-00003.safetensors").unlink()
    with pytest.raises(MissingFileError, match="model-00002-of-00003" if index else "holds 2 of 3 shards"):
        take(tmp_path / "checkpoint-300", tmp_path)


def test_a_tensor_that_an_index_names_and_no_shard_holds(tmp_path: Path) -> None:
    shards(tmp_path / "checkpoint-300", model())
    last = tmp_path / "checkpoint-300" / "model-00003-of-00003.safetensors"
    save(last, {"unembed.b_U": model()["unembed.b_U"]})
    with pytest.raises(CorruptFileError, match=r"index\.json: names .*, which no file that it names holds"):
        take(tmp_path / "checkpoint-300", tmp_path)


def test_whole_states_named_like_shards_are_separate(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        save(tmp_path / "run" / f"epoch-{number}-of-3.pt", {"epoch": 100 * number, "model": model(number)})
    imported = take(tmp_path / "run", tmp_path)
    assert imported.variant.epochs == [100, 200, 300]
    for number in (1, 2, 3):
        assert_weights(imported, 100 * number, model(number))
    assert_weights(take(tmp_path / "run" / "epoch-2-of-3.pt", tmp_path, name="one"), 200, model(2))


def test_a_tensor_in_two_shards_is_refused(tmp_path: Path) -> None:
    shards(tmp_path / "run", model(), index=False)
    last = tmp_path / "run" / "model-00003-of-00003.safetensors"
    save(last, {name: model()[name] for name in sorted(model())[1::3]})
    with pytest.raises(IncompatibleFileError, match="as another shard does"):
        take(tmp_path / "run", tmp_path, epoch=1)


def test_a_file_in_a_numbered_folder(tmp_path: Path) -> None:
    path = save(tmp_path / "checkpoint-500" / "model.safetensors", model())
    companions(path.parent, 500)
    imported = take(path, tmp_path)
    assert imported.variant.name == "imported_checkpoint-500"
    assert_weights(imported, 500, model())
    assert imported.variant.settings == take(path.parent, tmp_path, name="folder").variant.settings


def test_other_files_in_numbered_folders(tmp_path: Path) -> None:
    for step in (0, 100):
        folder = tmp_path / "run" / f"step_{step}"
        save(folder / "model.pt", model(step))
        save(folder / "optim.pt", {"state": {0: {"exp_avg": torch.ones(3)}}})
        save(folder / "stats.pt", {"train_loss": 1.0 + step, "test_loss": 2.0 + step})
    variant = take(tmp_path / "run", tmp_path).variant
    assert variant.epochs == [0, 100]
    assert [variant.losses.at(step) for step in (0, 100)] == [(1.0, 2.0), (101.0, 102.0)]


def test_an_index_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    save(tmp_path / "secret.safetensors", model())
    save(tmp_path / "run" / "model.safetensors.index.json", {"weight_map": {"embed.W_E": "../secret.safetensors"}})
    with pytest.raises(CorruptFileError, match=r"names \.\./secret.safetensors"):
        take(tmp_path / "run" / "model.safetensors.index.json", tmp_path)


def test_an_epoch_of_several_is_no_shard(tmp_path: Path) -> None:
    save(tmp_path / "run" / "epoch_10_of_100.pt", model())
    for place, given in (("file", tmp_path / "run" / "epoch_10_of_100.pt"), ("folder", tmp_path / "run")):
        assert take(given, tmp_path, name=place).variant.epochs == [10]


def test_the_same_weights_in_two_formats(tmp_path: Path) -> None:
    save(tmp_path / "checkpoint-5" / "model.safetensors", model())
    save(tmp_path / "checkpoint-5" / "pytorch_model.bin", model())
    imported = take(tmp_path / "checkpoint-5", tmp_path, epoch=5)
    assert "pytorch_model.bin is left out: model.safetensors holds the same" in notes(imported)


def test_what_lies_beside_states_is_used_or_named(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    for epoch in (0, 1):
        save(folder / f"epoch_{epoch}.pt", model(epoch))
    save(folder / "curves.pt", {"train_losses": [3.0, 2.0, 1.0], "test_losses": [6.0, 5.0, 4.0]})
    save(folder / "probe.pt", {"direction": torch.ones(4, 4)})
    (folder / "broken.pt").write_bytes(b"PK\x03\x04 no zip")
    imported = take(folder, tmp_path)
    assert [imported.variant.record(epoch)["test_loss"] for epoch in (0, 1)] == [6.0, 5.0]
    assert "probe.pt is left out: holds direction, ... in no known layout" in notes(imported)
    assert "broken.pt is left out: is not a whole zip" in notes(imported)
    assert "curves.pt" not in notes(imported)


def test_what_no_format_here_reads_is_named(tmp_path: Path) -> None:
    save(tmp_path / "run" / "epoch_1.pt", model())
    for name in ("config.yaml", "metrics.csv", "model_1.h5", "README.md", "backup.zip"):
        (tmp_path / "run" / name).write_text("act_fn: gelu")
    assert "not read: config.yaml, metrics.csv, model_1.h5" in take(tmp_path / "run", tmp_path).notes


@pytest.mark.parametrize("name", ["metrics.json", "log.jsonl"])
def test_a_log_beside_states(name: str, tmp_path: Path) -> None:
    for epoch in (0, 10):
        save(tmp_path / "run" / f"epoch_{epoch}.pt", model(epoch))
    entries = [{"epoch": epoch, "train_loss": 50.0 - epoch, "test_loss": 90.0 - epoch} for epoch in range(12)]
    lines = "\n".join(map(json.dumps, entries))
    (tmp_path / "run" / name).write_text(lines if name.endswith("l") else json.dumps(entries))
    variant = take(tmp_path / "run", tmp_path).variant
    assert [variant.losses.at(epoch) for epoch in (0, 10)] == [(49.0, 90.0), (39.0, 80.0)]


def test_a_damaged_state_is_not_left_out(tmp_path: Path) -> None:
    for epoch in (0, 1):
        save(tmp_path / "run" / f"epoch_{epoch}.pt", model(epoch))
    content = (tmp_path / "run" / "epoch_1.pt").read_bytes()
    (tmp_path / "run" / "epoch_1.pt").write_bytes(content[: len(content) // 2])
    with pytest.raises(CorruptFileError, match=r"epoch_1\.pt"):
        take(tmp_path / "run", tmp_path)


def test_the_folder_checkpoints_takes_what_lies_beside_it(tmp_path: Path) -> None:
    save(tmp_path / "my_run" / "checkpoints" / "step_3.pt", model())
    save(tmp_path / "my_run" / "config.json", {"weight_decay": 0.25})
    imported = take(tmp_path / "my_run" / "checkpoints", tmp_path)
    assert (imported.variant.name, imported.variant.settings["weight_decay"]) == ("imported_my_run", 0.25)


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    for name in ("absent.pt", "absent", "absent.txt"):
        with pytest.raises(MissingFileError, match="does not exist"):
            take(tmp_path / name, tmp_path)


def run(*arguments: object) -> int:
    """The exit code of a command line."""
    from headlapse.cli import main

    before, sys.argv = sys.argv, ["headlapse", *map(str, arguments)]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.argv = before
    return 0


def imported_names(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "results" / "modulo_addition_1layer").iterdir())


def tree(folder: Path) -> Path:
    for seed in (0, 1, 2):
        for epoch in (10, 20):
            save(folder / f"seed_{seed}" / "checkpoints" / f"epoch_{epoch}.pt", model(100 * seed + epoch))
        save(folder / f"seed_{seed}" / "config.json", {"seed": seed})
    return folder


def test_a_tree_of_variants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from headlapse import load_variant

    folder = tree(tmp_path / "runs")
    assert run("import", folder, "--results", tmp_path / "results") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == [f"imported_runs_seed_{seed}" for seed in (0, 1, 2)]
    assert all("2 checkpoints, epochs 10 to 20, accuracy 0." in line and "(a + b) mod 11" in line for line in lines[:3])
    names = " ".join(f"imported_runs_seed_{seed}" for seed in (0, 1, 2))
    assert lines[3:] == ["3 of 3 variants imported", f"next: headlapse analyze {names}"]
    for seed in (0, 1, 2):
        variant = load_variant(tmp_path / "results" / "modulo_addition_1layer" / f"imported_runs_seed_{seed}")
        assert (variant.epochs, variant.settings) == ([10, 20], {"prime": 11, "seed": seed})


def test_what_stands_above_several_variants(tmp_path: Path) -> None:
    folder = tree(tmp_path / "runs")
    save(folder / "config.json", {"wd": 0.25, "seed": 77})
    save(folder / "metrics.json", {"test_losses": [1.0] * 30})
    import headlapse

    outcomes = headlapse.import_variants(folder, results=tmp_path / "results")
    for seed, outcome in enumerate(outcomes):
        assert outcome.imported is not None
        assert outcome.imported.variant.settings == {"prime": 11, "seed": seed, "weight_decay": 0.25}
        assert f"{folder / 'metrics.json'} is not used: it lies beside several variants" in outcome.imported.notes
    save(folder / "config.json", {"attention_dir": "bidirectional"})
    outcomes = headlapse.import_variants(folder, results=tmp_path / "results", name="more")
    assert all("states attention_dir 'bidirectional' (config.json)" in str(outcome.error) for outcome in outcomes)


def test_a_bad_variant_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tree(tmp_path / "runs")
    save(folder / "seed_1" / "checkpoints" / "epoch_20.pt", {"some": torch.ones(2)})
    assert run("import", folder, "--results", tmp_path / "results", "--name", "all") == 1
    printed = capsys.readouterr()
    assert [line.split(":")[0] for line in printed.out.splitlines()[:2]] == ["all_runs_seed_0", "all_runs_seed_2"]
    assert "2 of 3 variants imported" in printed.out
    assert "all_runs_seed_1: error: " in printed.err and "in no known layout" in printed.err
    assert imported_names(tmp_path) == ["all_runs_seed_0", "all_runs_seed_2"]


def test_what_cannot_be_looked_into_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tree(tmp_path / "runs")
    save(folder / "seed_0" / "model.safetensors.index.json", {"weight_map": {"a": "../b"}})
    (folder / "seed_1" / "__0_0.distcp").write_bytes(b"PK")
    assert run("import", folder, "--results", tmp_path / "results") == 1
    printed = capsys.readouterr().err
    assert "imported_runs_seed_0: error: " in printed and "an index names files beside itself" in printed
    assert "imported_runs_seed_1: error: " in printed and "dcp_to_torch" in printed
    assert imported_names(tmp_path) == ["imported_runs_seed_2"]


def test_variants_of_a_tree_in_a_notebook(tmp_path: Path) -> None:
    import headlapse

    folder = tree(tmp_path / "runs")
    save(folder / "seed_1" / "checkpoints" / "epoch_20.pt", {"some": torch.ones(2)})
    seen: list[tuple[int, int, int]] = []
    outcomes = headlapse.import_variants(folder, results=tmp_path / "results", progress=lambda *at: seen.append(at))
    assert [(outcome.name, outcome.error is None) for outcome in outcomes] == [
        ("imported_runs_seed_0", True),
        ("imported_runs_seed_1", False),
        ("imported_runs_seed_2", True),
    ]
    assert seen == 2 * [(1, 2, 10), (2, 2, 20)]
    assert str(outcomes[1]).startswith("imported_runs_seed_1: error: ")


def test_one_variant_is_asked_for_where_there_are_several(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"runs holds 3 variants: .*seed_0.*; import one of them"):
        take(tree(tmp_path / "runs"), tmp_path)


def test_seeds_are_no_epochs(tmp_path: Path) -> None:
    for seed in (0, 1):
        save(tmp_path / "runs" / f"seed_{seed}" / "epoch_7.pt", model(seed))
    assert run("import", tmp_path / "runs", "--results", tmp_path / "results") == 0
    assert imported_names(tmp_path) == ["imported_runs_seed_0", "imported_runs_seed_1"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("my run (1)/epoch_10.pt", "imported_epoch_10"),
        ("epoch=3-step=300.pt", "imported_epoch_3-step_300"),
        ("modèle_é_300.pt", "imported_modele_e_300"),
        ("模型_300.pt", "imported_300"),
        ("-rf_300.pt", "imported_-rf_300"),
        ("x" * 200 + "_300.pt", "imported_" + "x" * 91),
    ],
)
def test_default_names_are_made_valid(path: str, name: str, tmp_path: Path) -> None:
    save(tmp_path / path, model())
    assert take(tmp_path / path, tmp_path).variant.name == name


def test_the_default_name_of_folders(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "my run (1)" / "epoch_10.pt", model())
    monkeypatch.chdir(tmp_path / "my run (1)")
    for path in (Path(), Path("../my run (1)")):
        assert take(path, tmp_path_factory.mktemp("elsewhere")).variant.name == "imported_my_run_1"


@pytest.mark.parametrize("name", ["", " ", "a/b", "é"])
def test_a_name_that_is_given_is_not_changed(name: str, tmp_path: Path) -> None:
    save(tmp_path / "epoch_10.pt", model())
    with pytest.raises(HeadlapseError, match="name must"):
        take(tmp_path / "epoch_10.pt", tmp_path, name=name)
    assert run("import", tmp_path / "epoch_10.pt", "--name", name, "--results", tmp_path / "results") == 2


TWO_RUNS: dict[str, tuple[dict[str, Any], str]] = {  # files, and what tells their runs
    "seeds in names": ({"seed1_epoch_100.pt": model(1), "seed2_epoch_200.pt": model(2)}, r"seed '1' \(seed1_e.*, seed '2'"),
    "seeds in names, epochs inside": (
        {f"seed_{n}.pt": {"model": model(n), "epoch": 100 * n} for n in (1, 2)},
        r"seed '1' \(seed_1.pt\), seed '2' \(seed_2.pt\)",
    ),
    "seeds inside": (
        {f"epoch_{n}.pt": {"model": model(n), "config": {"seed": n}} for n in (3, 4)},
        r"config.seed 3 \(epoch_3.pt\), config.seed 4",
    ),
    "seeds and epochs": ({f"s{n}_epoch_7.pt": model(n) for n in (3, 4)}, r"seed '3' .*, seed '4'"),
    "moduli": ({"p11_epoch_5.pt": model(1), "p13_epoch_6.pt": model(2, p=13)}, r"prime '11' .*, prime '13'"),
    "tasks in names": (
        {"addition_epoch_5.pt": model(1), "subtraction_epoch_6.pt": model(2)},
        r"addition_epoch_5.pt, subtraction",
    ),
    "tasks inside": (
        {f"epoch_{n}.pt": {"model": model(n), "args": {"fn_name": name}} for n, name in ((3, "add"), (4, "subtract"))},
        r"args.fn_name 'add' .*, args.fn_name 'subtract'",
    ),
    "in a file": ({"a.pt": {n: {"seed": n, "model": model(n), "epoch": 500} for n in (3, 4)}}, "seed 3 .*, seed 4 "),
}


@pytest.mark.parametrize("case", TWO_RUNS)
def test_states_of_several_runs_are_no_series(case: str, tmp_path: Path) -> None:
    files, message = TWO_RUNS[case]
    for name, content in files.items():
        save(tmp_path / "runs" / name, content)
    with pytest.raises(
        InvalidValueError, match=f"holds states of several runs: .*{message}.*; import one of them: name its files"
    ):
        take(tmp_path / "runs", tmp_path)
    if len(files) > 1:
        assert len(take(tmp_path / "runs" / next(iter(files)), tmp_path).variant.epochs) == 1


def test_what_changes_within_a_run_does_not_make_several(tmp_path: Path) -> None:
    names = ("init", "epoch_10_loss_2.5_seed1", "epoch_20_loss_0.5_seed1", "best_epoch_15_seed1", "final_epoch_30_seed1")
    for number, name in enumerate(names):
        save(tmp_path / "run" / f"{name}.pt", {"model": model(number), "config": {"seed": 1}, "lr": 0.1 / (1 + number)})
    assert take(tmp_path / "run", tmp_path).variant.epochs == [0, 10, 15, 20, 30]


def test_files_that_are_named_one_by_one_may_have_other_words(tmp_path: Path) -> None:
    paths = [tmp_path / "first_5.pt", tmp_path / "grown_6.pt"]
    for number, path in enumerate(paths):
        save(path, model(number))
    assert take(paths, tmp_path).variant.epochs == [5, 6]


def test_folders_behind_links_are_read(tmp_path: Path) -> None:
    save(tmp_path / "elsewhere" / "epoch_5.pt", model(5))
    save(tmp_path / "away" / "ckpts" / "epoch_6.pt", model(6))
    (tmp_path / "runs").mkdir()
    save(tmp_path / "runs" / "real" / "epoch_4.pt", model(4))
    (tmp_path / "runs" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "runs" / "latest").symlink_to("real")
    (tmp_path / "runs" / "real" / "up").symlink_to(tmp_path / "runs")
    (tmp_path / "runs" / "other").mkdir()
    (tmp_path / "runs" / "other" / "checkpoints").symlink_to(tmp_path / "away" / "ckpts")
    (tmp_path / "runs" / "other" / "again").symlink_to(tmp_path / "runs" / "real")
    outcomes = import_variants(tmp_path / "runs", results=tmp_path / "results")
    assert [outcome.name for outcome in outcomes] == ["imported_runs_linked", "imported_runs_other", "imported_runs_real"]
    for outcome, epoch in zip(outcomes, (5, 6, 4), strict=True):
        assert outcome.imported is not None, outcome
        assert_weights(outcome.imported, epoch, model(epoch))
    assert outcomes[2].imported is not None
    assert "links to a folder that contains them, not followed: up" in outcomes[2].imported.notes


def test_links_that_lead_to_nothing_are_named(tmp_path: Path) -> None:
    save(tmp_path / "run" / "epoch_4.pt", model(4))
    (tmp_path / "run" / "epoch_5.pt").symlink_to("nowhere.pt")
    assert "links that lead to nothing: epoch_5.pt" in take(tmp_path / "run", tmp_path).notes
