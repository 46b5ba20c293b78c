"""A new family, as a copy of another."""

from __future__ import annotations

import json
from pathlib import Path

from headlapse import checks
from headlapse.errors import BrokenFamilyError, HeadlapseError, InvalidValueError
from headlapse.families.spec import parse_family_spec
from headlapse.results.paths import RECORDED
from headlapse.storage.atomic import write_bytes
from headlapse.workbench.families import FamilyRegistry


def new_family(name: str, source: str, folder: str | Path, known: FamilyRegistry) -> Path:
    """Write `folder/name/family.json`, the family `source` of `known` under another name and title; returns that path.

    Raises `InvalidValueError` for a name that is taken or not allowed, `UnknownNameError` or `BrokenFamilyError` for
    `source`, and `HeadlapseError` if the folder already exists.
    """
    original = known.get(source)
    content = json.loads(original.path.read_text(encoding="utf-8"))
    title = f"{name} (from {source})"
    path = checks.path("the folder of families", folder) / checks.text("the name of a family", name) / "family.json"
    try:
        parse_family_spec(content | {"name": name, "title": title}, path)
    except BrokenFamilyError as error:
        raise checks.wrong("the name of a family", "small letters, digits and _, a letter first", name) from error
    taken = [*known.names(), RECORDED]
    if name in taken:
        raise InvalidValueError(f"the name {name!r} is taken; choose another than {', '.join(taken)}")
    if path.parent.exists():
        raise HeadlapseError(f"{path.parent} exists; choose another name, or remove it first")
    changed = {key: {"name": name, "title": title}.get(key, value) for key, value in content.items()}
    write_bytes(path, (json.dumps(changed, indent=2, ensure_ascii=False) + "\n").encode())
    return path
