from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headlapse.errors import BrokenFamilyError, InvalidValueError
from headlapse.families.spec import ParameterSpec, parse_family_spec, read_family_spec
from headlapse.workbench import ModelFamily


@pytest.fixture
def content(family: ModelFamily) -> dict[str, Any]:
    return json.loads(family.path.read_text())


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("title", None, r"title: is missing"),
        ("architecture.n_heads", 0, r"architecture.n_heads: .*greater than or equal to 1 \(value 0\)"),
        ("architecture.n_heads", "four", r"architecture.n_heads: .*valid integer \(value 'four'\)"),
        ("architecture.act_fn", "swish", r"architecture.act_fn: .*'relu', 'gelu', .*'solu_ln' \(value 'swish'\)"),
        ("architecture.heads", 4, r"architecture.heads: unknown key \(value 4\); allowed: n_layers, n_heads"),
        ("analysers", [], r"analysers: unknown key \(value \[\]\); allowed: name, title"),
        ("training.lr.defualt", 1, r"training.lr.defualt: unknown key .*; allowed: type, default"),
        ("domain_parameters.prime.default", 1, r"default must be an integer >= 2 and <= 1000000, got 1"),
        ("training.lr.suffix", "wd", r"every training setting needs its own suffix"),
        ("variant_pattern", "{family}_{prime}", r"must use each of \['family', 'prime', 'seed', 'data_seed'\] exactly once"),
        ("name", "Bad Name", r"name: .*pattern"),
        ("architecture.d_mlp", None, r"architecture: .*declare both, or neither for a model with only attention"),
        ("domain_parameters.seed.choices", ["one", "two"], r"a parameter of type choice needs choices"),
        ("domain_parameters.seed.type", "choice", r"a parameter of type choice needs choices"),
    ],
)
def test_an_error_names_file_field_value_and_what_is_allowed(
    content: dict[str, Any], place: str, value: object, message: str
) -> None:
    *parents, leaf = place.split(".")
    owner = content
    for parent in parents:
        owner = owner[parent]
    if value is None:
        del owner[leaf]
    else:
        owner[leaf] = value
    with pytest.raises(BrokenFamilyError, match=r"^somewhere/family\.json: .*" + message):
        parse_family_spec(content, Path("somewhere/family.json"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "is not UTF-8 JSON"),
        (b"[]", "must hold one JSON object, got a list"),
        (b"\xff\xfe{}", "is not UTF-8 JSON"),
        (b"[" * 100_000, "is not UTF-8 JSON"),
        (b" " * 1_000_001, "larger than 1,000,000 bytes"),
    ],
    ids=["cut", "list", "not utf-8", "deep", "huge"],
)
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "family.json"
    path.write_bytes(data)
    with pytest.raises(BrokenFamilyError, match=message):
        read_family_spec(path)


def test_a_choice_has_names_and_no_range() -> None:
    choice = {"type": "choice", "default": "one", "description": ""}
    assert ParameterSpec(**choice, choices=["one", "two"]).allowed == "one of one, two"
    for wrong in ({"choices": ["two"]}, {"choices": []}, {"choices": ["one"], "minimum": 1}, {"choices": ["one", "a/b"]}):
        with pytest.raises(ValueError, match=r"must be one of two|at least 1 item|no minimum|should match pattern"):
            ParameterSpec(**choice, **wrong)


PRIME = ParameterSpec(type="integer", minimum=2, maximum=10, default=5, description="")
FRACTION = ParameterSpec(type="number", exclusive_minimum=0, exclusive_maximum=1, default=0.5, description="")


@pytest.mark.parametrize("value", [1, 11, 2.0, True, "3", None, float("nan"), 10**400])
def test_check_refuses_what_is_no_integer_in_range(value: object) -> None:
    with pytest.raises(InvalidValueError, match=r"prime must be an integer >= 2 and <= 10, got"):
        PRIME.check("prime", value)


@pytest.mark.parametrize("value", [0, 1, 1.5, -0.1, False, float("inf"), 10**400])
def test_check_refuses_what_is_no_number_in_range(value: object) -> None:
    with pytest.raises(InvalidValueError, match=r"fraction must be a number > 0 and < 1, got"):
        FRACTION.check("fraction", value)


def test_parse_reads_text() -> None:
    assert PRIME.parse("prime", "7") == 7
    assert FRACTION.parse("fraction", "2.5e-1") == 0.25
    for text in ("7.0", "abc", "", "0x7", "11", "9" * 400, "9" * 5000):
        with pytest.raises(InvalidValueError, match="prime must be") as caught:
            PRIME.parse("prime", text)
        assert len(str(caught.value)) < 200


def test_a_number_beyond_every_float_breaks_the_family_alone(content: dict[str, Any]) -> None:
    content["training"]["lr"]["default"] = 10**400
    with pytest.raises(BrokenFamilyError, match=r"training\.lr: .*default must be a number"):
        parse_family_spec(content, Path("family.json"))
