"""The state of a variant, derived from its file names and its status only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from headlapse.errors import FileStateError, IncompatibleFileError, MissingFileError
from headlapse.results.paths import VariantPaths
from headlapse.results.remedies import REPAIR
from headlapse.storage.atomic import RECORD_BYTES, read_json
from headlapse.storage.lock import is_locked

State = Literal["untrained", "training", "cancelled", "failed", "trained", "analysed"]
ENDED_EARLY: dict[str | None, State] = {"cancelled": "cancelled", "failed": "failed"}


@dataclass(frozen=True)
class RunState:
    """A consistent snapshot, read once. `status` is the last status that the run wrote; empty if it cannot be read."""

    state: State
    epochs: list[int]
    status: dict[str, Any]


def read_run_state(
    paths: VariantPaths, analyzers: Iterable[str], why_unsuited: Callable[[str], str], known: Iterable[int] | None = None
) -> RunState:
    """The state of the run at `paths`, which counts as analysed if `analyzers` have finished all of its epochs.

    Its epochs are the `known` ones, or those with a checkpoint. `why_unsuited` returns the reason why an analyzer does not
    apply to the run, or an empty text. A damaged status hides nothing else: a run that ended early then counts as trained.
    """
    epochs = paths.epochs() if known is None else list(known)
    try:
        status = read_status(paths)
    except FileStateError:
        status = {}
        claimed = "training" if is_locked(paths.lock) else None
    else:
        claimed = status.get("state")
    if claimed == "cancelled" and known is None and not epochs and not paths.training_state.exists():
        claimed = None  # before it began
    return RunState(_state(paths, claimed, epochs, analyzers, why_unsuited), epochs, status)


def read_status(paths: VariantPaths) -> dict[str, Any]:
    """Variant, state, epoch, target and last losses; empty if it never trained.

    Raises `CorruptFileError`, or `IncompatibleFileError` if it belongs to another variant.
    """
    try:
        status = read_json(paths.status, REPAIR, RECORD_BYTES)
    except MissingFileError:
        return {}
    if status.get("variant", paths.root.name) != paths.root.name:  # earlier versions did not record it
        raise IncompatibleFileError(paths.status, f"belongs to {status['variant']}", REPAIR)
    return status


def _state(
    paths: VariantPaths, claimed: str | None, epochs: list[int], analyzers: Iterable[str], why_unsuited: Callable[[str], str]
) -> State:
    if claimed == "training":
        return "training" if is_locked(paths.lock) else "failed"
    if claimed in ENDED_EARLY:
        return ENDED_EARLY[claimed]
    if not epochs:
        return "untrained"
    found = {name: paths.artifacts.epochs(name) for name in analyzers}
    if found and not any(found.values()):
        return "trained"
    is_through = (of_one == epochs or (not of_one and why_unsuited(name)) for name, of_one in found.items())
    return "analysed" if all(is_through) else "trained"
