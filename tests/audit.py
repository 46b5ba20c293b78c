"""Known holes in what is installed, by pip-audit: `make audit`. It needs the network, and says so where nothing was audited.

pip-audit alone calls it a success when its source of vulnerabilities knows none of the packages, as a mirror may not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

COMMAND = [sys.executable, "-m", "pip_audit", "--skip-editable", "--progress-spinner", "off", "--format", "json"]
OFFLINE = "this needs the network, and a package index that serves vulnerabilities, as pypi.org does"


def main() -> int:
    done = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        found = []
        print(reason, file=sys.stderr)
    lines, code = report(found)
    print("\n".join(lines))
    return code


def report(dependencies: list[dict[str, Any]]) -> tuple[list[str], int]:
    """What to say of pip-audit's findings, and the exit code: 0 only where something was audited and nothing found."""
    audited = [package for package in dependencies if "vulns" in package]
    skipped = [f"{package['name']}: {package['skip_reason']}" for package in dependencies if "vulns" not in package]
    if not audited:
        return [f"not audited: none of {len(dependencies)} packages could be looked up; {OFFLINE}"], 2
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for package in audited
        for hole in package["vulns"]
    ]
    total = f"{len(audited)} packages audited, {len(skipped)} not, {len(holes)} known holes"
    return [*holes, *skipped, total], int(bool(holes))


if __name__ == "__main__":
    sys.exit(main())
