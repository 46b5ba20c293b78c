"""Every truncation and every changed byte of every kind of file is noticed, and always by the same kind of error."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from headlapse.errors import BrokenFamilyError, CorruptFileError, FileStateError, IncompatibleFileError
from headlapse.families.spec import read_family_spec
from headlapse.results.artifacts import Provenance, pack_artifact, read_artifact, read_part, read_provenance
from headlapse.results.checkpoints import pack_checkpoint, read_checkpoint
from headlapse.results.headers import Identity, read_epoch, read_extra, read_hash
from headlapse.results.losses import append_losses, read_losses
from headlapse.storage import npz
from headlapse.storage.atomic import read_json, write_json
from headlapse.storage.checksums import Crc32, placeholder, write_checksum
from headlapse.workbench.families import PACKAGED_DEFINITIONS

Reader = Callable[[Path], object]
IDENTITY = Identity("family", "variant", 100)
PROVENANCE = Provenance("family", "variant", 100, "analyzer", 1, "a" * 64, "b" * 64)
WEIGHTS = {"embed.W_E": np.arange(6, dtype=np.float32).reshape(2, 3), "rng": np.arange(5, dtype=np.uint8)}
METADATA = {"train_losses": [4.1, 3.2], "test_losses": [None, 1e-7], "train_indices": [0, 2], "family": "naïve"}


def write_artifact_golden(path: Path) -> None:
    path.write_bytes(pack_artifact({"patterns": np.linspace(0, 1, 24, dtype=np.float32).reshape(2, 3, 4)}, PROVENANCE))


def write_checkpoint_golden(path: Path) -> None:
    path.write_bytes(pack_checkpoint(WEIGHTS, IDENTITY, {"test_loss": 0.25})[0])


def write_losses_golden(path: Path) -> None:
    append_losses(path, 0, [4.5, 3.5, 2.5], [4.25, np.nan, 2.25])


KINDS: dict[str, tuple[Callable[[Path], None], Reader]] = {
    "checkpoint": (write_checkpoint_golden, lambda path: read_checkpoint(path, IDENTITY)),
    "training state": (write_checkpoint_golden, lambda path: read_checkpoint(path, lambda _: IDENTITY)),
    "artifact": (write_artifact_golden, lambda path: read_artifact(path, {"analyzer": "analyzer", "epoch": 100})),
    "part of an artifact": (write_artifact_golden, lambda path: read_part(path, {"epoch": 100}, "patterns", 1)),
    "json": (lambda path: write_json(path, METADATA), lambda path: read_json(path, "remedy")),
    "losses": (write_losses_golden, lambda path: read_losses(path, epochs=3)),
}


def truncations(content: bytes) -> Iterator[bytes]:
    return (content[:size] for size in range(len(content)))


def flips(content: bytes) -> Iterator[bytes]:
    """Each byte with its lowest and its highest bit turned, with all of them, and as a zero."""
    for place, byte in enumerate(content):
        for other in {byte ^ 1, byte ^ 0x80, byte ^ 0xFF, 0} - {byte}:
            yield content[:place] + bytes([other]) + content[place + 1 :]


def zero_tails(content: bytes) -> Iterator[bytes]:
    """Of the right size, with zeros from some byte on: what a disk leaves of a file that was never flushed."""
    tails = (content[:size] + bytes(len(content) - size) for size in range(len(content)))
    return (damaged for damaged in tails if damaged != content)


@pytest.mark.parametrize("damage", [truncations, flips, zero_tails])
@pytest.mark.parametrize("kind", KINDS)
def test_every_damage_is_the_same_typed_error(kind: str, damage: Callable[[bytes], Iterator[bytes]], tmp_path: Path) -> None:
    write, read = KINDS[kind]
    path = tmp_path / "file"
    write(path)
    read(path)
    for damaged in damage(path.read_bytes()):
        path.write_bytes(damaged)
        with pytest.raises(CorruptFileError) as caught:
            read(path)
        assert str(path) in str(caught.value) and caught.value.remedy


def test_a_damaged_artifact_has_no_provenance_so_that_it_is_computed_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_artifact_golden(path)
    assert read_provenance(path) == PROVENANCE
    for damaged in flips(path.read_bytes()):
        path.write_bytes(damaged)
        assert read_provenance(path) is None


def test_swapped_and_zeroed_loss_records_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "losses"
    write_losses_golden(path)
    content = path.read_bytes()
    swapped = content[24:48] + content[:24] + content[48:]
    zeroed = content[:24] + bytes(24) + content[48:]
    for damaged in (swapped, zeroed):
        path.write_bytes(damaged)
        with pytest.raises(CorruptFileError, match="check --repair"):
            read_losses(path)


def test_an_unfinished_record_at_the_end_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "losses"
    write_losses_golden(path)
    content = path.read_bytes()
    for tail in (content[:60], content[:48] + bytes(24), content + b"x", content + bytes(240)):
        path.write_bytes(tail)
        losses = read_losses(path)
        assert losses.train.tolist() == [4.5, 3.5, 2.5][: len(losses)] and len(losses) >= 2


def test_a_family_that_is_damaged_is_broken_or_valid(tmp_path: Path, family: object) -> None:
    path = tmp_path / "family.json"
    content = family.path.read_bytes()  # type: ignore[attr-defined]
    for damaged in (content[:size] for size in range(0, len(content.rstrip()) - 1, 7)):
        path.write_bytes(damaged)
        with pytest.raises(BrokenFamilyError, match=r"family\.json"):
            read_family_spec(path)
    for place in range(0, len(content), 5):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with pytest.raises(BrokenFamilyError, match=r"family\.json"):
            read_family_spec(path)


BOM = b"\xef\xbb\xbf"
PACKAGED = next(PACKAGED_DEFINITIONS.glob("*/family.json")).read_bytes()


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff\xfe{}", b"[" * 100_000, b'{"a":' * 100_000, BOM + PACKAGED])
def test_a_family_that_is_no_family_is_broken(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "family.json"
    path.write_bytes(content)
    with pytest.raises(BrokenFamilyError):
        read_family_spec(path)


def test_files_of_others_are_refused_by_identity(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_checkpoint_golden(path)
    for other in (Identity("other", "variant", 100), Identity("family", "other", 100), Identity("family", "variant", 200)):
        with pytest.raises(IncompatibleFileError, match="belongs to"):
            read_checkpoint(path, other)
    write_artifact_golden(path)
    for expected in ({"analyzer": "other"}, {"epoch": 200}, {"variant": "other"}, {"family": "other"}):
        with pytest.raises(IncompatibleFileError, match="says it was made from"):
            read_artifact(path, expected)
    with pytest.raises(FileStateError) as stale:
        read_artifact(path, {"checkpoint_sha256": "c" * 64})
    assert stale.value.state == "stale"


def test_claims_beyond_the_content_are_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (100000000000,), }"
    member = b"\x93NUMPY\x01\x00" + (len(header) + 1).to_bytes(2, "little") + header + b"\n"
    path = tmp_path / "file"
    path.write_bytes(stored_zip("patterns.npy", member))
    with pytest.raises(CorruptFileError, match="not the size of its data"):
        read_artifact(path, {})


def test_a_note_that_claims_too_much_is_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    note = {"arrays": {"patterns": ["<f4", [10**12, 3, 4]]}, "crc32": placeholder(Crc32)}
    content = npz.pack({"patterns": np.zeros((2, 3, 4), np.float32)}, json.dumps(note).encode())
    path = tmp_path / "file"
    write_checksum(content, len(content) - 10, Crc32)
    path.write_bytes(content)
    with pytest.raises(CorruptFileError, match="more than it has bytes"):
        read_part(path, {}, "patterns", 0)


@pytest.mark.parametrize("dtype", ["floaT32", "", "f4,,", "{'names': 1}", "i4\x00", 4])
def test_a_senseless_type_in_the_note_is_a_typed_error(dtype: object, tmp_path: Path) -> None:
    note = {"arrays": {"patterns": [dtype, [2, 3, 4]]}, "crc32": placeholder(Crc32)}
    content = npz.pack({"patterns": np.zeros((2, 3, 4), np.float32)}, json.dumps(note).encode())
    write_checksum(content, len(content) - 10, Crc32)
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CorruptFileError, match="does not describe its arrays"):
        read_part(path, {}, "patterns", 0)


HEADERS = (b"{'descr': '<f4', (", b"[" * 500, b"{'descr': 5}", b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}")


@pytest.mark.parametrize("text", HEADERS)
def test_a_senseless_array_header_is_a_typed_error(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(stored_zip("patterns.npy", b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text))
    with pytest.raises(CorruptFileError, match=r"patterns\.npy"):
        read_artifact(path, {})


def test_a_compressed_bomb_is_refused(tmp_path: Path) -> None:
    content = bytearray(npz.pack({"patterns": np.zeros(1_000_000)}))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (2**31).to_bytes(4, "little")
    path = tmp_path / "file"
    path.write_bytes(bytes(content))
    with pytest.raises(CorruptFileError):
        read_artifact(path, {})


def test_what_inflates_to_more_than_it_says_takes_no_more_memory_than_it_says(tmp_path: Path) -> None:
    content = npz.pack({"patterns": np.zeros(10_000_000)})
    for place in (content.index(b"PK\x03\x04") + 22, content.rindex(b"PK\x01\x02") + 24):
        content[place : place + 4] = (1_000).to_bytes(4, "little")
    path = tmp_path / "file"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(CorruptFileError, match="more than it states"):
            read_artifact(path, {})
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def stored_zip(name: str, member: bytes) -> bytes:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, member)
    return buffer.getvalue()


def test_pickles_are_never_loaded(tmp_path: Path) -> None:
    class Touch:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "touched",))

    path = tmp_path / "file.npz"
    np.savez(path, patterns=np.array([Touch()], dtype=object))
    with pytest.raises(CorruptFileError, match="Python objects"):
        read_artifact(path, {})
    assert not (tmp_path / "touched").exists()


READERS: dict[str, Reader] = {
    **{kind: read for kind, (_, read) in KINDS.items()},
    "hash in a header": lambda path: read_hash(path, IDENTITY),
    "record in a header": lambda path: read_extra(path, IDENTITY),
    "family": read_family_spec,
}


@pytest.mark.parametrize("kind", READERS)
def test_what_is_no_regular_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (pipe, folder, Path(os.devnull)):
        with pytest.raises((CorruptFileError, BrokenFamilyError), match=r"not a regular file|Is a directory"):
            READERS[kind](path)
    assert read_epoch(pipe) == 0
