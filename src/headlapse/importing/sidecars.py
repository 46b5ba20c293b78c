"""JSON files named after one file of weights: `model_100.json` or `model_100.pt.json` beside `model_100.pt`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_NAMED = re.compile(r"(?P<of>.+?)([._-](meta|metadata|info|state|stats|metrics))?\.json", re.ASCII | re.IGNORECASE)


def by_name(paths: Iterable[Path]) -> dict[str, list[Path]]:
    """JSON files among `paths` by the names of files that they may be about."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        named = _NAMED.fullmatch(path.name)
        for name in {path.stem, named["of"]} if named else ():
            found.setdefault(name, []).append(path)
    return found


def sidecars_of(label: str, named: Mapping[str, list[Path]]) -> tuple[Path, ...]:
    """The files that are named after weights called `label`, with or without its ending."""
    return tuple(dict.fromkeys((*named.get(label, ()), *named.get(Path(label).stem, ()))))
