"""An audit that looked nothing up is no success."""

from __future__ import annotations

from tests.audit import report

SOUND = {"name": "numpy", "version": "2.0", "vulns": []}
HOLE = {"name": "pillow", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"], "aliases": []}]}
SKIPPED = {"name": "headlapse", "skip_reason": "distribution marked as editable"}


def test_nothing_looked_up_is_said_and_fails() -> None:
    for dependencies in ([], [SKIPPED]):
        (line,), code = report(dependencies)
        assert code == 2 and "needs the network" in line


def test_holes_fail_and_what_was_skipped_is_named() -> None:
    assert report([SOUND, SKIPPED]) == (
        ["headlapse: distribution marked as editable", "1 packages audited, 1 not, 0 known holes"],
        0,
    )
    lines, code = report([SOUND, HOLE])
    assert code == 1 and lines[0] == "pillow 1.0: CVE-1, mended in 1.1"
