"""Parts of arrays in files are those of the arrays, whatever is asked for, and no more than their planes is inflated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import basic_indices

from headlapse.errors import HeadlapseError, OutOfRangeError
from headlapse.results.artifacts import Provenance, open_lazy, write_artifact
from headlapse.results.lazy_arrays import LazyArray, LazyArrays
from headlapse.storage import npz

SHAPE = (2, 3, 4, 5, 6)
WHOLE = np.arange(np.prod(SHAPE), dtype=np.float32).reshape(SHAPE)
PROVENANCE = Provenance("f", "v", 100, "some", 1, "0" * 64, "0" * 64)


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> LazyArrays:
    path = tmp_path_factory.mktemp("lazy") / "epoch_00100.npz"
    write_artifact(path, {"patterns": WHOLE, "small": np.eye(3)}, PROVENANCE)
    return open_lazy(path, {"epoch": 100})


@given(index=basic_indices(SHAPE, allow_newaxis=False))
def test_every_plain_index_gives_what_numpy_gives(arrays: LazyArrays, index: Any) -> None:
    if 0 in WHOLE[index].shape:
        with pytest.raises(OutOfRangeError):
            arrays["patterns"][index]
    else:
        np.testing.assert_array_equal(arrays["patterns"][index], WHOLE[index])


@given(st.lists(st.integers(-2, 1), min_size=1, max_size=4), st.integers(-3, 2))
def test_lists_of_heads_are_read_too(arrays: LazyArrays, heads: list[int], to: int) -> None:
    np.testing.assert_array_equal(arrays["patterns"][heads, to], WHOLE[heads, to])


def test_it_is_an_array_to_numpy_and_says_its_shape_unread(arrays: LazyArrays, monkeypatch: pytest.MonkeyPatch) -> None:
    array = arrays["patterns"]
    assert isinstance(array, LazyArray) and (array.shape, array.dtype, array.ndim, array.size, len(array)) == (
        (*SHAPE,),
        np.float32,
        5,
        720,
        2,
    )
    np.testing.assert_array_equal(np.asarray(array), WHOLE)
    np.testing.assert_array_equal(arrays["small"], np.eye(3))
    assert set(arrays) == {"patterns", "small"} and len(arrays) == 2


def test_whatever_else_is_done_with_it_is_done_to_the_array(arrays: LazyArrays) -> None:
    array = arrays["patterns"]
    np.testing.assert_array_equal(array * 2 + array, 3 * WHOLE)
    np.testing.assert_array_equal(1 - array, 1 - WHOLE)
    np.testing.assert_array_equal(np.exp(-array), np.exp(-WHOLE))
    np.testing.assert_array_equal(array.mean(axis=(3, 4)), WHOLE.mean(axis=(3, 4)))
    np.testing.assert_array_equal(np.stack([array, array])[1], WHOLE)
    assert [len(head) for head in array] == [3, 3] and array.max() == WHOLE.max() and bool((array == WHOLE).all())
    with pytest.raises(AttributeError):
        array.nothing()


def test_only_the_planes_asked_for_are_inflated(arrays: LazyArrays, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[np.ndarray] = []
    unpack = npz.unpack_planes

    def noting(content: bytes, name: str, planes: np.ndarray, allow: Any = None) -> np.ndarray:
        asked.append(planes)
        return unpack(content, name, planes, allow)

    monkeypatch.setattr(npz, "unpack_planes", noting)
    np.testing.assert_array_equal(arrays["patterns"][:, 2, 1, :, 3], WHOLE[:, 2, 1, :, 3])
    assert [planes.tolist() for planes in asked] == [[9, 21]]


@pytest.mark.parametrize("index", [2, (0, 3), (0, 0, 0, 5), True, "a", (0, 0, 0, 0, 0, 0)])
def test_an_index_that_is_not_there_is_named(arrays: LazyArrays, index: Any) -> None:
    with pytest.raises((HeadlapseError, IndexError)):
        arrays["patterns"][index]


def test_a_file_without_origin_is_read_whole_and_looks_the_same(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", patterns=WHOLE, small=np.eye(3))
    arrays = open_lazy(tmp_path / "a.npz", {})
    np.testing.assert_array_equal(arrays["patterns"][1, :, 2], WHOLE[1, :, 2])
    np.testing.assert_array_equal(arrays["small"], np.eye(3))
