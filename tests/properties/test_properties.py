"""What must hold for every value, not only for those somebody thought of."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError
from headlapse.results.artifacts import Provenance, pack_artifact, read_artifact, read_provenance
from headlapse.results.checkpoints import pack_checkpoint, read_checkpoint
from headlapse.results.discovery import discover
from headlapse.results.headers import Identity
from headlapse.results.losses import append_losses, read_losses
from headlapse.results.paths import ArtifactPaths
from headlapse.results.records import write_config
from headlapse.storage.atomic import read_json, write_json
from headlapse.workbench import FamilyRegistry, Variant

FAMILY = FamilyRegistry().get("modulo_addition_1layer")
SEEDS = st.integers(0, 2**63 - 1)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "prime": st.integers(2, 1_000_000),
        "seed": SEEDS,
        "data_seed": SEEDS,
        "train_fraction": st.floats(0, 1, exclude_min=True, exclude_max=True),
        "lr": st.floats(0, 1e3, exclude_min=True),
        "weight_decay": st.floats(0, 1e3),
    },
)
DTYPES = st.one_of(arrays.floating_dtypes(), arrays.integer_dtypes(), arrays.unsigned_integer_dtypes(), arrays.boolean_dtypes())
ARRAYS = arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4))
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00/\\", exclude_categories=["Cs"]), min_size=1, max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


@given(SETTINGS)
def test_what_is_asked_is_stored_and_read(asked: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as results:
        variant = FAMILY.variant(results=results, **asked)
        write_config(variant, {"epochs": 0}, {})
        (found,) = discover(Path(results), lambda _: FAMILY).variants
        assert Variant.open(found.paths.root, FAMILY) == variant and found.name == variant.name
        assert {name: found.settings[name] for name in asked} == asked
        assert found.config["settings"] == dict(variant.settings)


@given(SETTINGS, SETTINGS)
def test_different_settings_have_different_names(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = FAMILY.variant(**one), FAMILY.variant(**other)
    assert (first.name == second.name) == (dict(first.settings) == dict(second.settings))


@given(st.sampled_from(sorted(FAMILY.settings)), st.one_of(st.floats(), st.text(), st.booleans(), st.integers(), st.none()))
def test_a_setting_is_taken_as_it_is_or_refused(name: str, value: Any) -> None:
    try:
        taken = FAMILY.variant(**{name: value}).settings[name]
    except InvalidValueError as error:
        assert name in str(error)
    else:
        assert taken == (FAMILY.settings[name].default if value is None else value)
        assert not isinstance(value, bool | str)


@given(st.dictionaries(NAMES.filter(lambda name: name != "file"), ARRAYS, max_size=3))
def test_an_artifact_reads_back_as_it_was(content: dict[str, np.ndarray]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "epoch_00001.npz"
        provenance = Provenance("f", "v", 1, "a", 1, "0", "0")
        path.write_bytes(pack_artifact(content, provenance))
        found = read_artifact(path, {"epoch": 1})
        assert found.keys() == content.keys() and all(same(found[name], content[name]) for name in content)
        assert read_provenance(path) == provenance
        assert pack_artifact(content, provenance) == path.read_bytes()
        with np.load(path, allow_pickle=False) as plain:
            assert all(same(plain[name], content[name]) for name in content)


NUMBERS = st.sampled_from([np.float32, np.float64, np.int64, np.uint8])
TENSORS = arrays.arrays(NUMBERS, arrays.array_shapes(min_dims=0, max_side=3))
TENSOR_NAMES = NAMES.filter(lambda name: name != "__metadata__")


@given(st.dictionaries(TENSOR_NAMES, TENSORS, min_size=1, max_size=3), st.integers(0, 10**9))
def test_a_checkpoint_reads_back_as_it_was(weights: dict[str, np.ndarray], epoch: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        content, sha256 = pack_checkpoint(weights, Identity("f", "v", epoch), {"test_loss": None})
        path.write_bytes(content)
        found = read_checkpoint(path, Identity("f", "v", epoch))
        assert found.sha256 == sha256 and found.extra == {"test_loss": None}
        assert all(same(found.weights[name], weights[name]) for name in weights)


@given(st.dictionaries(st.text().filter(lambda name: name != "sha256"), JSON, max_size=5))
def test_json_reads_back_as_it_was(content: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.json"
        try:
            write_json(path, content)
        except UnicodeEncodeError:  # a lone surrogate is no text
            return
        assert read_json(path, "") == content


LOSSES = st.lists(st.tuples(st.floats(), st.floats()), max_size=6)


@given(st.lists(st.tuples(st.integers(0, 8), LOSSES), max_size=5))
def test_the_journal_holds_what_was_appended_last(appends: list[tuple[int, list[tuple[float, float]]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, expected = Path(folder) / "losses", []
        for at, losses in appends:
            if at > len(expected):
                with pytest.raises(FileStateError):
                    append_losses(path, at, [], [])
                continue
            append_losses(path, at, [train for train, _ in losses], [test for _, test in losses])
            expected = expected[:at] + losses
        found = read_losses(path)
        assert np.array_equal(found.train, [train for train, _ in expected], equal_nan=True)
        assert np.array_equal(found.test, [test for _, test in expected], equal_nan=True)


@given(st.sets(st.integers(0, 10**7)), st.lists(st.text(max_size=12), max_size=5))
def test_epochs_are_listed_by_number_and_junk_is_not_seen(epochs: set[int], junk: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = ArtifactPaths(Path(folder))
        (Path(folder) / "a").mkdir()
        for epoch in epochs:
            paths.file("a", epoch).touch()
        for name in (*junk, "x", "-1", "1e3", "00001 (copy)", "\u0660\u0660\u0660\u0660\u0660", "0000001"):
            try:
                (Path(folder) / "a" / f"epoch_{name}.npz").touch()
            except (OSError, ValueError):
                continue
        numbers = {int(name) for name in junk if name.isascii() and name.isdigit() and f"{int(name):05d}" == name}
        assert paths.epochs("a") == sorted(epochs | numbers)


@given(st.text(max_size=300))
def test_a_name_from_outside_opens_nothing_outside(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        results.mkdir()
        (Path(folder) / "secret").write_text("secret")
        with pytest.raises(HeadlapseError):
            discover(results, lambda _: FAMILY).get(name)
        with pytest.raises(HeadlapseError):
            FamilyRegistry().get(name)


@given(st.text(max_size=60))
def test_a_folder_of_any_name_is_a_variant_or_broken(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        variant = FAMILY.variant(prime=7, results=folder)
        write_config(variant, {}, {})
        try:
            moved = variant.paths.root.rename(variant.paths.root.parent / name)
        except (OSError, ValueError):
            return
        if moved.parent != variant.paths.root.parent or name == variant.name:
            return
        found = discover(Path(folder), lambda _: FAMILY)
        assert not found.variants and len(found.broken) <= 1


@given(st.binary(max_size=400))
def test_any_bytes_are_a_typed_error(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        for read in (
            lambda: read_json(path, ""),
            lambda: read_artifact(path, {}),
            lambda: read_checkpoint(path, Identity("f", "v", 0)),
        ):
            with pytest.raises(FileStateError):
                read()
        try:
            assert len(read_losses(path)) <= len(content) // 24
        except FileStateError as error:
            assert math.isfinite(len(str(error)))
