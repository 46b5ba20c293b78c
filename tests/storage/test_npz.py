"""Artifacts in a zip: any reader reads them, and one plane can be read without the rest."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headlapse.errors import CorruptFileError, IncompatibleFileError
from headlapse.models.one_layer_patterns import grid_patterns
from headlapse.results.artifacts import Provenance, write_artifact
from headlapse.results.loader import ArtifactLoader
from headlapse.storage import chunked_deflate as chunks
from headlapse.storage import npz
from tests.models.test_one_layer import published_weights
from tests.published import start

RANDOM = np.random.default_rng(0)
ARRAYS = [
    np.array(3.5),
    np.zeros(0, dtype=np.float32),
    np.zeros((3, 0, 4, 4)),
    np.arange(24, dtype=">i2").reshape(2, 3, 4),
    np.asfortranarray(RANDOM.random((4, 3, 5, 5))),
    RANDOM.random((4, 3, 3, 113, 113)).astype(np.float32),
    np.full((2, 1, 3), np.nan),
    np.array(["a", "bc"]),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype}{array.shape}")
def test_numpy_and_we_read_what_we_wrote(array: np.ndarray) -> None:
    content = npz.pack({"one": array, "two": np.arange(3)}, note=b"{}")
    with np.load(io.BytesIO(content), allow_pickle=False) as theirs:
        for found in (theirs["one"], npz.unpack(content)["one"]):
            np.testing.assert_array_equal(found, array)
            assert found.dtype == array.dtype and found.shape == array.shape
    assert npz.unpack(content)["two"].tolist() == [0, 1, 2]


def test_what_numpy_wrote_is_read(tmp_path: Path) -> None:
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "theirs.npz", patterns=ARRAYS[5])
        content = (tmp_path / "theirs.npz").read_bytes()
        np.testing.assert_array_equal(npz.unpack(content)["patterns"], ARRAYS[5])
        plane = npz.unpack_planes(content, "patterns", np.array(7))
        np.testing.assert_array_equal(plane, ARRAYS[5][0, 2, 1])


DEEP = RANDOM.random((12 * 12, 64, 64, 5), dtype=np.float32)  # of 12 layers of 12 heads, 64 positions and 5 inputs


@pytest.mark.parametrize(("array", "most"), [(ARRAYS[5], 4), (DEEP, 2)], ids=["two axes", "12 by 12 heads"])
def test_planes_are_read_without_inflating_the_rest(array: np.ndarray, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = npz.pack({"patterns": array})
    inflated: list[int] = []
    original = chunks._inflate_run
    monkeypatch.setattr(
        chunks, "_inflate_run", lambda *arguments: inflated.append(len((parts := original(*arguments))[0])) or parts
    )
    numbers = np.arange(array[..., 0, 0].size).reshape(array.shape[:-2])
    wanted = np.s_[:, 2, 0] if array is ARRAYS[5] else np.s_[70]
    np.testing.assert_array_equal(npz.unpack_planes(content, "patterns", numbers[wanted]), array[wanted])
    assert sum(inflated) <= most * chunks.CHUNK_BYTES * 1.2 < array.nbytes / 2


def test_constant_planes_that_are_kept_are_not_taken_for_others() -> None:
    for value in (0, 1, 2, 0, 1):
        array = np.full((4, 3, 113, 113), value, np.float32)
        array[1, 1] = ARRAYS[5][0, 2, 0]
        np.testing.assert_array_equal(npz.unpack(npz.pack({"patterns": array}))["patterns"], array)


def test_the_stream_is_one_stream_to_zlib() -> None:
    stored, deflated = RANDOM.bytes(chunks.CHUNK_BYTES), bytes(chunks.CHUNK_BYTES)
    parts = chunks.deflate(b"header", memoryview(stored + deflated), n_planes=2, row_bytes=512)
    assert len(parts) == 3
    assert len(parts[1]) > chunks.CHUNK_BYTES and len(parts[2]) < 1_000
    assert zlib.decompress(b"".join(parts), chunks.RAW_DEFLATE) == b"header" + stored + deflated


@given(n_planes=st.integers(1, 40), chunk_bytes=st.integers(1, 2_000), noisy=st.booleans())
def test_any_plane_is_found_in_any_chunk(n_planes: int, chunk_bytes: int, noisy: bool) -> None:
    count = np.arange(n_planes * 12, dtype=np.uint64).reshape(1, n_planes, 3, 4)
    array = count * np.uint64(0x9E3779B97F4A7C15) if noisy else count
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK_BYTES", chunk_bytes)
        patch.setattr(chunks, "PROBE_BYTES", 1)
        content = npz.pack({"planes": array})
    np.testing.assert_array_equal(npz.unpack(content)["planes"], array)
    for planes in (np.arange(n_planes), np.arange(n_planes)[::-2], np.array([[0], [n_planes - 1]])):
        np.testing.assert_array_equal(npz.unpack_planes(content, "planes", planes), array[0, planes])


def test_artifacts_are_no_larger_than_those_of_numpy(tmp_path: Path) -> None:
    pattern = RANDOM.dirichlet(np.ones(3), size=(4, 3, 113, 113)).astype(np.float32).transpose(0, 1, 4, 2, 3)
    np.savez_compressed(tmp_path / "theirs.npz", patterns=pattern)
    assert len(npz.pack({"patterns": pattern})) < 1.1 * (tmp_path / "theirs.npz").stat().st_size


def test_patterns_of_a_fresh_model_are_no_larger_than_those_of_numpy(tmp_path: Path) -> None:
    check_size(start(), tmp_path)


def test_patterns_of_the_published_trained_model_are_no_larger_than_those_of_numpy(tmp_path: Path, reference: Path) -> None:
    check_size({name: tensor.numpy() for name, tensor in published_weights(reference).items()}, tmp_path)


def check_size(weights: dict[str, np.ndarray], folder: Path) -> None:
    patterns = grid_patterns(weights, 113)
    np.savez_compressed(folder / "theirs.npz", patterns=patterns)
    assert len(npz.pack({"patterns": patterns})) < 1.1 * (folder / "theirs.npz").stat().st_size


def test_a_part_is_that_part_of_the_whole(tmp_path: Path) -> None:
    loader = ArtifactLoader(tmp_path)
    provenance = Provenance("family", "variant", 100, "attention_patterns", 1, "0" * 64, "0" * 64)
    path = loader.paths.file("attention_patterns", 100)
    write_artifact(path, {"patterns": ARRAYS[5], "flat": np.zeros(3)}, provenance)

    def part(index: object, name: str = "patterns") -> np.ndarray:
        return loader.load_part("attention_patterns", 100, name, index)

    for index in (np.s_[:, 2, 0], np.s_[1], np.s_[3, 1, 2], np.s_[:, -1], np.s_[::2, :, 1]):
        np.testing.assert_array_equal(part(index), ARRAYS[5][index])
    with pytest.raises(IndexError):
        part(np.s_[:, 3, 0])
    for name in ("flat", "absent"):
        with pytest.raises(IncompatibleFileError, match=f"no {name} of more than two axes"):
            part(0, name)
    with pytest.raises(IncompatibleFileError, match="says it was made from"):
        path.rename(loader.paths.file("attention_patterns", 200))
        loader.load_part("attention_patterns", 200, "patterns", 0)


def test_a_damaged_part_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    loader = ArtifactLoader(tmp_path)
    path = loader.paths.file("some", 0)
    write_artifact(path, {"grid": RANDOM.random((2, 2, 9, 9))}, Provenance("f", "v", 0, "some", 1, "", ""))
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises((CorruptFileError, IncompatibleFileError)):
            loader.load_part("some", 0, "grid", np.s_[0, 1])


def test_objects_are_refused() -> None:
    with pytest.raises(ValueError, match="Python objects"):
        npz.pack({"bad": np.array([object()])})
