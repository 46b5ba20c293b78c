from __future__ import annotations

import pytest

from headlapse.errors import InvalidValueError
from headlapse.workbench import ModelFamily


def test_a_variant_is_named_by_its_parameters_and_non_default_settings(family: ModelFamily) -> None:
    assert family.variant().name == "modulo_addition_1layer_p113_seed999_dseed598"
    assert family.variant(prime=31, weight_decay=0).name == "modulo_addition_1layer_p31_seed999_dseed598_wd0"
    assert family.variant(train_fraction=0.4, lr=1e-5).name.endswith("_frac0.4_lr1e-05")
    assert family.variant(weight_decay=1).name == family.variant().name


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
