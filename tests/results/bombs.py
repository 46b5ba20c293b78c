"""Small files that would take gigabytes of memory."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

BLOCK = bytes(2**24)
GIGABYTES = 2**31


@cache
def bomb(shape: tuple[int, ...], stream_bytes: int = GIGABYTES, stated_bytes: int | None = None) -> bytes:
    """An `.npz` of about 2 MB of one array `patterns`, float32.

    Its header says `shape`; its deflate stream is the header and `stream_bytes` of zeros; its zip directory says
    `stated_bytes` (as many as there are).
    """
    header = io.BytesIO()
    npy.write_array_header_1_0(header, {"shape": shape, "fortran_order": False, "descr": "<f4"})
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = deflate.compress(header.getvalue()) + deflate.flush(zlib.Z_FULL_FLUSH)
    block = deflate.compress(BLOCK) + deflate.flush(zlib.Z_FULL_FLUSH)
    data = start + block * (stream_bytes // len(BLOCK)) + deflate.flush()
    size = len(header.getvalue()) + stream_bytes if stated_bytes is None else stated_bytes
    return _zipped("patterns.npy", data, size, _crc(header.getvalue(), stream_bytes))


@cache
def _crc(start: bytes, zeros: int) -> int:
    crc = zlib.crc32(start)
    for _ in range(zeros // len(BLOCK)):
        crc = zlib.crc32(BLOCK, crc)
    return crc


def _zipped(name: str, data: bytes, size: int, crc: int) -> bytes:
    info = zipfile.ZipInfo(name)
    info.compress_type, info.CRC, info.file_size, info.compress_size = zipfile.ZIP_DEFLATED, crc, size, len(data)
    local = info.FileHeader()
    # zipfile writes no sizes but the real ones; source: APPNOTE.TXT 4.3.12
    fields = (b"PK\1\2", 20, 3, 20, 0, 0, 8, 0, 0x21, crc, len(data), size, len(name), 0, 0, 0, 0, 0, 0)
    central = struct.pack("<4s4B4HL2L5H2L", *fields) + name.encode()
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local) + len(data), 0)
    return local + data + central + end


def sparse(path: Path, start: bytes = b"", size: int = GIGABYTES) -> None:
    """A file of `size` bytes that begins with `start` and has no other content."""
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)


RIGHT_SHAPE, OTHER_SHAPE = (4, 3, 3, 7, 7), (2**13, 2**16)
RIGHT_BYTES = 128 + 4 * int(np.prod(RIGHT_SHAPE))
BOMBS = {
    "of another shape": lambda: bomb(OTHER_SHAPE),
    "of another shape, longer than its directory says": lambda: bomb(OTHER_SHAPE, stated_bytes=RIGHT_BYTES),
    "of the right shape": lambda: bomb(RIGHT_SHAPE),
    "of the right shape, longer than its directory says": lambda: bomb(RIGHT_SHAPE, stated_bytes=RIGHT_BYTES),
}
