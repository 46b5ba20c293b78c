"""Files of sweeps: what is refused, in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from headlapse.errors import HeadlapseError
from headlapse.sweep.file import MOST_BYTES, read_sweep_file


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[grid\n", "is not valid TOML: "),
        (b"\xff\xfe", "is not valid TOML: "),
        ("#" * (MOST_BYTES + 1), "is larger than 1,000,000 bytes"),
        ("grids = {seed = 1}", "unknown key 'grids'; known: family, grid, option, set, sums, zip"),
        ("grid = 3", "grid must be a table, got 3"),
        ("family = 3", "family must be a text, got 3"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = tmp_path / "sweep.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(HeadlapseError, match=message):
        read_sweep_file(path)


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "missing.toml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(HeadlapseError, match=f"{path.name} cannot be read: {reason}; give the path of a TOML file"):
            read_sweep_file(path)
