"""Read the artifacts in a folder: one epoch, a part of it, or a whole run."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.errors import FileStateError, IncompatibleFileError, MissingFileError
from headlapse.results.artifacts import Artifact, Provenance, layout_of, open_artifact, open_lazy, read_part, read_provenance
from headlapse.results.epochs import in_words, nearest
from headlapse.results.expected import REMEDY, Expected, declaration_of
from headlapse.results.paths import ArtifactPaths
from headlapse.results.run_layout import RunLayout

Arrays = dict[str, np.ndarray]


class ArtifactLoader:
    """Reads the artifacts in one `artifacts` folder.

    `made_from` gives the origin that an artifact of an epoch must state; the loader of a variant (`variant.artifacts`) has one,
    so that an artifact of another variant or of older weights is refused. An artifact that does not state its origin must match
    what its analyzer declares for the run's `layout`, by default that of the config.json beside the folder.
    """

    def __init__(
        self,
        artifacts_dir: str | Path,
        made_from: Callable[[int], Mapping[str, Any]] | None = None,
        layout: Callable[[], RunLayout | None] | None = None,
    ) -> None:
        self.paths = ArtifactPaths(checks.path("artifacts_dir", artifacts_dir))
        self._made_from = made_from or (lambda epoch: {"epoch": epoch})
        self._layout = cache(layout or partial(RunLayout.beside, self.paths.root))
        self._declaration_of = cache(declaration_of)

    @property
    def n_axes(self) -> int | None:
        """The number of axes of the run's inputs; None if no file states it."""
        layout = self._layout()
        return None if layout is None else len(layout.axes)

    def get_available_analyzers(self) -> list[str]:
        """Analyzers with at least one artifact, sorted."""
        return self.paths.analyzers()

    def get_epochs(self, analyzer: str) -> list[int]:
        """Epochs that the artifacts of `analyzer` cover, ascending; empty if there is none.

        Raises a `FileStateError` if the artifact of an analyzer across epochs cannot be read.
        """
        if not self.paths.has_run_file(analyzer):
            return self.paths.epochs(analyzer)
        arrays = self.load_run(analyzer)
        epochs = arrays.get("epochs")
        if epochs is None or epochs.dtype.kind not in "iuf" or not np.isfinite(epochs).all():
            raise IncompatibleFileError(self.paths.run_file(analyzer), f"holds {layout_of(arrays)}, and no epochs", REMEDY)
        return [int(epoch) for epoch in epochs.flat]

    def file(self, analyzer: str, epoch: int) -> Path:
        """The file that `load_epoch` reads."""
        epoch = checks.whole("epoch", epoch)
        return self.paths.run_file(analyzer) if self.paths.has_run_file(analyzer) else self.paths.file(analyzer, epoch)

    def load_run(self, analyzer: str) -> Arrays:
        """The arrays of an analyzer across epochs. Raises a `FileStateError` naming path and remedy."""
        return self.open_run(analyzer).arrays

    def load_epoch(self, analyzer: str, epoch: int) -> Arrays:
        """The read-only arrays of one epoch by name; for an analyzer across epochs those of the run, whatever the epoch.

        Raises a `FileStateError` naming path and remedy.
        """
        epoch = checks.whole("epoch", epoch)
        return self.open_run(analyzer).arrays if self.paths.has_run_file(analyzer) else self.open_epoch(analyzer, epoch).arrays

    def load_part(self, analyzer: str, epoch: int, name: str, index: Any) -> np.ndarray:
        """`load_epoch(analyzer, epoch)[name][index]` of an array with more than two axes, without inflating the rest.

        For one position pair of attention patterns: `load_part("attention_patterns", epoch, "patterns", np.s_[:, to, from_])`.
        """
        epoch, name = checks.whole("epoch", epoch), checks.text("name", name)
        path = self.paths.file(analyzer, epoch)
        with self._epochs_named(analyzer, epoch):
            expected = {"analyzer": analyzer, **self._made_from(epoch)}
            return read_part(path, expected, name, index, partial(self._declared, path, analyzer))

    def open_lazy(self, analyzer: str, epoch: int) -> Mapping[str, Any]:
        """The arrays of `load_epoch`, of which only the indexed parts are inflated.

        `open_lazy("attention_patterns", epoch)["patterns"][:, to, from_]` reads one position pair. Raises as `load_epoch` does.
        """
        epoch = checks.whole("epoch", epoch)
        if self.paths.has_run_file(analyzer):
            return self.load_run(analyzer)
        path = self.paths.file(analyzer, epoch)
        with self._epochs_named(analyzer, epoch):
            expected = {"analyzer": analyzer, **self._made_from(epoch)}
            return open_lazy(path, expected, partial(self._declared, path, analyzer))

    def open_epoch(self, analyzer: str, epoch: int) -> Artifact:
        """The artifact of one epoch, including whether it states its origin. Raises a `FileStateError`."""
        path = self.paths.file(analyzer, epoch)
        with self._epochs_named(analyzer, epoch):
            expected = {"analyzer": analyzer, **self._made_from(epoch)}
            return open_artifact(path, expected, partial(self._declared, path, analyzer))

    def open_run(self, analyzer: str) -> Artifact:
        """The artifact of an analyzer across epochs, like `open_epoch` for one epoch."""
        path = self.paths.run_file(analyzer)
        expected = {name: value for name, value in self._made_from(0).items() if name in ("family", "variant")}
        return open_artifact(path, {"analyzer": analyzer, **expected}, partial(self._declared, path, analyzer))

    def provenance(self, analyzer: str, epoch: int | None = None) -> Provenance | None:
        """The origin of the artifact at `epoch` (None: of the run); None if it is not stated or cannot be read."""
        path = self.paths.run_file(analyzer) if epoch is None else self.paths.file(analyzer, epoch)
        return read_provenance(path, partial(self._declared, path, analyzer))

    def _declared(self, path: Path, analyzer: str) -> Expected:
        is_of_run = path == self.paths.run_file(analyzer)
        return Expected.of(path, self._declaration_of(analyzer), self._layout(), may_be_nan=is_of_run)

    def load_epochs(self, analyzer: str, epochs: Iterable[int] | None = None) -> Arrays:
        """Arrays of several epochs stacked along a new first axis, with the epochs under `"epochs"`.

        Requested epochs must all be readable and have arrays of the same names and shapes. With `epochs=None`, every such epoch
        is loaded, and a warning names the others.

        >>> arrays = variant.artifacts.load_epochs("attention_patterns", [20, 60])
        >>> arrays["patterns"].shape, arrays["epochs"].tolist()
        ((2, 4, 3, 3, 7, 7), [20, 60])
        """
        wanted = None if epochs is None else checks.some(checks.whole, "epochs", epochs, "epoch")
        if wanted is None:
            loaded = self._load_readable(analyzer)
        else:
            loaded = {epoch: self.load_epoch(analyzer, epoch) for epoch in wanted}
        if not loaded:
            raise MissingFileError(self.paths.root / analyzer, "has no readable artifact", REMEDY)
        alike = self._leave_out_others(analyzer, loaded, wanted is None)
        first = next(iter(alike.values()))
        stacked = {name: np.stack([arrays[name] for arrays in alike.values()]) for name in first}
        return {**stacked, "epochs": np.array(list(alike), dtype=np.int64)}

    @contextmanager
    def _epochs_named(self, analyzer: str, epoch: int) -> Iterator[None]:
        """Add the existing epochs to the error about a missing artifact."""
        try:
            yield
        except MissingFileError as error:
            epochs = self.paths.epochs(analyzer)
            there = f"there are those of epochs {in_words(epochs)}; nearest: {nearest(epochs, epoch)}; or " if epochs else ""
            raise MissingFileError(error.path, error.problem, f"{there}{REMEDY}") from error

    def _load_readable(self, analyzer: str) -> dict[int, Arrays]:
        loaded = {}
        for epoch in self.get_epochs(analyzer):
            try:
                loaded[epoch] = self.load_epoch(analyzer, epoch)
            except FileStateError as error:
                warnings.warn(f"epoch {epoch} is left out: {error}", stacklevel=3)
        return loaded

    def _leave_out_others(self, analyzer: str, loaded: dict[int, Arrays], may_leave_out: bool) -> dict[int, Arrays]:
        """The epochs whose arrays match those of most; a warning names the others, or an error the first of them."""
        layouts = {epoch: layout_of(arrays) for epoch, arrays in loaded.items()}
        usual = json.loads(Counter(map(json.dumps, layouts.values())).most_common(1)[0][0])
        others = [epoch for epoch, layout in layouts.items() if layout != usual]
        for epoch in others:
            problem = f"holds {layouts[epoch]}, most epochs hold {usual}"
            error = IncompatibleFileError(self.file(analyzer, epoch), problem, REMEDY)
            if not may_leave_out:
                raise error
            warnings.warn(f"epoch {epoch} is left out: {error}", stacklevel=3)
        return {epoch: arrays for epoch, arrays in loaded.items() if epoch not in others}

    def __repr__(self) -> str:
        return f"<ArtifactLoader {self.paths.root}: {', '.join(self.get_available_analyzers()) or 'nothing analysed'}>"
