"""From requested epochs and controls to the frames of a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headlapse import checks
from headlapse.export.timelapse import Progress, Timelapse, available_epochs, newest_readable, timelapse
from headlapse.results.epochs import check_epoch
from headlapse.results.run import Run
from headlapse.visualization.regions import Region
from headlapse.visualization.views import ViewRegistry


def frames_of(
    variant: Run,
    view: str,
    epochs: int | Sequence[int] | None = None,
    *,
    choices: Mapping[str, str] | None = None,
    panel: int | None = None,
    zoom: str | None = None,
    progress: Progress | None = None,
    moves: bool = False,
) -> Timelapse:
    """The frames that `draw_view` draws; if `epochs` is None, of all epochs, or of the newest unless it `moves`."""
    chosen = ViewRegistry.get(view)
    texts = _checked_choices({} if choices is None else choices)
    checks.optional(checks.function, "progress", progress)
    available = available_epochs(variant, chosen)
    if epochs is None and not moves:
        epochs = newest_readable(variant, chosen, available)
    wanted = _wanted(epochs, available, variant.name)
    part = (checks.optional(checks.whole, "panel", panel), None if zoom is None else Region.read(zoom))
    return timelapse(variant, chosen, wanted, texts, progress, *part)


def _checked_choices(choices: object) -> dict[str, str]:
    if not isinstance(choices, Mapping):
        raise checks.wrong("choices", "values of controls by name, e.g. {'pair': '2:0'}", choices)
    return {checks.text("the name of a control", name): checks.text(str(name), value) for name, value in choices.items()}


def _wanted(epochs: int | Sequence[int] | None, available: Sequence[int], owner: str) -> list[int]:
    if epochs is None:
        return list(available)
    given = epochs if checks.as_whole(epochs) is None else [epochs]
    return checks.some(lambda _, epoch: check_epoch(epoch, available, owner), "epochs", given, "epoch")
