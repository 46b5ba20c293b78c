"""A variant's name is taken apart where its settings meet, whatever stands in their values."""

from __future__ import annotations

import pytest

from headlapse.families.names import pieces, short_label_of, short_names
from headlapse.workbench import FamilyRegistry


def test_letters_of_settings() -> None:
    names = short_names(FamilyRegistry().get("modulo_addition_1layer").spec)
    assert names == {
        "p": "prime",
        "seed": "seed",
        "dseed": "data_seed",
        "frac": "train_fraction",
        "lr": "lr",
        "wd": "weight_decay",
        "beta1": "beta1",
        "beta2": "beta2",
    }


@pytest.mark.parametrize(
    ("family", "settings", "expected"),
    [
        ("modulo_addition_1layer", {"beta1": 0.87, "lr": 1e-5}, ["p113", "seed999", "dseed598", "lr1e-05", "beta1_0.87"]),
        ("modular_operation_1layer", {"operation": "x2_plus_y2", "prime": 7}, ["x2_plus_y2", "p7", "seed999", "dseed598"]),
        ("group_operation_1layer", {"train_fraction": 0.6}, ["S5", "compose", "seed999", "dseed598", "frac0.6"]),
    ],
)
def test_pieces(family: str, settings: dict[str, float | str], expected: list[str]) -> None:
    found = FamilyRegistry().get(family)
    assert pieces(found.spec, found.variant(**settings).name) == expected


def test_short_labels() -> None:
    family = FamilyRegistry().get("modulo_addition_1layer")
    labels = {short_label_of(family.spec, family.variant(**settings).name) for settings in ({}, {"data_seed": 1, "lr": 1e-5})}
    assert labels == {"p113_s999", "p113_s999_d1_lr1e-05"}


def test_a_name_of_another_pattern_is_one_piece() -> None:
    spec = FamilyRegistry().get("modulo_addition_1layer").spec
    assert pieces(spec, "modulo_addition_1layer_my_own_run") == ["my_own_run"]
    assert pieces(spec, "theirs_wd0") == ["theirs_wd0"]
