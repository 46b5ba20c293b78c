"""Settings that stand beside weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch

from headlapse.errors import IncompatibleFileError, InvalidValueError
from headlapse.families import Family
from headlapse.families.spec import parse_family_spec
from headlapse.families.tasks import Split, TaskRegistry, Vocabulary
from headlapse.families.tasks.modulo_addition import ModuloAddition
from tests.importing.models import model, take
from tests.plug_ins import keep_apart


def with_config(tmp_path: Path, config: Any, **more: Any) -> Path:
    torch.save({"model": model(), "epoch": 5, "config": config, **more}, tmp_path / "a.pt")
    return tmp_path / "a.pt"


@pytest.mark.parametrize(
    ("config", "settings"),
    [
        ({"training_fraction": 0.25}, {"train_fraction": 0.25}),
        ({"frac_train": 0.25}, {"train_fraction": 0.25}),
        ({"wd": 0.5}, {"weight_decay": 0.5}),
        ({"weight-decay": 0.5}, {"weight_decay": 0.5}),
        ({"learning_rate": 0.01}, {"lr": 0.01}),
        ({"lr": [0.01, 0.01, 0.01]}, {"lr": 0.01}),
        ({"betas": (0.8, 0.95)}, {"beta1": 0.8, "beta2": 0.95}),
        ({"optim": {"lr": 0.5}, "train": {"model_seed": 4, "dataset_seed": 2}}, {"seed": 4}),
        ({"p": 11, "data_seed": 3.0}, {"data_seed": 3}),
        ({"seed": 2**62, "modulus": 11}, {"seed": 2**62}),
        ({"lr": 0.01, "learning_rate": 0.02}, {"lr": 0.01}),
        ({"dataset": {"seed": 77}, "frac": 0.25}, {"train_fraction": 0.25}),
        ({"data": {"seed": 77, "data_seed": 5}, "seed": 3}, {"seed": 3, "data_seed": 5}),
        ({"metrics": {"l2": 0.5, "train": {"wd": 0.25}}}, {}),
        ({"dropout": {"p": 7}, "attn_dropout": {"p": 5}}, {}),
        ({"results": {"config": {"seed": 4}, "seed": 5}}, {"seed": 4}),
    ],
)
def test_other_names(config: dict[str, Any], settings: dict[str, float], tmp_path: Path) -> None:
    assert take(with_config(tmp_path, config), tmp_path).variant.settings == {"prime": 11, **settings}


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ({"train_fraction": 1.0}, "config.train_fraction 1.0 (a.pt) is not used: the family's train_fraction is a number > 0"),
        ({"seed": -1}, "config.seed -1 (a.pt) is not used: the family's seed is an integer >= 0"),
        ({"lr": [0.1, 0.01]}, "config.lr (0.1, 0.01) (a.pt) is not used: lr is one number"),
        ({"wd": "none"}, "config.wd 'none' (a.pt) is not used: weight_decay is one number"),
        ({"p": 0.1}, "config.p 0.1 (a.pt) is not used: the family's prime is an integer"),
        ({"lr": 0.1, "learning_rate": 0.2}, "config.learning_rate 0.2 (a.pt) is not used: lr is 0.1 already"),
        ({"operation": "x-y"}, "stated: config.operation 'x-y' (a.pt)"),
        ({"task": {"name": "division"}}, "stated: config.task.name 'division' (a.pt)"),
        ({"dropout": {"p": 7}}, "in parts that state no settings, and not used: config.dropout.p 7 (a.pt)"),
        ({"group": "S5"}, "stated: config.group 'S5' (a.pt)"),
    ],
)
def test_what_cannot_be_used_is_named(config: dict[str, Any], line: str, tmp_path: Path) -> None:
    imported = take(with_config(tmp_path, config), tmp_path)
    assert any(note.startswith(line) for note in imported.notes), imported.notes


def test_a_number_of_thousands_of_digits_is_named(tmp_path: Path) -> None:
    content = {"model": model(), "epoch": 1, "config": {"seed": 10**5000, "n_ctx": 3, "lr": 10**400}}
    torch.save(content, tmp_path / "a.pt")
    said = "\n".join(take(tmp_path / "a.pt", tmp_path).notes)
    assert "config.seed a number with too many digits to show (a.pt) is not used" in said and "config.lr 1000" in said


def test_settings_can_be_given(tmp_path: Path) -> None:
    path = with_config(tmp_path, {"lr": 0.5})
    assert take(path, tmp_path, settings={"lr": 0.25, "seed": 3}).variant.settings == {"prime": 11, "seed": 3, "lr": 0.25}
    with pytest.raises(InvalidValueError, match="seed must be an integer"):
        take(path, tmp_path, settings={"seed": -3}, name="b")
    with pytest.raises(InvalidValueError, match="has no setting 'depth'"):
        take(path, tmp_path, settings={"depth": 3}, name="b")


def test_a_modulus_that_contradicts_the_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IncompatibleFileError, match=r"read 14 for prime 13 \(a.pt states p 13\)"):
        take(with_config(tmp_path, {"p": 13}), tmp_path)


def test_nothing_is_said_of_training_or_of_primes(tmp_path: Path) -> None:
    torch.save(model(p=12), tmp_path / "epoch_1.pt")
    imported = take(tmp_path / "epoch_1.pt", tmp_path)
    assert imported.variant.settings == {"prime": 12}
    assert "train" not in str(imported) and "prime (" not in str(imported)


class Pairs(ModuloAddition):
    """`[a, b]` without `=`: as many tokens as the modulus."""

    name: ClassVar[str] = "pairs"

    def vocabulary(self, settings: Any) -> Vocabulary:
        return Vocabulary(int(settings["prime"]), int(settings["prime"]), 2)

    def probe(self, settings: Any) -> torch.Tensor:
        return super().probe(settings)[:, :2]

    def split(self, settings: Any) -> Split:
        raise NotImplementedError

    question = None  # as a task that does not name its question


def test_the_modulus_comes_from_the_task(family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_apart(monkeypatch, TaskRegistry, Pairs())
    content = family.spec.model_dump(exclude_unset=True) | {"name": "pairs", "task": "pairs", "position_labels": ["a", "b"]}
    pairs = Family(parse_family_spec(content, family.path), family.path)
    weights = model()
    weights |= {"embed.W_E": weights["embed.W_E"][:11], "pos_embed.W_pos": weights["pos_embed.W_pos"][:2]}
    torch.save(weights, tmp_path / "epoch_1.pt")
    imported = take(tmp_path / "epoch_1.pt", tmp_path, family=pairs)
    assert imported.variant.settings == {"prime": 11}
    assert "over all inputs of pairs" in str(imported) and "prime 11 (from 11 tokens)" in imported.notes
    given = take(tmp_path / "epoch_1.pt", tmp_path, family=pairs, prime=11, name="given")
    assert "prime 11" in given.notes


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("modular_operation_1layer", {"operation": "subtract"}),
        ("group_operation_1layer", {"group": "C12", "operation": "conjugate"}),
    ],
)
def test_settings_that_inputs_or_answers_need_are_asked_for(family: str, given: dict[str, str], tmp_path: Path) -> None:
    torch.save({"model": model(p=12 if "group" in given else 11), "epoch": 5}, tmp_path / "a.pt")
    ways = " and ".join(rf"--set {name}=VALUE \(one of .*{value}.*\)" for name, value in given.items())
    with pytest.raises(InvalidValueError, match=rf"need {', '.join(given)}, which nothing states; give {ways}"):
        take(tmp_path / "a.pt", tmp_path, family=family)
    settings = take(tmp_path / "a.pt", tmp_path, family=family, settings=given).variant.settings
    assert given.items() <= dict(settings).items()


def test_a_task_with_answers_at_several_positions_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    weights = {name: tensor for name, tensor in model(p=64).items() if ".mlp." not in name}
    second = {name.replace("blocks.0", "blocks.1"): each for name, each in weights.items() if name.startswith("blocks.0")}
    torch.save({"model": weights | second, "epoch": 5}, tmp_path / "a.pt")
    with pytest.raises(InvalidValueError, match="models of induction_2layer answer at several positions"):
        take(tmp_path / "a.pt", tmp_path, family="induction_2layer")


def test_rows_that_no_input_reads_may_be_cut(tmp_path: Path) -> None:
    weights = model() | {"pos_embed.W_pos": torch.ones(8, 20)}
    torch.save({"model": weights, "epoch": 5}, tmp_path / "a.pt")
    with pytest.raises(
        IncompatibleFileError, match=r"reads 8 positions, .*, or keep the first 3 rows of pos_embed\.W_pos if no"
    ):
        take(tmp_path / "a.pt", tmp_path)


def test_another_layout_is_told_where_it_can_be_read(tmp_path: Path) -> None:
    torch.save({"transformer.h.0.attn.c_attn.weight": torch.ones(3, 4)}, tmp_path / "epoch_5.pt")
    with pytest.raises(
        IncompatibleFileError, match=r"in no known layout; .* hf:FOLDER for those of transformers, headlapse\.record"
    ):
        take(tmp_path / "epoch_5.pt", tmp_path)
