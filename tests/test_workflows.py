"""Files that only a server reads are checked here: they parse, and what they run exists and works."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / "CITATION.cff"])
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def jobs(workflow: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow.read_text())["jobs"]
    return found


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(workflow).values() for step in job["steps"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_parses(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text()), dict)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_ends_in_time_and_every_action_has_a_version(workflow: Path) -> None:
    assert all(job["timeout-minutes"] <= 60 for job in jobs(workflow).values())
    uses = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert [name for name in uses if not re.fullmatch(r"[\w./-]+@(v\d+|release/v\d+|[0-9a-f]{40})", name)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_what_it_runs_exists(workflow: Path) -> None:
    lines = [step["run"] for step in steps(workflow) if "run" in step]
    assert {target for line in lines for target in re.findall(r"make ([a-z-]+)", line)} <= TARGETS
    files = [file for line in lines for file in re.findall(r"(?:^|python )([\w.]+/[\w./]+)", line)]
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_ci_and_pre_commit_run_what_a_developer_runs() -> None:
    made = re.findall(r"^make (?:-\S+ )*([a-z -]+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert " ".join(made).split() == ["lint", "docs", "test"]
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [hook["entry"] for hook in repository["hooks"]] == ["make lint"]


def test_only_the_job_that_publishes_may_write_and_it_waits_for_the_build() -> None:
    workflow = ROOT / ".github" / "workflows" / "publish.yml"
    assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}
    build, publish = jobs(workflow)["build"], jobs(workflow)["publish"]
    assert "permissions" not in build and publish["needs"] == "build" and publish["environment"] == "release"
    assert publish["permissions"] == {"contents": "read", "id-token": "write", "attestations": "write"}


def test_a_tag_that_contradicts_the_citation_is_not_published() -> None:
    (check,) = (
        step["run"] for step in steps(ROOT / ".github" / "workflows" / "publish.yml") if "CITATION" in step.get("run", "")
    )
    version = re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert version is not None
    for tag, code in ((f"v{version[1]}", 0), ("v99.0.0", 1), (f"v{version[1]}0", 1)):
        done = subprocess.run(
            ["bash", "-e", "-c", check], cwd=ROOT, env={"GITHUB_REF_NAME": tag, "PATH": "/usr/bin:/bin"}, check=False
        )
        assert done.returncode == code, tag
