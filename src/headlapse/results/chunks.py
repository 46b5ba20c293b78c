"""One deflate stream cut clean into chunks, which can be inflated side by side or alone."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import accumulate, pairwise
from zlib import DEFLATED

from isal import isal_zlib
from isal.igzip_lib import IsalError

RAW_DEFLATE = -15  # zlib's name for a stream without header, as zip wants it
LEVEL = 1
EXTRA_TAG = 0x4C48  # of the zip's extra field; source: APPNOTE.TXT 4.5.1
MAX_CHUNKS = 8_000  # an extra field holds 64 KiB
WORTH_A_THREAD = 2**20


class NpzError(ValueError):
    """The bytes are not a whole `.npz`; the message says what is wrong."""


def deflate(header: bytes, data: memoryview, n_planes: int) -> list[bytes]:
    """`header` and `data` as one stream: a chunk for the header and one for each of `n_planes`, or a single chunk."""
    compressor = isal_zlib.compressobj(LEVEL, DEFLATED, RAW_DEFLATE)
    if not 0 < n_planes < MAX_CHUNKS:
        return [compressor.compress(header) + compressor.compress(data) + compressor.flush()]
    size = len(data) // n_planes
    planes = [data[start : start + size] for start in range(0, len(data), size)]
    parts = [header, *planes]
    flushes = [isal_zlib.Z_FULL_FLUSH] * n_planes + [isal_zlib.Z_FINISH]
    return [compressor.compress(part) + compressor.flush(flush) for part, flush in zip(parts, flushes, strict=True)]


def extra_field(compressed: Sequence[bytes]) -> bytes:
    """The sizes of the chunks as an extra field; empty where there is only one."""
    if len(compressed) == 1:
        return b""
    return struct.pack(f"<HH{len(compressed)}I", EXTRA_TAG, 4 * len(compressed), *map(len, compressed))


def sizes(info: zipfile.ZipInfo) -> list[int]:
    """The sizes of the chunks of a member; empty where it has none. Raises `NpzError` where they do not add up."""
    field = info.extra
    if len(field) < 4 or struct.unpack_from("<HH", field) != (EXTRA_TAG, len(field) - 4) or len(field) % 4:
        return []
    found = list(struct.unpack(f"<{len(field) // 4 - 1}I", field[4:]))
    if sum(found) != info.compress_size or len(found) < 2:
        raise NpzError(f"{info.filename} is damaged (its chunks do not add up)")
    return found


def inflate(compressed: memoryview, sizes: list[int], limit: int) -> bytes:
    """The whole stream; nothing beyond `limit` bytes per half is made."""
    bounds = list(accumulate(sizes, initial=0))
    if len(sizes) == 1 or limit < WORTH_A_THREAD:
        return b"".join(_inflate_run(compressed, bounds, limit))
    middle = len(sizes) // 2
    first = _pool().submit(_inflate_run, compressed, bounds[: middle + 1], limit)
    second = _inflate_run(compressed, bounds[middle:], limit)
    return b"".join(first.result() + second)


def inflate_one(compressed: memoryview, sizes: list[int], chunk: int, limit: int) -> bytes:
    """Chunk number `chunk` alone, of at most `limit` bytes."""
    start = sum(sizes[:chunk])
    return _inflate_run(compressed, [start, start + sizes[chunk]], limit)[0]


def _inflate_run(compressed: memoryview, bounds: list[int], limit: int) -> list[bytes]:
    """The chunks between successive `bounds`."""
    parts: list[bytes] = []
    for start, end in pairwise(bounds):
        try:
            parts.append(isal_zlib.decompressobj(RAW_DEFLATE).decompress(compressed[start:end], limit + 1))
        except IsalError as error:  # type: ignore[misc]  # the stub calls the class an instance
            raise NpzError(f"is damaged ({error})") from error
        limit -= len(parts[-1])
        if limit < 0:
            raise NpzError("is damaged (it holds more than it says)")
    return parts


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="inflate")
