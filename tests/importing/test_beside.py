"""What stands beside weights is read or named, whichever path is given."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from headlapse.errors import CorruptFileError, IncompatibleFileError, InvalidValueError, MissingFileError
from tests.importing.models import assert_weights, model, take
from tests.importing.test_folders import save

OTHER = {"attention_dir": "bidirectional"}
REASON = r"states attention_dir 'bidirectional' \(.*\), where the models of modulo_addition_1layer have attention_dir 'causal'"


@pytest.mark.parametrize(
    ("weights", "facts", "given"),
    [
        ("run/model_100.pt", "run/config.json", "run/model_100.pt"),
        ("run/model_100.pt", "run/model_100.json", "run"),
        ("run/model_100.pt", "run/model_100.pt.json", "run/model_100.pt"),
        ("run/model_100.pt", "run/my_cfg.json", "run"),
        ("run/model_100.pt", "run/experiment.json", "run"),
        ("run/checkpoints/model_100.pt", "run/config.json", "run/checkpoints/model_100.pt"),
        ("run/step_100/model.pt", "run/config.json", "run/step_100/model.pt"),
        ("run/step_100/model.pt", "run/config.json", "run/step_100"),
        ("run/checkpoints/step_100/model.pt", "run/config.json", "run/checkpoints/step_100"),
        ("run/step_100/weights/model.pt", "run/step_100/weights/args.json", "run"),
    ],
)
def test_facts_are_read_from_every_path_to_the_weights(weights: str, facts: str, given: str, tmp_path: Path) -> None:
    save(tmp_path / weights, model())
    save(tmp_path / facts, OTHER)
    with pytest.raises(IncompatibleFileError, match=REASON):
        take(tmp_path / given, tmp_path)
    save(tmp_path / facts, {"weight_decay": 0.25})
    imported = take(tmp_path / given, tmp_path)
    assert (imported.variant.epochs, imported.variant.settings["weight_decay"]) == ([100], 0.25)


def test_a_file_in_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, listed = save(tmp_path / "step_100" / "model.pt", model()), Path.iterdir

    def refuse(folder: Path) -> Iterator[Path]:
        if folder in (path.parent, tmp_path):
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert take(path, tmp_path).variant.epochs == [100]
    with pytest.raises(CorruptFileError, match="cannot be read"):
        take(path.parent, tmp_path)


def test_losses_above_a_numbered_folder_may_be_those_of_another_run(tmp_path: Path) -> None:
    save(tmp_path / "runs" / "3" / "model.pt", model())
    save(tmp_path / "runs" / "losses.json", {"test_losses": [1.0] * 30})
    assert take(tmp_path / "runs" / "3", tmp_path).variant.record(3)["test_loss"] is None


@pytest.mark.parametrize("name", ["m.json", "m.pt.json", "m_meta.json", "m-metadata.json", "m.info.json"])
def test_the_epoch_in_a_file_named_after_the_weights(name: str, tmp_path: Path) -> None:
    save(tmp_path / "run" / "m.pt", model())
    save(tmp_path / "run" / name, {"epoch": 40, "train_loss": 0.5})
    for place, given in (("file", tmp_path / "run" / "m.pt"), ("folder", tmp_path / "run")):
        variant = take(given, tmp_path, name=place).variant
        assert (variant.epochs, variant.losses.at(40)[0]) == ([40], 0.5)


def test_each_state_has_the_epoch_of_its_own_file(tmp_path: Path) -> None:
    for name, epoch in (("a", 40), ("b", 7)):
        save(tmp_path / "run" / f"{name}.pt", model(epoch))
        save(tmp_path / "run" / f"{name}.json", {"step": epoch})
    for name in ("notes", "data_config", "sae_cfg", "generation_config", "vocab"):
        save(tmp_path / "run" / f"{name}.json", {"causal": False, "seed": 3})
    imported = take(tmp_path / "run", tmp_path)
    for epoch in (7, 40):
        assert_weights(imported, epoch, model(epoch))
    assert "not read: data_config.json, notes.json, sae_cfg.json" in imported.notes


def test_settings_that_are_not_read_are_named_beside_a_file(tmp_path: Path) -> None:
    save(tmp_path / "run" / "model_100.pt", model())
    for name in ("config.yaml", "args.pkl", "README.md", "other_config.yaml.bak"):
        (tmp_path / "run" / name).write_text("attention_dir: bidirectional")
    assert "not read: args.pkl, config.yaml" in take(tmp_path / "run" / "model_100.pt", tmp_path).notes


def test_compressed_weights_are_named(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "ckpt_5.pt.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(MissingFileError, match=r"\(not read: ckpt_5\.pt\.gz\)"):
        take(tmp_path / "run", tmp_path)


def deepspeed(folder: Path, seed: int, **facts: Any) -> Path:
    save(folder / "zero_pp_rank_0_mp_rank_00_optim_states.pt", {"optimizer_state_dict": {"moments": torch.ones(9)}})
    (folder.parent / "latest").write_text(folder.name)
    return save(folder / "mp_rank_00_model_states.pt", {"module": model(seed), "mp_world_size": 1, **facts})


def test_deepspeed(tmp_path: Path) -> None:
    for tag, epoch in (("global_step5", 5), ("best", 7)):
        path = deepspeed(tmp_path / tag, epoch, global_steps=epoch)
        assert_weights(take(path, tmp_path, name=tag), epoch, model(epoch))
    for epoch in (5, 10):
        deepspeed(tmp_path / "tags" / f"{epoch}", epoch)
        deepspeed(tmp_path / "nested" / f"checkpoint-{epoch}" / "pytorch_model", epoch)
        deepspeed(tmp_path / "both" / f"checkpoint-{epoch}" / f"global_step{epoch}", epoch, global_steps=epoch)
        save(tmp_path / "both" / f"checkpoint-{epoch}" / "model.safetensors", model(epoch))
    for name in ("tags", "nested", "both"):
        imported = take(tmp_path / name, tmp_path, name=name)
        assert imported.variant.epochs == [5, 10]
        assert_weights(imported, 10, model(10))
    assert take(tmp_path / "nested" / "checkpoint-5", tmp_path, name="one").variant.epochs == [5]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("mp_rank_01_model_states.pt", "holds the parts of a model-parallel model; join them"),
        ("zero_pp_rank_0_mp_rank_00_model_states.pt", r"ZeRO has split; .*: python zero_to_fp32\.py FOLDER FILE"),
        ("bf16_zero_pp_rank_1_mp_rank_00_model_states.pt", r"ZeRO has split; .*: python zero_to_fp32\.py FOLDER FILE"),
        ("__0_0.distcp", "holds a distributed checkpoint; .* dcp_to_torch FOLDER FILE"),
    ],
)
def test_a_part_of_weights_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    first = deepspeed(tmp_path / "run" / "global_step5", 0)
    save(first.parent / name, {"module": model(1)})
    for given in (tmp_path / "run", first.parent, first.parent / name):
        with pytest.raises(IncompatibleFileError, match=reason):
            take(given, tmp_path)
    if name.startswith("mp_rank"):
        with pytest.raises(IncompatibleFileError, match=reason):
            take(first, tmp_path)


def test_the_first_part_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IncompatibleFileError, match=r"states mp_world_size 2 .*, where only the weights of a whole model"):
        take(deepspeed(tmp_path / "global_step5", 0, mp_world_size=2), tmp_path)


def test_a_bare_number_above_another_folder_may_be_that_of_a_run(tmp_path: Path) -> None:
    for run in (0, 1):
        save(tmp_path / "runs" / f"{run}" / "weights" / "model.pt", model(run))
    with pytest.raises(InvalidValueError, match="holds 2 variants"):
        take(tmp_path / "runs", tmp_path)
    with pytest.raises(InvalidValueError, match="neither its name nor its content says which epoch it is"):
        take(tmp_path / "runs" / "0", tmp_path)


def test_megatron_s_folders(tmp_path: Path) -> None:
    for epoch in (500, 1000):
        save(tmp_path / "run" / f"iter_{epoch:07d}" / "mp_rank_00" / "model_optim_rng.pt", {"model": model(epoch)})
    imported = take(tmp_path / "run", tmp_path)
    for epoch in (500, 1000):
        assert_weights(imported, epoch, model(epoch))
    save(tmp_path / "run" / "iter_0000500" / "mp_rank_01" / "model_optim_rng.pt", {"model": model(1)})
    with pytest.raises((IncompatibleFileError, InvalidValueError), match=r"model-parallel|2 variants"):
        take(tmp_path / "run", tmp_path, name="parts")
    with pytest.raises(IncompatibleFileError, match="holds the parts of a model-parallel model"):
        take(tmp_path / "run" / "iter_0000500", tmp_path)
