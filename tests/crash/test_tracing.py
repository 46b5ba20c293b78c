"""Lines of strace, as they come from a call that ended, one that was made to fail and one in which the child died."""

from pathlib import Path

import pytest

from tests.crash.tracing import Call, calls_under

NAMES = (Path("a.tmp"), Path("a"))


@pytest.mark.parametrize(
    ("end", "result", "is_injected"),
    [
        (") = 0", 0, False),
        (") = -1 ENOSPC (No space left on device) (INJECTED)", -1, True),
        (") = ?", None, False),
        (" <unfinished ...>", None, False),
        (") <unfinished ...>", None, False),
    ],
)
def test_a_call_has_its_paths_however_it_ends(end: str, result: int | None, is_injected: bool) -> None:
    line = f'7 rename("/w/a.tmp", "/w/a"{end}'

    assert calls_under(Path("/w"), [line, "7 +++ killed by SIGKILL +++"]) == [Call("rename", 1, NAMES, result, is_injected)]
