"""Made-up runs, written as the program writes real ones, without training anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headlapse.results.artifacts import Provenance, write_artifact
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.losses import append_losses
from headlapse.results.records import write_config
from headlapse.storage.atomic import write_json
from headlapse.workbench import FamilyRegistry, Variant

ANALYZER = "attention_patterns"
N_HEADS, N_POSITIONS = 4, 3


def patterns(p: int, epoch: int) -> np.ndarray:
    """Attention in which every (head, to, from, a, b) cell is its own number and every row over `from` sums to 1."""
    generator = np.random.default_rng(epoch)
    scores = generator.random((N_HEADS, N_POSITIONS, N_POSITIONS, p, p))
    scores[:, :, 0] *= 1 + epoch / 100
    scores *= np.tril(np.ones((N_POSITIONS, N_POSITIONS)))[None, :, :, None, None]
    return (scores / scores.sum(axis=2, keepdims=True)).astype(np.float32)


def make_variant(
    results: Path, epochs: list[int], state: str = "trained", analysed: list[int] | None = None, **settings: float
) -> Variant:
    """A variant with checkpoints at `epochs` and artifacts at `analysed` (all of them where it is None)."""
    family = FamilyRegistry().get("modulo_addition_1layer")
    variant = family.variant(results=results, **{"prime": 7, **settings})
    write_config(variant, schedule={}, versions={})
    write_json(variant.paths.status, {"state": state, "epoch": epochs[-1] if epochs else 0, "epochs": 1000})
    write_losses(variant, epochs[-1] if epochs else 0)
    for epoch in epochs:
        add_checkpoint(variant, epoch)
    for epoch in epochs if analysed is None else analysed:
        add_artifact(variant, epoch)
        add_entropy(variant, epoch)
        add_others(variant, epoch)
    return variant


def add_checkpoint(variant: Variant, epoch: int) -> None:
    write_checkpoint(variant.paths.checkpoint(epoch), {"W": np.full(3, epoch, dtype=np.float32)}, variant.identity(epoch))


def land(variant: Variant, epoch: int) -> None:
    """A running training reaches `epoch`: losses, checkpoint and artifact, in the order of a real run."""
    write_losses(variant, epoch)
    add_checkpoint(variant, epoch)
    add_artifact(variant, epoch)


def add_artifact(variant: Variant, epoch: int, arrays: dict[str, np.ndarray] | None = None, analyzer: str = ANALYZER) -> None:
    made_from = {"checkpoint_sha256": "0" * 64, **variant.made_from(epoch)}
    provenance = Provenance(**made_from, analyzer=analyzer, version=1, probe_sha256="0" * 64)
    arrays = arrays or {"patterns": patterns(int(variant.settings["prime"]), epoch)}
    write_artifact(variant.artifacts.paths.file(analyzer, epoch), arrays, provenance)


def add_entropy(variant: Variant, epoch: int) -> None:
    weights = patterns(int(variant.settings["prime"]), epoch)
    entropy = -(weights * np.log(np.where(weights > 0, weights, 1))).sum(axis=2)
    add_artifact(variant, epoch, {"entropy": entropy}, "attention_entropy")


def add_others(variant: Variant, epoch: int) -> None:
    """An artifact for each further analyzer that somebody has given the family."""
    for analyzer in {*variant.family.spec.analyzers} - {ANALYZER, "attention_entropy"}:
        add_artifact(variant, epoch, {"made_up": np.zeros(1)}, analyzer)


def write_losses(variant: Variant, epochs: int, grok_at: int | None = None) -> None:
    """Losses that fall as those of a grokking run do: train at once, test around `grok_at`."""
    steps = np.arange(epochs)
    middle = epochs / 2 if grok_at is None else grok_at
    train = 3 * np.exp(-steps / max(epochs / 12, 1)) + 1e-7
    test = 4 / (1 + np.exp((steps - middle) / max(epochs / 40, 1))) + 1e-6
    append_losses(variant.paths.losses, 0, train.tolist(), test.tolist())
