"""Work in a forked child, so that what is imported is imported once. A fork keeps one thread, so the parent keeps to one."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from headlapse.errors import HeadlapseError

FAILED = 1
UNEXPECTED = 70
MEMORY = Path("/dev/shm")


def in_child(work: Callable[[], object]) -> int:
    """Exit code of `work` in a fork: 0 or its own, `FAILED` for an error made on purpose, `UNEXPECTED` for any other."""
    return ended(forked(work))


def forked(work: Callable[[], object]) -> int:
    """The process id of a fork that does `work`."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except SystemExit as ending:
            os._exit(int(ending.code or 0))
        except HeadlapseError:
            os._exit(FAILED)
        except BaseException as error:
            print(f"unexpected {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(UNEXPECTED)
    return child


def ended(child: int) -> int:
    """Exit code of `child`, waited for; negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_children(number: int, work: Callable[[int], Any], folder: Path) -> list[Any]:
    """What `work(0)` to `work(number - 1)` return, each at the same time in a fork of its own; it must be JSON."""
    files = [folder / f"child{child}.json" for child in range(number)]

    def write(child: int) -> None:
        files[child].write_text(json.dumps(work(child)))

    codes = [ended(child) for child in [forked(partial(write, child)) for child in range(number)]]
    assert codes == [0] * number, codes
    return [json.loads(file.read_text()) for file in files]


@contextmanager
def fast_folder() -> Iterator[Path]:
    """A folder that vanishes, in memory where there is one."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        yield Path(folder)
