"""A user's notes on a run: a label, tags, whether it is hidden, and a line of text on epochs. All in `notes.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from headlapse import checks
from headlapse.errors import CorruptFileError, InvalidValueError, MissingFileError
from headlapse.results.paths import VariantPaths
from headlapse.storage.atomic import read_json, write_json
from headlapse.storage.lock import in_turn

REMEDY = "restore it from a copy, or delete it, which loses only the notes"
MOST_BYTES = 2**20
LONGEST_LABEL, LONGEST_TAG, LONGEST_NOTE = 100, 40, 500
MOST_TAGS, MOST_NOTES = 20, 1000
FIELDS = ("label", "tags", "is_hidden", "epochs")


@dataclass(frozen=True)
class Notes:
    """The notes on a run. `epochs` has a line of text by epoch; an empty `label` means that the name is shown.

    Raises `InvalidValueError` for texts that are too long or have several lines, and for too many of them.
    """

    label: str = ""
    tags: tuple[str, ...] = ()
    is_hidden: bool = False
    epochs: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _line("label", self.label, LONGEST_LABEL, least=0)
        checks.flag("is_hidden", self.is_hidden)
        for tag in self.tags:
            if "," in _line("tag", tag, LONGEST_TAG):
                raise checks.wrong("tag", "a text without commas", tag)
        for epoch, text in self.epochs.items():
            checks.whole("epoch", epoch)
            _line(f"note on epoch {epoch}", text, LONGEST_NOTE)
        _few("tags", self.tags, MOST_TAGS)
        _few("notes", self.epochs, MOST_NOTES)

    def as_json(self) -> dict[str, Any]:
        """The content of the file: epochs are texts, in ascending order."""
        epochs = {str(epoch): self.epochs[epoch] for epoch in sorted(self.epochs)}
        return {**asdict(self), "tags": list(self.tags), "epochs": epochs}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Notes:
        """From the content of the file or of a request. Raises `InvalidValueError`."""
        for name in content:
            checks.one_of("field of notes", name, FIELDS)
        tags, epochs = content.get("tags", []), content.get("epochs", {})
        if not isinstance(epochs, Mapping):
            raise checks.wrong("epochs", "an object with a text by epoch", epochs)
        numbered = {_epoch(epoch): text for epoch, text in epochs.items()}
        found = tuple(dict.fromkeys(checks.several(checks.text, "tags", tags, "texts")))
        return cls(content.get("label", ""), found, content.get("is_hidden", False), numbered)


def read_notes(paths: VariantPaths) -> Notes:
    """The notes on a run; none if there is no file. Raises `CorruptFileError` if it is damaged or holds something else."""
    try:
        return Notes.of(read_json(paths.notes, REMEDY, MOST_BYTES))
    except MissingFileError:
        return Notes()
    except InvalidValueError as error:
        raise CorruptFileError(paths.notes, f"does not hold notes ({error})", REMEDY) from error


def change_notes(paths: VariantPaths, changes: Mapping[str, Any]) -> Notes:
    """Replace fields, e.g. `{"label": "the one that groks"}`, or the named `epochs`; an empty text deletes a note.

    Changes are made one at a time, even from several servers, and do not disturb a running training. Raises
    `InvalidValueError`, `CorruptFileError` if the existing file is damaged, `WriteFailedError`.
    """
    with in_turn(paths.notes_lock):
        known = read_notes(paths).as_json()
        epochs = changes.get("epochs", {})
        merged = {**known["epochs"], **epochs} if isinstance(epochs, Mapping) else epochs
        kept = {epoch: text for epoch, text in merged.items() if text != ""} if isinstance(merged, Mapping) else merged
        notes = Notes.of({**known, **changes, "epochs": kept})
        write_json(paths.notes, notes.as_json())
    return notes


def _epoch(text: object) -> int:
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 12:
        raise checks.wrong("epoch", "a whole number >= 0", text)
    return int(text)


def _line(name: str, value: object, most: int, least: int = 1) -> str:
    text = checks.text(name, value)
    if not least <= len(text) <= most or not text.isprintable() or text != text.strip():
        raise checks.wrong(name, f"one line of {least} to {most} characters without spaces around", value)
    return text


def _few(name: str, values: Sequence[str] | Mapping[int, str], most: int) -> None:
    if len(values) > most:
        raise InvalidValueError(f"there can be at most {most} {name}, got {len(values)}; delete some")
