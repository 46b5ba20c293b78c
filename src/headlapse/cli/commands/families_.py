"""The command `headlapse families`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from headlapse.cli.options import Families, registry

if TYPE_CHECKING:
    from headlapse.workbench import FamilyRegistry

COLUMNS = ("name", "task", "task_from", "family_from")


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    families: Families = None,
) -> None:
    """List all families and tasks and where each is defined."""
    from headlapse.families.tasks import TaskRegistry

    known = registry(families)
    content = {
        "families": [_row(known, name) for name in known.names()],
        "tasks": [{"name": name, "from": TaskRegistry.source(name)} for name in TaskRegistry.names()],
        "broken_families": [{"path": str(broken.path), "reason": broken.reason} for broken in known.broken],
    }
    typer.echo(json.dumps(content, indent=1) if as_json else _table(content["families"], content["tasks"]))
    if not as_json:
        for broken in known.broken:
            typer.echo(f"broken: {broken.reason}", err=True)


def _row(known: FamilyRegistry, name: str) -> dict[str, str]:
    from headlapse.families.tasks import TaskRegistry
    from headlapse.workbench.families import PACKAGED_DEFINITIONS

    family = known.get(name)
    is_packaged = family.path.is_relative_to(PACKAGED_DEFINITIONS)
    task = family.spec.task
    place = "headlapse" if is_packaged else str(family.path)
    return {
        "name": name,
        "task": task,
        "task_from": TaskRegistry.source(task),
        "family_from": place,
        "title": family.spec.title,
    }


def _table(families: list[dict[str, str]], tasks: list[dict[str, str]]) -> str:
    header = dict(zip(COLUMNS, ("family", "task", "task from", "family from"), strict=True))
    widths = [max(len(row[column]) for row in (header, *families)) for column in COLUMNS]
    lines = ["  ".join(f"{row[c]:{w}}" for c, w in zip(COLUMNS, widths, strict=True)).rstrip() for row in (header, *families)]
    used = {row["task"] for row in families}
    unused = [f"{task['name']} ({task['from']})" for task in tasks if task["name"] not in used]
    return "\n".join([*lines, *([f"tasks of no family: {', '.join(unused)}"] if unused else [])])
