"""What a release needs agrees with itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import headlapse
from headlapse.version import UNKNOWN

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_version_is_that_of_the_installed_package() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"] and PROJECT["tool"]["hatch"]["version"]["source"] == "vcs"
    assert headlapse.__version__ == version("headlapse")
    assert not hasattr(headlapse, "version_")


def test_sources_that_are_not_installed_have_a_version() -> None:
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); import headlapse; print(headlapse.__version__)"
    command = [sys.executable, "-I", "-S", "-c", script]  # -S: without what is installed
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == UNKNOWN


def test_changelog_citation_and_security_name_the_newest_release() -> None:
    (newest, date), *_ = re.findall(
        r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    citation = (ROOT / "CITATION.cff").read_text()
    assert f"\nversion: {newest}\n" in citation and f"\ndate-released: {date}\n" in citation
    assert f"| {newest.rpartition('.')[0]} " in (ROOT / "SECURITY.md").read_text()


def test_all_brings_every_extra_for_users() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    for_developers = {"dev", "fuzz", "audit", "docs", "release"}
    (everything,) = extras["all"]
    assert set(re.findall(r"[\w]+", everything)) - {"headlapse"} == set(extras) - for_developers - {"all"}
    page = (ROOT / "docs" / "install.md").read_text()
    assert [extra for extra in set(extras) - for_developers if f"`headlapse[{extra}]`" not in page] == []


def test_every_requirement_has_a_tested_version() -> None:
    pinned = {canonical(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().split()}
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *(name for names in extras.values() for name in names)]
    names = {canonical(re.match(r"[\w.-]+", name)[0]) for name in wanted}  # type: ignore[index]
    assert names - pinned == {"headlapse"}


def canonical(name: str) -> str:
    """A name as the package index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_newer_python_is_refused() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (targets,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    printed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^ *make ([\w-]+)", printed, re.MULTILINE) == targets.split()
