"""Entries of a zip, each read completely and checked; its stated size is compared with the file before memory is allocated."""

from __future__ import annotations

import zlib
from functools import lru_cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from headlapse.errors import CorruptFileError
from headlapse.importing.reading.raw import REMEDY, Raw, check_room
from headlapse.storage.filesystem import open_file

LOCAL_HEADER = 30  # bytes; source: the zip format, 4.3.7


class Zip:
    """The entries of a zip file. Raises `CorruptFileError`."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        try:
            with open_file(raw.path, REMEDY) as file, ZipFile(file) as found:
                self._entries = {entry.filename: entry for entry in found.infolist()}
        except (BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            raise CorruptFileError(raw.path, f"is not a whole zip ({error})", REMEDY) from error
        self._newest = lru_cache(maxsize=1)(self._read)  # tensors that share a storage are read one after another

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def size(self, name: str) -> int:
        """The stated size of the entry in bytes. Raises `KeyError`."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """The bytes of an entry. Raises `CorruptFileError`, or `KeyError` if there is none of this name."""
        return self._newest(name)

    def _read(self, name: str) -> bytes:
        entry = self._entries[name]
        check_room(self.raw.path, entry.file_size, entry.compress_size)
        content = self._inflated(entry)
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise CorruptFileError(self.raw.path, f"{name} in it is damaged: its checksum does not match", REMEDY)
        return content

    def _inflated(self, entry: ZipInfo) -> bytes:
        header = self.raw.read(entry.header_offset, LOCAL_HEADER)
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        stored = self.raw.read(entry.header_offset + LOCAL_HEADER + names, entry.compress_size)
        if entry.compress_type == ZIP_STORED:
            return stored
        if entry.compress_type != ZIP_DEFLATED:
            raise CorruptFileError(self.raw.path, f"compresses {entry.filename} in a way that is not read here", REMEDY)
        try:
            return zlib.decompressobj(-15).decompress(stored, entry.file_size + 1)
        except zlib.error as error:
            raise CorruptFileError(self.raw.path, f"{entry.filename} in it is damaged ({error})", REMEDY) from error


def is_zip(raw: Raw) -> bool:
    """Whether it begins like a zip file."""
    return BytesIO(raw.read(0, min(raw.size, 4))).getvalue() == b"PK\x03\x04"
