"""Write a site: the page, common data, and a folder of data per run."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.glances import glance
from headlapse.dashboard.routes.variants import describe
from headlapse.dashboard.site.parts import SitePart
from headlapse.dashboard.site.plan import Wanted, check_choices, check_names, check_size, parts_of
from headlapse.dashboard.site.skeleton import skeleton
from headlapse.dashboard.variant_index import VariantIndex, described
from headlapse.errors import FileStateError, InvalidValueError
from headlapse.export.web import static
from headlapse.jobs import JobQueue
from headlapse.results.run import Run
from headlapse.storage.atomic import write_bytes
from headlapse.visualization import scalar_curves, wire
from headlapse.workbench import FamilyRegistry
from headlapse.workbench.table import rows
from headlapse.workbench.table_csv import as_csv

LIMIT = 10**9  # bytes; the limit of common hosts of static pages
MARK = "headlapse-site.json"

Parts = dict[str, list[SitePart]]


def export_site(
    runs: Sequence[Run],
    folder: str | Path,
    wanted: Wanted | None = None,
    limit: int = LIMIT,
    progress: Callable[[int, int, str], None] | None = None,
) -> Path:
    """Write a static site of `runs` into `folder` and return its index.html.

    `progress` is called with runs done, runs in all, and the name of a run. Raises `InvalidValueError` with the sum if the
    site could take more than `limit` bytes, and for a folder with other content.
    """
    wanted, target = wanted or Wanted(), checks.path("folder", folder)
    check_names(runs)
    check_choices(runs, wanted)
    _check_folder(target)
    parts = [parts_of(run, wanted) for run in runs]
    check_size([part for of_run in parts for of_view in of_run.values() for part in of_view], wanted.exact, limit)
    _write_json(target / MARK, {"runs": [run.name for run in runs]})
    for done, (run, of_run) in enumerate(zip(runs, parts, strict=True)):
        _write_run(target / "data" / run.family_name / run.name, run, of_run, wanted.exact)
        if progress is not None:
            progress(done + 1, len(runs), run.name)
    _write_shared(target / "data", runs, parts)
    _write_guide(target / "assets" / "guide")
    write_bytes(target / "index.html", _page(runs[0].results), for_good=False)
    return target / "index.html"


def _check_folder(folder: Path) -> None:
    """Check that a folder with content is an earlier site."""
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).exists())):
        raise InvalidValueError(f"{folder} is neither empty nor a site; name a new or empty folder")


def _write_run(folder: Path, run: Run, parts: Parts, exact: bool) -> None:
    described: dict[str, list[dict[str, Any]]] = {}
    for view, of_view in parts.items():
        described[view] = []
        for part in of_view:
            head, files = part.described(exact)
            described[view].append(head)
            for name, content in files.items():
                write_bytes(folder / name, content, for_good=False)
    _write_json(folder / "frames.json", described)
    _write_json(folder / "run.json", _described(run, parts))
    _write_json(folder / "scalars.json", {"scalars": scalar_curves.curves(run)})
    _write_json(folder / "glance.json", glance(run))
    write_bytes(folder / "losses.f32", _losses(run), for_good=False)


def _described(run: Run, parts: Parts) -> dict[str, Any]:
    """The description of a run for the page, with the views, epochs and options of the site."""
    found = describe(run)
    del found["status"]  # it names the process that trained it
    epochs = sorted({epoch for of_view in parts.values() for part in of_view for epoch in part.frames.epochs})
    panels = [_panel(panel, parts[panel["view"]]) for panel in found["panels"] if panel["view"] in parts]
    return {**found, "epochs": epochs, "panels": panels}


def _panel(panel: dict[str, Any], parts: Sequence[SitePart]) -> dict[str, Any]:
    epochs = list(parts[0].frames.epochs)
    controls = [_offered(control, parts) for control in panel.get("controls", [])]
    return {**panel, "epochs": epochs, "stamps": [str(epoch) for epoch in epochs], "controls": controls}


def _offered(control: dict[str, Any], parts: Sequence[SitePart]) -> dict[str, Any]:
    """A control, with those options that some part has."""
    if control["isLook"]:
        return control
    values = list(dict.fromkeys(part.values[control["name"]] for part in parts))
    options = {option["value"]: option for option in control["options"]}
    return {**control, "options": [options[value] for value in values if value in options]}


def _losses(run: Run) -> bytes:
    """Pairs (train, test) of float32; none if they are damaged, as run.json then states."""
    try:
        return np.stack([run.losses.train, run.losses.test], axis=1).astype("<f4").tobytes()
    except FileStateError:
        return b""


def _write_shared(folder: Path, runs: Sequence[Run], parts: Sequence[Parts]) -> None:
    found = rows(runs)
    identified = [{"id": _id(run), **row} for run, row in zip(runs, found, strict=True)]
    entries = [_entry(*pair) for pair in zip(runs, parts, strict=True)]
    letters = {run.family_name: run.short_names for run in runs}
    _write_json(folder / "variants.json", {"variants": entries, "broken": [], "command": "", "short_names": letters})
    table = {"columns": list(identified[0]), "rows": [list(row.values()) for row in identified], "left": 0}
    _write_json(folder / "runs.json", table)
    _write_json(folder / "colors.json", wire.scales())
    write_bytes(folder / "runs.csv", as_csv(found).encode(), for_good=False)


def _write_guide(folder: Path) -> None:
    """Write the explanations of pictures, which the page loads on demand."""
    for file in files("headlapse").joinpath("static", "dashboard", "guide").iterdir():
        write_bytes(folder / file.name, file.read_bytes(), for_good=False)


def _entry(run: Run, parts: Parts) -> dict[str, Any]:
    """A row of the list of variants."""
    analysed = max(len(part.frames) for of_view in parts.values() for part in of_view)
    return {"id": _id(run), "family": run.family_name, **described(run), "analysed": analysed, "problem": ""}


def _id(run: Run) -> str:
    return f"{run.family_name}/{run.name}"


def _page(results: Path) -> bytes:
    context = DashboardContext(VariantIndex(results, FamilyRegistry()), JobQueue(results), token="")
    html = static("site/site.html")
    for name, text in {"style": static("site/site.css"), "body": skeleton(context), "script": static("site/site.js")}.items():
        html = html.replace(f"<!--{name}-->", text, 1)
    return html.encode()


def _write_json(path: Path, content: dict[str, Any]) -> None:
    write_bytes(path, json.dumps(_finite(content), allow_nan=False, separators=(",", ":")).encode(), for_good=False)


def _finite(content: Any) -> Any:
    """With null in place of NaN and infinity, which JSON lacks."""
    if isinstance(content, dict):
        return {name: _finite(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content
