"""Our view of a safetensors file is that of the library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from headlapse.results.checkpoints import read_checkpoint, write_checkpoint
from headlapse.results.headers import Identity

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
