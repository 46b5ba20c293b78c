"""The only package that knows folder and file names.

results/{family}/{variant}/config.json  metadata.json  status.json  notes.json
losses.f64  scalars/{name}.f64
training_state.safetensors  checkpoints/checkpoint_epoch_NNNNN.safetensors
artifacts/{analyzer}/epoch_NNNNN.npz  artifacts/{analyzer}/all_epochs.npz
cancel.json                  while a sweep is asked to stop the run
replaced_runs/{time}/...     earlier runs that --restart moved aside, under the same names
results/recorded/{run}/...                              recordings of other training loops, under the same names
results/.jobs/{job}/request.json  status.json  cancel.json  log.txt
results/.sweeps/{sweep}/sweep.toml  sweep.sh  log_{number}.txt
results/.trash/{token}/{family}/{variant}/...           deleted runs
"""

from headlapse.results.paths.jobs import JobPaths, job_names, submission_lock, unsubmitted_jobs
from headlapse.results.paths.listing import State, state_of
from headlapse.results.paths.results import (
    RECORDED,
    check_results,
    is_variant,
    staged_imports,
    staging_lock,
    trash_folder,
    trashed_runs,
    variant_folders,
)
from headlapse.results.paths.run import ArtifactPaths, VariantPaths
from headlapse.results.paths.sweeps import SweepPaths, seen_by_all

__all__ = [
    "RECORDED",
    "ArtifactPaths",
    "JobPaths",
    "State",
    "SweepPaths",
    "VariantPaths",
    "check_results",
    "is_variant",
    "job_names",
    "seen_by_all",
    "staged_imports",
    "staging_lock",
    "state_of",
    "submission_lock",
    "trash_folder",
    "trashed_runs",
    "unsubmitted_jobs",
    "variant_folders",
]
