"""A forked child under strace: the system calls it makes on its files, and a fault put into one of them."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from headlapse.storage import lease
from tests.crash.forks import ended, forked
from tests.waiting import SECONDS

# whatever can change a folder; a question mark before those that some processors do not have
CALLS = (
    "?open,openat,?creat,write,writev,pwrite64,pwritev,ftruncate,fallocate,fsync,fdatasync,"
    "?rename,renameat,renameat2,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,?link,linkat"
)
_LINE = re.compile(r"\d+ +(\w+)\((.*)")
_RANDOM = re.compile(r"[0-9]{20}_[0-9a-f]{6}|[0-9a-f]{16}")  # of jobs and of temporaries
_ALLOW_ANY_TRACER = (0x59616D61, ctypes.c_ulong(-1))  # PR_SET_PTRACER and PR_SET_PTRACER_ANY of prctl(2)


@dataclass(frozen=True)
class Call:
    """The `number`th call of `name` in the child that changes something under the watched folder."""

    name: str
    number: int
    paths: tuple[Path, ...]  # relative to that folder
    result: int | None  # None where the child died in it
    is_injected: bool

    @property
    def is_of_lease(self) -> bool:
        return any(part.endswith(lease.SUFFIX) for path in self.paths for part in path.parts)

    def __str__(self) -> str:
        """The same in every run."""
        return _RANDOM.sub("RANDOM", f"{self.name} {self.number} ({', '.join(map(str, self.paths))})")


class TracingError(RuntimeError):
    """strace could not be attached: there is nothing to try."""


def traced(watched: Path, log: Path, work: Callable[[], object], *options: str) -> tuple[int, list[Call]]:
    """Exit code of a fork that does `work` under strace, and its calls that change something under `watched`."""
    ready, go = os.pipe()

    def wait_then_work() -> None:
        os.close(go)
        ctypes.CDLL(None).prctl(*_ALLOW_ANY_TRACER, 0, 0, 0)
        os.read(ready, 1)
        work()

    child = forked(wait_then_work)
    os.close(ready)
    strace = _attached(child, "-o", str(log), *options)
    os.close(go)
    code = ended(child)
    strace.communicate(timeout=SECONDS)
    return code, calls_under(watched, log.read_text(errors="replace").splitlines())


def _attached(child: int, *options: str) -> subprocess.Popen[str]:
    """strace, once it holds `child`, which waits for that."""
    program = ["strace", "-f", "-y", "-s", "0", "-p", str(child), "-e", f"trace={CALLS}", *options]
    strace = subprocess.Popen(program, stderr=subprocess.PIPE, text=True)
    assert strace.stderr is not None
    said = strace.stderr.readline()
    if "attached" not in said:
        os.kill(child, signal.SIGKILL)
        ended(child)
        raise TracingError(said + strace.communicate()[1])
    return strace


def calls_under(watched: Path, lines: list[str]) -> list[Call]:
    """strace counts calls by name, as is done here; a child that starts threads is not understood."""
    counts: Counter[str] = Counter()
    found = []
    for line in lines:
        if match := _LINE.match(line):
            name, rest = match.groups()
            counts[name] += 1
            if str(watched) in rest and not (name.startswith("open") and "O_CREAT" not in rest):
                arguments, result = _halves(rest)
                found.append(Call(name, counts[name], _paths(watched, arguments), _result(result), "(INJECTED)" in result))
    return found


def _halves(rest: str) -> tuple[str, str]:
    """Arguments and result; a call that strace saw begin and not end has no result."""
    arguments, equals, result = rest.rpartition(" = ")
    return (arguments, result) if equals else (rest, "")


def _paths(watched: Path, text: str) -> tuple[Path, ...]:
    names = re.findall(rf'{re.escape(str(watched))}([^">]*)', text)
    return tuple(Path(name.lstrip("/")) for name in names)


def _result(text: str) -> int | None:
    match = re.match(r"-?\d+", text)
    return int(match[0]) if match else None


def met(calls: list[Call]) -> list[str]:
    """Calls that had the fault, or in which the child died."""
    return [str(call) for call in calls if call.is_injected or call.result is None]


def unflushed(calls: list[Call]) -> list[str]:
    """Files that got their name before their bytes were flushed; files and folders whose folder was not flushed after that.

    Leases are left out. A power cut ends whoever holds one, and a process on another host that finds its lease gone stops.
    """
    dirty: set[Path] = set()
    named: set[Path] = set()
    found = []
    for call in [call for call in calls if not call.is_of_lease]:
        if "write" in call.name or call.name.startswith("open"):
            dirty.add(call.paths[-1])
        elif call.name in ("fsync", "fdatasync"):
            dirty.discard(call.paths[0])
            named = {path for path in named if path.parent != call.paths[0]}
        elif call.name.startswith("rename"):
            named.add(call.paths[-1])
            if call.paths[0] in dirty:
                found.append(f"{call.paths[-1]} is renamed before it is flushed")
        elif call.name.startswith("mkdir") and call.paths[0] != Path() and call.result == 0:
            named.add(call.paths[0])
    return found + [f"the folder of {path} is not flushed" for path in sorted(named)]


def committed(calls: list[Call]) -> set[Path]:
    """Files that were renamed to their name, and the folder flushed after that."""
    renamed: set[Path] = set()
    safe: set[Path] = set()
    for call in calls:
        if call.result == 0 and call.name.startswith("rename"):
            renamed.add(call.paths[-1])
        if call.result == 0 and call.name == "fsync":
            safe |= {path for path in renamed if path.parent == call.paths[0]}
    return safe
