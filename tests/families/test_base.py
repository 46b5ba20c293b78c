from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.families.spec import read_family_spec
from headlapse.results.import_source import ImportSource
from headlapse.workbench import ModelFamily, Variant


def test_a_variant_is_named_by_its_parameters_and_non_default_settings(family: ModelFamily) -> None:
    assert family.variant().name == "modulo_addition_1layer_p113_seed999_dseed598"
    assert family.variant(prime=31, weight_decay=0).name == "modulo_addition_1layer_p31_seed999_dseed598_wd0"
    assert family.variant(train_fraction=0.4, lr=1e-5).name.endswith("_frac0.4_lr1e-05")
    assert family.variant(weight_decay=1).name == family.variant().name


def test_equal_variants_are_one_in_a_set_and_others_are_not(family: ModelFamily, tmp_path: Path) -> None:
    again = ModelFamily(read_family_spec(family.path), family.path)
    alike = [family.variant(prime=7), family.variant(prime=7, results=Path("results")), again.variant(prime=7)]
    alike += [Variant(family, dict(reversed(list(alike[0].settings.items()))), Path("results"))]
    assert {hash(variant) for variant in alike} == {hash(alike[0])} and len(set(alike)) == 1
    others = [family.variant(prime=11), family.variant(prime=7, lr=0.1), family.variant(prime=7, results=tmp_path)]
    imported = [Variant(family, alike[0].settings, Path("results"), ImportSource(name, "x.pt", "")) for name in ("one", "two")]
    assert len({*alike, *others, *imported}) == 6
    assert len({family, again}) == 1


def test_what_a_variant_is_does_not_change(family: ModelFamily) -> None:
    given, shape = {"prime": 7}, {"n_heads": 8}
    variant = Variant(family, given, Path("results"), ImportSource("one", "x.pt", "", shape))
    given["prime"], shape["n_heads"] = 11, 2
    assert (variant.settings, variant.shape) == ({"prime": 7}, {"n_heads": 8})
    with pytest.raises(TypeError):
        variant.settings["prime"] = 11  # type: ignore[index]
    for copied in (copy.deepcopy(variant), pickle.loads(pickle.dumps(variant)), replace(variant)):
        assert copied == variant and hash(copied) == hash(variant)


def test_zero_is_a_seed(family: ModelFamily) -> None:
    assert family.variant(seed=0, data_seed=0).name == "modulo_addition_1layer_p113_seed0_dseed0"


def test_none_means_the_default(family: ModelFamily) -> None:
    assert family.resolve({"prime": None}) == family.resolve({})


def test_an_unknown_setting_lists_the_known_ones(family: ModelFamily) -> None:
    with pytest.raises(InvalidValueError, match="has no setting 'primes'; it has prime, seed, data_seed, train_fraction"):
        family.variant(primes=7)


@pytest.mark.parametrize("prime", [0, 1, -7, 113.5, "abc", True])
def test_a_prime_that_is_none_is_refused(family: ModelFamily, prime: object) -> None:
    with pytest.raises(InvalidValueError, match="prime must be an integer >= 2"):
        family.variant(prime=prime)  # type: ignore[arg-type]


def test_close_numbers_give_different_names(family: ModelFamily) -> None:
    names = {family.variant(lr=lr).name for lr in (0.1, 0.1 + 1e-17, 0.1 + 1e-16, 0.10000001)}
    assert len(names) == len({0.1, 0.1 + 1e-17, 0.1 + 1e-16, 0.10000001})


def test_minus_zero_names_no_other_variant(family: ModelFamily) -> None:
    variants = [family.variant(weight_decay=zero) for zero in (0, 0.0, -0.0, np.float32(-0.0))]
    variants.append(family.variant(weight_decay=family.settings["weight_decay"].parse("weight_decay", "-0")))
    assert {variant.name for variant in variants} == {f"{family.variant().name}_wd0"}
    assert {str(variant.settings["weight_decay"]) for variant in variants} == {"0.0"}


def test_numpy_numbers_are_settings(family: ModelFamily) -> None:
    variant = family.variant(prime=np.int64(31), seed=np.uint8(5), lr=np.float64(0.01), weight_decay=np.int32(2))
    assert variant == family.variant(prime=31, seed=5, lr=0.01, weight_decay=2.0)
    assert [type(variant.settings[name]) for name in ("prime", "seed", "lr", "weight_decay")] == [int, int, float, float]


@pytest.mark.parametrize("lr", [9007199254740993, np.int64(9007199254740993), 2**63 + 1])
def test_a_number_that_no_float_holds_is_refused_and_says_which_would_be_stored(family: ModelFamily, lr: int) -> None:
    with pytest.raises(InvalidValueError, match=rf"lr cannot be stored as .*, but only as {float(lr):.0f}; give that instead"):
        family.variant(lr=lr)
    assert family.variant(lr=int(float(lr))).settings["lr"] == float(lr)


@pytest.mark.parametrize("text", ["0.1000000000000000055511151231257827", "0." + "3" * 4000, "9007199254740992.0", "1e23"])
def test_long_decimals_are_the_nearest_float(family: ModelFamily, text: str) -> None:
    assert family.settings["lr"].parse("lr", text) == float(text)


def test_an_integer_stays_exact(family: ModelFamily) -> None:
    assert family.variant(seed=9007199254740993).name.endswith("_seed9007199254740993_dseed598")
