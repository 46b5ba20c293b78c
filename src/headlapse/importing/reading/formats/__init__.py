"""File formats, one module each. The content of a file decides which one reads it, never its name."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from headlapse.importing.reading.raw import RawFile
from headlapse.registry import Registry


class Format(Protocol):
    """A file format for weights."""

    name: ClassVar[str]
    title: ClassVar[str]

    def recognises(self, raw: RawFile) -> bool:
        """Whether the file looks like one of this format, even if damaged."""
        ...

    def read(self, raw: RawFile) -> Any:
        """The content of the file as plain data, with a `StoredTensor` for every array. Raises a `HeadlapseError`.

        The errors listed in `content.UNREADABLE` count as damage.
        """
        ...


class FormatRegistry(Registry[Format]):
    """File formats in modules of this package, entry points `headlapse.file_formats`, and registered ones."""

    kind = "file format"
    package = "headlapse.importing.reading.formats"
    group = "headlapse.file_formats"
