"""What an artifact without a stated origin must contain: the arrays that its analyzer declares for that run.

If an analyzer declares nothing, its arrays only have to be finite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from headlapse.errors import IncompatibleFileError, NonFiniteError
from headlapse.results.array_rule import ArrayRule, in_words
from headlapse.results.plug_ins import analyzer_called
from headlapse.results.run_layout import RunLayout
from headlapse.storage.npy_header import ArrayHeader
from headlapse.storage.npz import Description

Rules = Mapping[str, ArrayRule]
Declaration = Callable[[RunLayout], Rules]
REMEDY = "run `headlapse analyze` on the variant to compute it again"
FOREIGN = "was not written by headlapse"
MISFIT = f"{FOREIGN}, and its contents do not fit"
UNQUESTIONED_BYTES = 2**27  # that any artifact may take in memory
PER_BYTE = 16  # how much a larger one may inflate if nothing is declared
SLACK = 4  # how much an artifact of known origin may exceed its declaration; an earlier version may have held more


def declaration_of(analyzer: str) -> Declaration | None:
    """The method `arrays` of the analyzer of this name, which is found as a plug-in; None if it declares nothing."""
    return getattr(analyzer_called(analyzer), "arrays", None)


@dataclass(frozen=True)
class Expected:
    """The content that the artifact in `path` must have; `rules` is None if its analyzer declares nothing.

    `may_be_nan`: undeclared arrays may contain NaN for missing values, as those of an analyzer across epochs do.
    """

    path: Path
    rules: Rules | None = None
    may_be_nan: bool = False

    @classmethod
    def of(cls, path: Path, declaration: Declaration | None, run: RunLayout | None, may_be_nan: bool = False) -> Self:
        """The declaration for `run`. Raises `IncompatibleFileError` if it fails."""
        if declaration is None or run is None:
            return cls(path, None, may_be_nan)
        try:
            return cls(path, dict(declaration(run)), may_be_nan)
        except Exception as error:  # the analyzer may come from another package
            reason = f"{type(error).__name__}: {error}"
            problem = f"{FOREIGN}, and cannot be checked: its analyzer fails to declare its arrays ({reason})"
            raise IncompatibleFileError(path, problem, REMEDY) from error

    @property
    def most_bytes(self) -> int | None:
        """Bytes that an artifact of known origin may take in memory; None if no limit is known."""
        declared = self._declared_bytes
        return None if declared is None else max(UNQUESTIONED_BYTES, SLACK * declared)

    def check_headers(self, found: Description, file_bytes: int) -> None:
        """Raise `IncompatibleFileError` unless names, dtypes and shapes match the declaration.

        If sizes are not declared, also raise it if the arrays would take far more memory than the file has bytes.
        """
        if self.rules is not None and not _fit(found.headers, self.rules):
            arrays = {name: in_words(header.dtype, header.shape) for name, header in found.headers.items()}
            raise self._error(f"holds {_listed(arrays)}, expected {_listed(self.rules)}")
        if self._declared_bytes is None and found.nbytes > max(UNQUESTIONED_BYTES, PER_BYTE * file_bytes):
            raise self._error(f"would take {found.nbytes:,} bytes of memory, far more than the {file_bytes:,} of the file")

    def check_values(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Raise `NonFiniteError` for NaN or infinity, `IncompatibleFileError` for values that contradict the declaration."""
        for name, array in arrays.items():
            rule = None if self.rules is None else self.rules[name]
            if not (rule.is_finite(array) if rule is not None else self.may_be_nan or _is_finite(array)):
                raise NonFiniteError(self.path, f"{MISFIT}: {name} holds NaN or infinity", REMEDY)
            problem = "" if rule is None else rule.problem_with(array)
            if problem:
                raise self._error(f"{name} holds {problem}")

    @property
    def _declared_bytes(self) -> int | None:
        sizes = [rule.nbytes for rule in self.rules.values()] if self.rules is not None else [None]
        known = [size for size in sizes if size is not None]
        return sum(known) if len(known) == len(sizes) else None

    def _error(self, problem: str) -> IncompatibleFileError:
        return IncompatibleFileError(self.path, f"{MISFIT}: {problem}", REMEDY)


def _fit(headers: Mapping[str, ArrayHeader], rules: Rules) -> bool:
    shared: dict[str, int] = {}
    return headers.keys() == rules.keys() and all(rule.allows(headers[name], shared) for name, rule in rules.items())


def _is_finite(array: np.ndarray) -> bool:
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


def _listed(arrays: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {what}" for name, what in arrays.items()) or "nothing"
