"""What the system refuses is said in words that fit, with what to do."""

from __future__ import annotations

import errno
import os

import pytest

from headlapse.system import refusals

OUT_OF_MEMORY = [
    MemoryError("Unable to allocate 9.00 GiB for an array"),
    OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
    RuntimeError("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to ..."),
    RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB"),
    RuntimeError("can't start new thread"),
    ImportError("libtorch_cpu.so: failed to map segment from shared object"),
    ImportError("libgomp.so: cannot allocate memory in static TLS block"),
]


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=lambda error: type(error).__name__)
def test_want_of_memory_is_known_whoever_says_so(error: Exception) -> None:
    assert refusals.is_out_of_memory(error)
    words = refusals.in_words(error)
    assert words.startswith("there is not enough memory (") and words.endswith("or choose a smaller model")


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), ImportError("no such name"), OSError(5, "x"), ValueError()])
def test_nothing_else_is_taken_for_it(error: Exception) -> None:
    assert not refusals.is_out_of_memory(error)
    assert refusals.in_words(error) == f"{type(error).__name__}: {error}"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "permissions"),
        (errno.EROFS, "permissions"),
        (errno.EDQUOT, "your share of the disk is used up"),
        (errno.EFBIG, "ulimit -f"),
        (errno.ENAMETOOLONG, "shorter name"),
        (errno.ELOOP, "links that lead in a circle"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EISDIR, "move it away"),
        (errno.EIO, "what else"),
    ],
)
def test_each_refusal_has_its_remedy(number: int, words: str) -> None:
    assert words in refusals.remedy(OSError(number, os.strerror(number)), "what else")
