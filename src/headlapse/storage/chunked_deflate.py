"""One deflate stream, cut into chunks of whole planes that can be inflated in parallel or alone.

A chunk that would hardly shrink is stored uncompressed, as file systems do: float32 attention patterns shrink only by a tenth
to a fifth, and stored chunks are written and read at the speed of copying. A sample of the chunk decides.
"""

from __future__ import annotations

import math
import struct
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from itertools import accumulate, pairwise

from isal import isal_zlib
from isal.igzip_lib import IsalError

RAW_DEFLATE = -15  # zlib's name for a stream without header, as in a zip
LEVEL = 1
STORED_BYTES = 2**16 - 1  # limit of a stored block
MIN_WINDOW, MAX_WINDOW = 9, 15  # bits of the window in which repetition is found; a shorter one is faster
CHUNK_BYTES = 2**17  # approximate, in whole planes; each chunk costs three calls
PROBES, PROBE_BYTES = 8, 128  # of a chunk, that are tried
WORTH = 0.97  # the share of its size that a sample must shrink to; a whole chunk shrinks by 5 to 10 % more
EXTRA_TAG = 0x4C48  # of the zip's extra field; source: APPNOTE.TXT 4.5.1
MAX_CHUNKS = 8_000  # an extra field holds at most 64 KiB
WORTH_A_THREAD = 2**20
TINY, MOST_PER_BYTE = 2**10, 1032  # a deflated byte inflates to this many bytes at most


class NpzError(ValueError):
    """The bytes are not a complete `.npz`; the message says what is wrong."""


def deflate(header: bytes, data: memoryview, n_planes: int, row_bytes: int) -> list[bytes]:
    """`header` and `data` as one stream: a chunk for the header, then chunks of whole planes; without planes a single chunk.

    In planes, repetition is found only from row to row.
    """
    if n_planes == 0:
        compressor = isal_zlib.compressobj(LEVEL, zlib.DEFLATED, -MAX_WINDOW)
        return [compressor.compress(header) + compressor.compress(data) + compressor.flush()]
    window = -min(max(row_bytes.bit_length(), MIN_WINDOW), MAX_WINDOW)
    compressor = isal_zlib.compressobj(LEVEL, zlib.DEFLATED, window)
    n_chunks = min(math.ceil(len(data) / CHUNK_BYTES), MAX_CHUNKS - 1)
    size = len(data) // n_planes * planes_per_chunk(n_planes, n_chunks)
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    chunks = [_cut(compressor, header)]
    chunks += [_cut(compressor, part) if _shrinks(part, window) else _stored(part) for part in parts]
    return [*chunks[:-1], chunks[-1] + compressor.flush(isal_zlib.Z_FINISH)]


def planes_per_chunk(n_planes: int, n_chunks: int) -> int:
    """The number of planes in each chunk but the last. It is stable: the resulting number of chunks gives the same answer."""
    return math.ceil(n_planes / n_chunks)


def _cut(compressor: isal_zlib.Compress, part: bytes | memoryview) -> bytes:
    """A chunk that ends at a byte boundary and that later chunks do not refer to, so that stored chunks may follow it."""
    return compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)


def _stored(part: memoryview) -> bytes:
    """An uncompressed chunk, in blocks that are not the last. Source: RFC 1951, 3.2.4."""
    pieces: list[bytes | memoryview] = []
    for start in range(0, len(part), STORED_BYTES):
        block = part[start : start + STORED_BYTES]
        pieces += [struct.pack("<BHH", 0, len(block), len(block) ^ STORED_BYTES), block]
    return b"".join(pieces)


def _shrinks(part: memoryview, window: int) -> bool:
    """Whether deflating is worth its time, judged by samples across the data."""
    step = len(part) // PROBES
    sample = b"".join(part[start : start + PROBE_BYTES] for start in range(0, len(part), step)) if step > PROBE_BYTES else b""
    return not sample or len(isal_zlib.compress(sample, LEVEL, window)) < WORTH * len(sample)


def extra_field(compressed: Sequence[bytes]) -> bytes:
    """The sizes of the chunks as an extra field; empty if there is only one."""
    if len(compressed) == 1:
        return b""
    return struct.pack(f"<HH{len(compressed)}I", EXTRA_TAG, 4 * len(compressed), *map(len, compressed))


def sizes(info: zipfile.ZipInfo) -> list[int]:
    """The sizes of the chunks of a member; empty if it states none. Raises `NpzError` if they do not add up."""
    field = info.extra
    if len(field) < 4 or struct.unpack_from("<HH", field) != (EXTRA_TAG, len(field) - 4) or len(field) % 4:
        return []
    found = list(struct.unpack(f"<{len(field) // 4 - 1}I", field[4:]))
    if sum(found) != info.compress_size or len(found) < 2:
        raise NpzError(f"{info.filename} is damaged (its chunks do not add up)")
    return found


def inflate(compressed: memoryview, sizes: list[int], limit: int) -> bytes:
    """The whole stream; at most `limit` bytes are inflated per half."""
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


def inflate_start(compressed: memoryview, limit: int) -> bytes:
    """The first bytes of the stream, `limit` or one more, or all if there are fewer."""
    return _inflate_chunk(compressed, limit)


def _inflate_run(compressed: memoryview, bounds: list[int], limit: int) -> list[bytes]:
    """The chunks between successive `bounds`."""
    parts: list[bytes] = []
    for start, end in pairwise(bounds):
        chunk = compressed[start:end]
        parts.append(_inflate_tiny(bytes(chunk)) if len(chunk) < TINY else _inflate_chunk(chunk, limit))
        limit -= len(parts[-1])
        if limit < 0:
            raise NpzError("is damaged (it holds more than it states)")
    return parts


@lru_cache(maxsize=16)
def _inflate_tiny(chunk: bytes) -> bytes:
    """Cached, because the chunks of constant planes are the same in every artifact of a run."""
    return _inflate_chunk(chunk, limit=MOST_PER_BYTE * TINY)


def _inflate_chunk(chunk: bytes | memoryview, limit: int) -> bytes:
    """At most one byte more than `limit`."""
    try:
        return isal_zlib.decompressobj(RAW_DEFLATE).decompress(chunk, limit + 1)
    except IsalError as error:  # type: ignore[misc]  # the stub calls the class an instance
        raise NpzError(f"is damaged ({error})") from error


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="inflate")
