"""Models of a hub, or of a local folder of checkpoints, through `transformers`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from headlapse import checks
from headlapse.errors import HeadlapseError, InvalidValueError, some_of
from headlapse.extras import need
from headlapse.recording.revisions import Revision

MOST_POSITIONS = ("max_position_embeddings", "n_positions", "max_seq_len", "max_sequence_length", "seq_length")
ROWS, REPEATED = 8, 24  # of the default probe: sequences, and random tokens that occur twice in each


class Loaded(NamedTuple):
    """A model, and a line for everything in its files that it does not use."""

    model: nn.Module
    notes: list[str]


class Repository:
    """A repository `ORG/MODEL` whose revisions are loaded one at a time, or a folder with a folder for each checkpoint."""

    def __init__(self, source: str, cache: Path | None = None, offline: bool = False) -> None:
        self.source = checks.text("source", source).removeprefix("hf:")
        if not self.source:
            raise checks.wrong("source", "ORG/MODEL, or a folder of checkpoints", source)
        self._folder = Path(self.source) if Path(self.source).is_dir() else None
        self._options: dict[str, Any] = {"local_files_only": checks.flag("offline", offline) or self._folder is not None}
        if cache is not None:
            self._options["cache_dir"] = str(cache)

    @property
    def short_name(self) -> str:
        """A name for its run."""
        return Path(self.source).resolve().name if self._folder else self.source.rpartition("/")[2]

    def checkpoints(self) -> list[str]:
        """The folders of a local series that contain a model; empty for a hub's repository."""
        if self._folder is None:
            return []
        return sorted(path.parent.name for path in self._folder.glob("*/config.json"))

    def load(self, revision: Revision) -> Loaded:
        """The model at `revision`, in single precision. Raises `InvalidValueError` if it is missing or incomplete."""
        need("transformers")
        import transformers

        config = self._read("configuration", transformers.AutoConfig, revision)
        named = list(config.architectures or ())
        kind = next((name for name in named if hasattr(transformers, name)), "AutoModel")
        options = {"dtype": torch.float32, "output_loading_info": True, "ignore_mismatched_sizes": True}
        model, loaded = self._read("model", getattr(transformers, kind), revision, **options)
        unused = sorted(loaded["unexpected_keys"])
        self._check_whole(revision, loaded, unused)
        own = type(model).__name__
        notes = [f"weights that {own} does not use: {some_of(unused, 3)}"] if unused else []
        if named and kind == "AutoModel":
            notes.append(f"transformers does not know {named[0]}; it is computed as {own}")
        return Loaded(model.eval(), notes)

    def _check_whole(self, revision: Revision, loaded: Mapping[str, Any], unused: list[str]) -> None:
        """Raise `InvalidValueError` if weights of the model are missing or have other shapes: they would be random."""
        for name, found, wanted in sorted(loaded["mismatched_keys"]):
            shapes = f"{name} of the shape {tuple(found)}, and its configuration asks for {tuple(wanted)}"
            raise InvalidValueError(f"{self._place(revision)} has {shapes}; correct its config.json")
        missing = sorted(loaded["missing_keys"])
        if missing:
            others = f"; it has {some_of(unused, 3)} instead" if unused else ""
            raise InvalidValueError(
                f"{self._place(revision)} has no weights for {some_of(missing, 3)}; they would be random{others}"
            )

    def probe(self, given: Any, revision: Revision) -> tuple[Any, dict[str, Any]]:
        """The inputs, and options of a recording that name their positions.

        A text, or a file with one text per line, is tokenized; all texts are cut to the length of the shortest.
        """
        if given is None:
            return self._repeated(revision), {"axes": [("sequence", ROWS)]}
        if not isinstance(given, str | Path):
            return given, {}
        lines = _lines(given)
        if not lines:
            raise InvalidValueError(f"probe {given} has no text; put one on each line")
        import transformers

        tokenizer = self._read("tokenizer", transformers.AutoTokenizer, revision)
        rows = [tokenizer(line)["input_ids"] for line in lines]
        length = min(map(len, rows))
        if length == 0:
            problem = f"the tokenizer of {self._place(revision)} makes no tokens of the probe {checks.shown(given)}"
            raise InvalidValueError(f"{problem}; give another text, or put the files of the tokenizer beside the weights")
        labels = tokenizer.convert_ids_to_tokens(rows[0][:length]) if len(rows) == 1 else None
        return torch.tensor([row[:length] for row in rows]), {"position_labels": labels, "axes": [("text", len(rows))]}

    def _repeated(self, revision: Revision) -> Tensor:
        """Random tokens, repeated once; the same for every series with this vocabulary."""
        import transformers

        config = self._read("configuration", transformers.AutoConfig, revision)
        if not hasattr(config, "vocab_size"):
            raise InvalidValueError(
                f"{self._place(revision)} reads no tokens, so the default probe does not suit it; give its inputs as probe= of "
                "headlapse.recording.series.import_series"
            )
        most = (getattr(config, name, None) for name in MOST_POSITIONS)
        length = min([REPEATED, *(size // 2 for size in most if isinstance(size, int) and size > 1)])
        half = torch.randint(int(config.vocab_size), (ROWS, length), generator=torch.Generator().manual_seed(0))
        return torch.cat([half, half], dim=1)

    def _read(self, what: str, kind: Any, revision: Revision, **options: Any) -> Any:
        where = {} if self._folder else {"revision": revision.name}
        try:
            return kind.from_pretrained(self._place(revision), **where, **self._options, **options)
        except Exception as error:  # transformers and what it calls raise errors of every kind
            kind_of_error = f"{type(error).__name__}: " if isinstance(error, LookupError) else ""
            reason = kind_of_error + " ".join(str(error).split())
            at = "" if self._folder else f" at revision {revision.name}"
            raise HeadlapseError(f"the {what} of {self._place(revision)}{at} cannot be loaded: {reason[:300]}") from error

    def _place(self, revision: Revision) -> str:
        return str(self._folder / revision.name) if self._folder else self.source


def _lines(given: str | Path) -> list[str]:
    """The texts of a file, or the text itself."""
    path = Path(given)
    try:
        is_file = path.is_file()
    except OSError:  # a text too long for a path
        is_file = False
    if not is_file:
        return [str(given)]
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
