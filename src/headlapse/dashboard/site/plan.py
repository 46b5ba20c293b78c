"""The content of a site for each run, and its maximum size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headlapse import checks
from headlapse.dashboard.site.parts import SitePart
from headlapse.errors import HeadlapseError, InvalidValueError, UnknownNameError
from headlapse.export.timelapse import available_epochs, select_epochs, timelapse, values_of
from headlapse.results.run import Run
from headlapse.visualization.controls import LOOKS
from headlapse.visualization.position_controls import PositionPair
from headlapse.visualization.views import View, ViewRegistry

VIEW = "attention_heads_grid"
BYTES = {True: 5, False: 1}  # of a cell at most, with and without its exact value


@dataclass(frozen=True)
class Wanted:
    """`choices` are values or words of controls, e.g.

    `{"to": "=", "from": "b"}`, one picture each; a view uses those that it has. Without any, there is one picture with the
    first options. `frames` is the maximum number of epochs kept per run, evenly spread. Views of a whole run are always
    included.
    """

    views: Sequence[str] = (VIEW,)
    choices: Sequence[Mapping[str, str]] = ()
    frames: int | None = None
    exact: bool = True


def parts_of(run: Run, wanted: Wanted) -> dict[str, list[SitePart]]:
    """The parts of each view. Raises `HeadlapseError` if a run has nothing of the requested content."""
    known = [*run.views, *(name for name in wanted.views if name not in run.views)]
    views = [ViewRegistry.get(name) for name in known]
    kept = [view for view in views if view.picture is not None and (view.name in wanted.views or _is_of_run(view, run))]
    parts = {view.name: _parts(run, view, wanted) for view in kept}
    if not parts:
        raise HeadlapseError(f"{run.name} has no view {' or '.join(wanted.views)}; analyse it first, or name another --view")
    return parts


def _is_of_run(view: View, run: Run) -> bool:
    return view.is_of_run(run.artifacts) and bool(run.artifacts.get_epochs(view.analyzer))


def _parts(run: Run, view: View, wanted: Wanted) -> list[SitePart]:
    epochs = (
        available_epochs(run, view)[-1:] if view.is_of_run(run.artifacts) else select_epochs(run, view.name, most=wanted.frames)
    )
    names = _controls(run, view)
    asked = [{name: value for name, value in choice.items() if name in names} for choice in wanted.choices or [{}]]
    parts: dict[tuple[str, ...], SitePart] = {}
    for choice in asked:
        values = _values(run, view, epochs[-1], choice)
        if (key := tuple(values.values())) not in parts:
            parts[key] = SitePart(timelapse(run, view, epochs, values), values, f"{view.name}_{len(parts)}")
    return list(parts.values())


def _values(run: Run, view: View, epoch: int, choice: Mapping[str, str]) -> dict[str, str]:
    """The values of all controls that choose data."""
    data, given = view.load(run.artifacts, epoch), values_of(run, view, epoch, choice)
    for alias in view.aliases:
        if isinstance(alias, PositionPair) and alias.name in given:
            given |= alias.spread(given[alias.name])
    controls = [control for control in view.controls_of(run.labels) if control not in LOOKS]
    return {control.name: given.get(control.name, control.options(data, run.labels)[0].value) for control in controls}


def _controls(run: Run, view: View) -> set[str]:
    """The names of controls that can be chosen."""
    return {control.name for control in (*view.aliases, *view.controls_of(run.labels))}


def check_choices(runs: Sequence[Run], wanted: Wanted) -> None:
    """Raises `UnknownNameError` for a choice that no view of these runs has a control for."""
    views = [ViewRegistry.get(name) for name in wanted.views]
    known = set().union(*(_controls(run, view) for run in runs for view in views))
    checks.known(f"control of {' and '.join(wanted.views)}", (name for choice in wanted.choices for name in choice), known)


def check_size(parts: Sequence[SitePart], exact: bool, limit: int) -> int:
    """The maximum number of bytes of the parts. Raises `InvalidValueError` with the sum if it is too large."""
    total = sum(part.cells for part in parts) * BYTES[exact]
    if total > limit:
        runs = len({part.frames.variant.paths.root for part in parts})
        remedy = "name fewer runs or pairs, --frames, " + ("--no-exact, " if exact else "") + "or a larger --limit"
        sums = f"{in_words(total)} of {runs:,} runs, {len(parts):,} pictures and {sum(len(p.frames) for p in parts):,} frames"
        raise InvalidValueError(f"the site could take {sums}, and may take {in_words(limit)}; {remedy}")
    return total


def in_words(size: int) -> str:
    """Bytes in MB, or in GB."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def check_names(runs: Sequence[Run]) -> None:
    """Raises `UnknownNameError` if there is no run."""
    if not runs:
        raise UnknownNameError("name the runs of the site; headlapse list shows them")
