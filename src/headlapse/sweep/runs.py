"""The state of each run of a sweep, read only from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from headlapse.errors import FileStateError, HeadlapseError, IncompatibleFileError
from headlapse.results.paths import VariantPaths
from headlapse.results.run_state import RunState
from headlapse.results.variant import Variant
from headlapse.storage.atomic import RECORD_BYTES, read_json
from headlapse.storage.lock import is_locked
from headlapse.sweep.recipe import Recipe

State = Literal["new", "begun", "busy", "done", "broken"]


@dataclass(frozen=True)
class Standing:
    """A run according to its folder: `status` is its last status, `config` the request when it began."""

    state: State
    status: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    @property
    def epoch(self) -> int:
        """The epoch that the run stated last."""
        return int(self.status.get("epoch", 0))


def standing(variant: Variant, recipe: Recipe) -> Standing:
    """The state of the run of `variant`, compared with `recipe`. A run that cannot continue is broken, with the reason."""
    paths = variant.paths
    try:
        if not paths.root.is_dir() or not (paths.config.exists() or paths.training_state.exists() or paths.epochs()):
            return Standing("busy" if is_locked(paths.lock) else "new")
        config = _config(paths)
        _check_ours(variant, config)
        found = variant.run_state
    except HeadlapseError as error:
        return Standing("broken", reason=str(error))
    if _is_done(variant, found, recipe):
        return Standing("done", found.status, config)
    state: State = "begun" if variant.was_trained_here else "new"
    return Standing("busy" if is_locked(paths.lock) else state, found.status, config)


def is_cancelled(paths: VariantPaths) -> bool:
    """Whether the run was asked to stop and has not been started since."""
    return paths.cancel.exists()


def _config(paths: VariantPaths) -> dict[str, Any]:
    """The request; empty if the run was killed before it wrote one."""
    return read_json(paths.config, "train with --restart to begin again", RECORD_BYTES) if paths.config.exists() else {}


def _check_ours(variant: Variant, config: Mapping[str, Any]) -> None:
    if "origin" in config:
        raise IncompatibleFileError(variant.paths.config, "was imported", "rename it, or train in another folder")
    variant.check_unchanged(config)


def _is_done(variant: Variant, found: RunState, recipe: Recipe) -> bool:
    """Whether the run is trained far enough, and analysed if requested."""
    if found.state not in ("trained", "analysed") or int(found.status.get("epoch", -1)) < recipe.epochs:
        return False
    return not recipe.analyze or (found.state == "analysed" and _has_run_files(variant))


def _has_run_files(variant: Variant) -> bool:
    artifacts = variant.paths.artifacts
    try:
        return all(artifacts.has_run_file(name) for name in variant.family.spec.cross_epoch_analyzers)
    except FileStateError:
        return False
