"""Our view of a safetensors file is that of the library."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save

from headlapse.errors import CorruptFileError
from headlapse.results.checkpoints import content_hash, read_checkpoint, write_checkpoint
from headlapse.results.headers import FORMAT, Identity
from headlapse.storage.checksums import write_checksum

DTYPES = ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?")


def test_safetensors_reads_the_same_tensors(tmp_path: Path) -> None:
    weights = {f"a {name}": np.arange(6).astype(name).reshape(2, 3) for name in DTYPES}
    weights |= {"empty": np.zeros((0, 3), np.float32), "scalar": np.array(2.5)}
    write_checkpoint(tmp_path / "file", weights, Identity("family", "variant", 7))
    theirs, ours = load_file(tmp_path / "file"), read_checkpoint(tmp_path / "file", Identity("family", "variant", 7)).weights
    assert theirs.keys() == ours.keys() == weights.keys()
    for name, tensor in weights.items():
        for found in (theirs[name], ours[name]):
            np.testing.assert_array_equal(found, tensor)
            assert found.dtype == tensor.dtype and found.shape == tensor.shape


def test_tensors_are_views_of_the_file(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "file", {"one": np.zeros(3), "two": np.ones((2, 2))}, Identity("family", "variant", 0))
    weights = read_checkpoint(tmp_path / "file", Identity("family", "variant", 0)).weights
    assert not any(tensor.flags.owndata or tensor.flags.writeable for tensor in weights.values())


def test_weights_are_known_by_what_is_stored_whatever_the_byte_order(tmp_path: Path) -> None:
    identity = Identity("family", "variant", 0)
    hashes = {write_checkpoint(tmp_path / order, {"one": np.arange(3, dtype=f"{order}f4")}, identity) for order in "<>"}
    assert hashes == {content_hash(read_checkpoint(tmp_path / ">", identity).weights)}


@pytest.mark.parametrize("extra", [{}, {"crc32": "not the seal", "seal": "nor this"}])
def test_the_seal_of_earlier_versions_is_checked(tmp_path: Path, extra: dict[str, str]) -> None:
    identity, weights, path = Identity("family", "variant", 0), {"one": np.arange(3.0)}, tmp_path / "file"
    header = {"format": FORMAT, "sha256": content_hash(weights), "seal": "0" * 64, **vars(identity), "extra": extra}
    content = bytearray(save(weights, {"headlapse": json.dumps(header)}))
    write_checksum(content, content.find(b"0" * 64), hashlib.sha256)
    path.write_bytes(content)
    assert read_checkpoint(path, identity).weights["one"].tolist() == [0, 1, 2]
    path.write_bytes(content[:-1] + b"?")
    with pytest.raises(CorruptFileError, match="checksum does not match"):
        read_checkpoint(path, identity)
