"""Whether an analysis over all epochs knows the newest epoch of its run."""

from __future__ import annotations

from headlapse.results.run import Run


def last_known(run: Run, analyzer: str) -> int | None:
    """The last epoch that the artifact of an analyzer across epochs knows, if the run has newer ones; otherwise None."""
    made = run.artifacts.provenance(analyzer)
    return made.epoch if made is not None and made.epoch < max(run.epochs, default=0) else None


def update_in_words(run: Run, analyzer: str) -> str:
    """A line that says that results are not those of the newest epoch, and when they will be; empty if they are."""
    known = last_known(run, analyzer)
    if known is None:
        return ""
    begun = f"{run.name}: {analyzer} is that of epoch {known:,}, and the run has reached epoch {run.epochs[-1]:,}"
    if run.run_state.state == "training":
        return f"{begun}; it is computed again when the training ends"
    return f"{begun}; headlapse analyze {run.name} computes it again"
