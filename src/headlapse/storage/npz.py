"""Write and read `.npz` files for plain `np.load`, several times faster than `np.savez_compressed`.

The container is the standard zip; the deflate streams inside are made and read by ISA-L (package `isal`). The zip comment holds
a JSON note about the content, which `np.load` ignores. Nothing is ever unpickled.

An array with more than two axes is deflated in chunks of one or a few planes of its last two axes, and the stream is cut
between them (Z_FULL_FLUSH). Other readers see one stream. The sizes of the chunks are in an extra field of the zip, with which
this module inflates them in parallel, or only those that it needs.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from isal import isal_zlib

from headlapse.storage import chunked_deflate as chunks
from headlapse.storage.chunked_deflate import NpzError
from headlapse.storage.npy_header import MAX_HEADER_BYTES, ArrayHeader, header_bytes, read_header

Allow = Callable[[int], object]
MAX_ARRAY_BYTES = 16 * 2**30
END_BYTES = 2**17  # at the end of a file, which contain the directory of a few arrays and the note
_END_OF_ZIP_BYTES = 22
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")  # source: APPNOTE.TXT 4.3.7

__all__ = [
    "ArrayHeader",
    "Description",
    "NpzError",
    "describe",
    "pack",
    "planes_of",
    "read_note",
    "stated_bytes",
    "unpack",
    "unpack_planes",
]


class Description(NamedTuple):
    """The arrays in a file, by name, and an upper bound of the bytes that `unpack` inflates."""

    headers: dict[str, ArrayHeader]
    nbytes: int


def pack(arrays: Mapping[str, np.ndarray], note: bytes = b"") -> bytearray:
    """`arrays` as the bytes of an `.npz`. Object arrays are refused with `ValueError`."""
    parts = _Parts()
    with zipfile.ZipFile(parts, "w") as archive:
        for name, array in arrays.items():
            _append(archive, parts, f"{name}.npy", np.asanyarray(array, order="C"))
        archive.comment = note
    return bytearray().join(parts.written)


class _Parts(io.RawIOBase):
    """The output of zipfile, copied once it is complete."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self._size = 0

    def write(self, part: bytes) -> int:  # type: ignore[override]  # only bytes are written here
        self.written.append(part)
        self._size += len(part)
        return len(part)

    def tell(self) -> int:
        return self._size


def unpack(content: bytes, allow: Allow | None = None) -> dict[str, np.ndarray]:
    """The read-only arrays in `content`. Raises `NpzError` before allocating more than the file can contain.

    `allow` is called with the bytes of memory that the zip directory states, and raises if they are too many.
    """
    with _open(content) as archive:
        if allow is not None:
            allow(sum(info.file_size for info in archive.infolist()))
        return {info.filename.removesuffix(".npy"): _read(content, info) for info in archive.infolist()}


def unpack_planes(content: bytes, name: str, planes: np.ndarray, allow: Allow | None = None) -> np.ndarray:
    """The planes of the last two axes of array `name` with the numbers in `planes`, counted in C order.

    If the file has chunks, nothing else is inflated. Raises `NpzError` if the array or a plane does not exist. `allow` as in
    `unpack`.
    """
    with _open(content) as archive:
        found = {info.filename: info for info in archive.infolist()}.get(f"{name}.npy")
    if found is None:
        raise NpzError(f"holds no array {name!r}")
    if allow is not None:
        allow(found.file_size)
    sizes = chunks.sizes(found)
    if not sizes:
        return planes_of(_read(content, found), planes)
    compressed = _compressed(content, found)
    header = chunks.inflate_one(compressed, sizes, 0, MAX_HEADER_BYTES)
    dtype, shape, *_ = read_header(header, found.filename)
    n_planes, plane_bytes = math.prod(shape[:-2]), math.prod(shape[-2:]) * dtype.itemsize
    if len(header) + plane_bytes * n_planes != found.file_size or planes.max() >= n_planes:
        raise NpzError(f"{found.filename} has other chunks than its shape {shape} says")
    per_chunk = chunks.planes_per_chunk(n_planes, len(sizes) - 1)
    wanted = np.unique(planes // per_chunk).tolist()
    inflated = {chunk: chunks.inflate_one(compressed, sizes, chunk + 1, per_chunk * plane_bytes) for chunk in wanted}
    places = ((inflated[plane // per_chunk], plane % per_chunk * plane_bytes) for plane in planes.ravel().tolist())
    data = b"".join(memoryview(chunk)[start : start + plane_bytes] for chunk, start in places)
    if len(data) != planes.size * plane_bytes:
        raise NpzError(f"{found.filename} is damaged (a chunk is too short)")
    return np.frombuffer(data, dtype=dtype).reshape(*planes.shape, *shape[-2:])


def planes_of(array: np.ndarray, planes: np.ndarray) -> np.ndarray:
    """The planes of the last two axes of `array` with the numbers in `planes`, in C order. Raises `NpzError`."""
    if array.ndim <= 2 or planes.max() >= math.prod(array.shape[:-2]):
        raise NpzError(f"has no planes {planes.tolist()} in an array of shape {array.shape}")
    found: np.ndarray = array.reshape(-1, *array.shape[-2:])[planes]
    return found


def describe(content: bytes) -> Description:
    """Type and shape of each array, inflating only its header, and the bytes that the zip directory states.

    Raises `NpzError`, also if the directory states more bytes for an array than its header.
    """
    with _open(content) as archive:
        members = archive.infolist()
    headers: dict[str, ArrayHeader] = {}
    for info in members:
        header = headers[info.filename.removesuffix(".npy")] = _peek(content, info)
        if info.file_size > header.stated_bytes:
            raise _wrong_size(header, info)
    if len(headers) < len(members):
        raise NpzError("holds two arrays of one name")
    return Description(headers, sum(info.file_size for info in members))


def stated_bytes(content: bytes) -> int:
    """The largest number of bytes that `unpack` may inflate, from the zip directory."""
    with _open(content) as archive:
        return sum(info.file_size for info in archive.infolist())


def read_note(content: bytes) -> bytes:
    """The note that `pack` stored; the last `END_BYTES` of the file suffice."""
    with _open(content) as archive:
        return archive.comment


def _append(archive: zipfile.ZipFile, parts: _Parts, name: str, array: np.ndarray) -> None:
    """Add one compressed member. zipfile does not let callers choose the deflate library, so this writes the member itself."""
    header = header_bytes(array.shape, array.dtype)
    data = array.reshape(-1).view(np.uint8).data if array.size else memoryview(b"")
    n_planes = math.prod(array.shape[:-2]) if array.ndim > 2 and array.size else 0
    compressed = chunks.deflate(header, data, n_planes, row_bytes=array.shape[-1] * array.itemsize if array.ndim else 0)
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.CRC = isal_zlib.crc32(data, isal_zlib.crc32(header))
    info.file_size = len(header) + len(data)
    info.compress_size = sum(map(len, compressed))
    info.header_offset = parts.tell()
    info.extra = chunks.extra_field(compressed)
    parts.write(info.FileHeader())
    parts.writelines(compressed)
    archive.start_dir = parts.tell()
    archive.filelist.append(info)
    archive.NameToInfo[name] = info


def _open(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise NpzError(f"is not a whole zip file ({error})") from error
    end = len(content) - len(archive.comment) - _END_OF_ZIP_BYTES
    if content[end : end + 4] != b"PK\x05\x06":
        raise NpzError("has data after its end")
    if int.from_bytes(content[end + 20 : end + 22], "little") != len(archive.comment):
        raise NpzError("is cut short")
    return archive


def _read(content: bytes, info: zipfile.ZipInfo) -> np.ndarray:
    data = _inflate(content, info)
    if isal_zlib.crc32(data) != info.CRC:
        raise NpzError(f"{info.filename} is damaged (its checksum does not match)")
    header = read_header(data, info.filename)
    if header.stated_bytes != info.file_size:
        raise _wrong_size(header, info)
    return np.frombuffer(data, dtype=header.dtype, offset=header.size).reshape(header.shape, order=header.order)


def _wrong_size(header: ArrayHeader, info: zipfile.ZipInfo) -> NpzError:
    return NpzError(f"{info.filename} declares {header.shape} of {header.dtype}, which is not the size of its data")


def _peek(content: bytes, info: zipfile.ZipInfo) -> ArrayHeader:
    compressed = _compressed(content, info)[: 2 * MAX_HEADER_BYTES]
    if info.compress_type == zipfile.ZIP_DEFLATED:
        return read_header(chunks.inflate_start(compressed, MAX_HEADER_BYTES), info.filename)
    return read_header(bytes(compressed), info.filename)


def _inflate(content: bytes, info: zipfile.ZipInfo) -> bytes:
    compressed = _compressed(content, info)
    if info.compress_type == zipfile.ZIP_STORED:
        return bytes(compressed)
    data = chunks.inflate(compressed, chunks.sizes(info) or [len(compressed)], info.file_size)
    if len(data) != info.file_size:
        raise NpzError(f"{info.filename} is damaged (its size does not match)")
    return data


def _compressed(content: bytes, info: zipfile.ZipInfo) -> memoryview:
    start = info.header_offset
    header = content[start : start + _LOCAL_HEADER.size]
    if info.file_size > MAX_ARRAY_BYTES or len(header) < _LOCAL_HEADER.size:
        raise NpzError(f"{info.filename} claims {info.file_size:,} bytes, more than can be there")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NpzError(f"{info.filename} is compressed in an unknown way")
    *_, name_size, extra_size = _LOCAL_HEADER.unpack(header)
    start += _LOCAL_HEADER.size + name_size + extra_size
    return memoryview(content)[start : start + info.compress_size]
