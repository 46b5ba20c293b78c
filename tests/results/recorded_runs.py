"""A recorded run, written by hand: no family, no checkpoints, every cell of its patterns distinct."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from headlapse.families.axes import Axis
from headlapse.results.artifacts import Provenance, write_artifact
from headlapse.results.checkpoints import content_hash
from headlapse.results.declaration import Declaration
from headlapse.results.paths import RECORDED, VariantPaths
from headlapse.results.recorded import RecordedRun
from headlapse.results.run import RunLabels
from headlapse.results.run_layout import RunLayout
from headlapse.results.scalars import append_scalars
from headlapse.storage.atomic import write_json

HEADS, TO, FROM, AXES, EPOCHS = 3, 4, 5, (2, 6), (0, 10, 30)
ANALYZERS = ("attention_patterns", "attention_entropy")
LABELS = RunLabels(
    ("L0H0", "L0H1", "L1H0"),
    tuple(f"to {place}" for place in range(TO)),
    (Axis("shape", 2, ("round", "square")), Axis("size", 6)),
    tuple(f"from {place}" for place in range(FROM)),
)
DECLARATION = Declaration(
    RunLayout(HEADS, TO, AXES, sources=FROM),
    LABELS,
    analyzers=ANALYZERS,
    cross_epoch_analyzers=("attention_lock_in",),
    views=("attention_heads_grid", "attention_entropy_grid", "attention_lock_in_timeline"),
    settings={"lr": 0.5},
    capture={"kind": "cross"},
    versions={"torch": "any"},
)


def patterns(epoch: int, n_from: int = FROM) -> np.ndarray:
    """Every row a distribution of its own, in float32."""
    scores = np.random.default_rng(epoch).normal(size=(HEADS, TO, n_from, *AXES)) * (1 + epoch / 10)
    weights = np.exp(scores)
    return (weights / weights.sum(axis=2, keepdims=True)).astype(np.float32)


def write_patterns(run: RecordedRun, epoch: int, arrays: dict[str, np.ndarray]) -> None:
    provenance = Provenance(RECORDED, run.name, epoch, "attention_patterns", 1, content_hash(arrays), "p" * 64)
    write_artifact(run.paths.artifacts.file("attention_patterns", epoch), arrays, provenance)


SELF = {  # what is otherwise where positions attend to positions of their own sequence
    "layout": replace(DECLARATION.layout, sources=None),
    "labels": replace(LABELS, from_position_labels=LABELS.position_labels),
    "capture": {"kind": "self"},
}


def recorded_run(results: Path, name: str = "theirs", **changes: object) -> RecordedRun:
    declaration = replace(DECLARATION, **changes)  # type: ignore[arg-type]
    paths = VariantPaths(results / RECORDED / name)
    write_json(paths.config, declaration.to_json(name))
    write_json(paths.status, {"variant": name, "state": "trained", "epoch": EPOCHS[-1]})
    run = RecordedRun.open(paths.root)
    for epoch in EPOCHS:
        write_patterns(run, epoch, {"patterns": patterns(epoch, run.layout.n_from)})
        append_scalars(paths, epoch, {"train_loss": 3 - epoch / 20, "learning rate": 0.1, "test_accuracy": epoch / 30})
    append_scalars(paths, EPOCHS[-1] + 1, {"test_loss": 0.25})
    return run
