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
    """In one line; with its kind if it is not of headlapse, e.g. for lack of memory."""
    words = " ".join(str(error).split())
    return words if isinstance(error, HeadlapseError) else f"{type(error).__name__}: {words}"
