"""What fails in a recording does not end the training: a warning names what is not recorded."""

from __future__ import annotations

import warnings
from types import TracebackType

from headlapse.errors import HeadlapseError, WriteFailedError


class Survivor:
    """Within the block, errors of the kind `of` become a warning that `what` is not recorded, and the training continues."""

    def __init__(self, what: str, of: type[Exception] = WriteFailedError) -> None:
        self._what, self._of = what, of

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> bool:
        if isinstance(error, self._of):
            warnings.warn(f"{self._what} is not recorded: {_in_words(error)}", RuntimeWarning, stacklevel=4)
            return True
        return False


def _in_words(error: Exception) -> str:
    """In one line; an error that is not of headlapse is one of the model."""
    words = " ".join(str(error).split())
    is_own = isinstance(error, HeadlapseError)
    return words if is_own else f"the model does not run on the probe: {type(error).__name__}: {words}"
