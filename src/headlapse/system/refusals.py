"""Messages and remedies for refusals of the operating system."""

from __future__ import annotations

import errno

from headlapse import extras

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
AGAIN = "run the same command again"
NO_MEMORY = "close other programs, raise the limit (ulimit -v, batch job or container), or choose a smaller model"
_REMEDIES = {
    **dict.fromkeys(NOT_ALLOWED, "check the path and its permissions"),
    errno.EDQUOT: f"your share of the disk is used up; remove what you do not need and {AGAIN}",
    errno.EFBIG: f"raise the limit (ulimit -f) or choose another disk, and {AGAIN}",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "remove the links that lead in a circle",
    errno.EMFILE: f"close some files or raise the limit (ulimit -n), and {AGAIN}",
    errno.ENFILE: f"close some programs and {AGAIN}",
    errno.EISDIR: f"a folder is in the place of the file; move it away and {AGAIN}",
    errno.ENOTEMPTY: f"a folder is in the place of the file; move it away and {AGAIN}",
}
# messages of libraries that lack memory, besides MemoryError: torch on CPU and GPU, the loader of shared libraries, threads
_OUT_OF_MEMORY = ("allocate memory", "out of memory", "failed to map segment", "can't start new thread")


def remedy(error: OSError, otherwise: str) -> str:
    """The remedy for `error`."""
    return _REMEDIES.get(error.errno or 0, otherwise)


def remedy_to_read(error: OSError, otherwise: str) -> str:
    """The remedy for a file or folder that exists but cannot be read; a user without permission cannot repair it."""
    if error.errno in NOT_ALLOWED:
        return "check its permissions"
    return "check the disk" if error.errno == errno.EIO else remedy(error, otherwise)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the error means that memory was refused, whichever library raised it."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return isinstance(error, RuntimeError | ImportError) and any(words in str(error).lower() for words in _OUT_OF_MEMORY)


def in_words(error: BaseException) -> str:
    """An unforeseen `error` in words, with a remedy if memory was refused or an extra is not installed."""
    if (missing := extras.of(error)) is not None:
        return str(missing)
    said = f"{type(error).__name__}: {error}"
    return f"there is not enough memory ({said}); {NO_MEMORY}" if is_out_of_memory(error) else said
