"""Formats of files. One module per format; what a file holds decides which one reads it, never its name."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from headlapse.importing.reading.raw import RawFile
from headlapse.registry import Registry


class Format(Protocol):
    """A way to keep weights in a file."""

    name: ClassVar[str]
    title: ClassVar[str]

    def recognises(self, raw: RawFile) -> bool:
        """Whether the file looks like one of this format; a damaged one does, too."""
        ...

    def read(self, raw: RawFile) -> Any:
        """What the file holds, as plain data with a `StoredTensor` for every array. Raises a `HeadlapseError`.

        The errors that `content.UNREADABLE` names count as damage.
        """
        ...


class FormatRegistry(Registry[Format]):
    """File formats in modules of this package, entry points `headlapse.file_formats`, and registered ones."""

    kind = "file format"
    package = "headlapse.importing.reading.formats"
    group = "headlapse.file_formats"
