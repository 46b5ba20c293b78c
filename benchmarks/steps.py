"""The steps that are timed side by side at the published size, p = 113."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

import headlapse
from benchmarks.machine import Machine
from benchmarks.plain import Plain
from benchmarks.timing import Timing, compare
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.models.config import ModelConfig
from headlapse.models.one_layer_patterns import grid_patterns
from headlapse.results import Variant
from headlapse.results.artifacts import Provenance, read_artifact, write_artifact
from headlapse.results.checkpoints import write_checkpoint
from headlapse.training.progress import Silent
from headlapse.training.run import Run
from headlapse.training.step import EagerStep, mean_loss

NAME = "attention_patterns"
TRAINED = 200  # epochs before timing: attention is no longer that of a fresh start, which compresses better and more slowly


class Published:
    """The published experiment, a few epochs old, and the plain model with the same weights."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variant = headlapse.load_family("modulo_addition_1layer").variant(results=folder)
        self.variant.train(TRAINED, checkpoint_epochs=[TRAINED], analyze=False, progress=Silent())
        self.run = Run.resume(self.variant, "cpu")
        family, settings = self.variant.family, self.variant.settings
        self.split = family.task.split(settings)
        config = ModelConfig.of(family, settings)
        weights = {name: tensor.detach().clone() for name, tensor in self.run.weights.items()}
        self.plain = Plain(config, weights, family.task.probe(settings), family.task.labels(settings))
        self.weights = {name: tensor.numpy() for name, tensor in weights.items()}
        self.patterns = grid_patterns(self.weights, 113)


def timings(published: Published, machine: Machine) -> list[Timing]:
    """Every row of the table, in the order of the work."""
    return [
        *_training(published, machine),
        _patterns(published, machine),
        *_files(published, machine),
        _analysis(published, machine),
    ]


def _training(published: Published, machine: Machine) -> list[Timing]:
    run, plain, split = published.run, published.plain, published.split
    step = EagerStep(run)
    train_floor, test_floor = (flops / machine.flops for flops in _training_flops(len(split.train), len(split.test)))

    @torch.no_grad()
    def test() -> float:
        return mean_loss(run, run.test).item()

    return [
        compare("training step", lambda: plain.train_step(split.train), lambda: step().item(), train_floor),
        compare("test loss", lambda: plain.test_loss(split.test), test, test_floor),
        compare(
            "training epoch, both losses",
            lambda: (plain.train_step(split.train), plain.test_loss(split.test)),
            lambda: (step().item(), test()),
            train_floor + test_floor,
        ),
    ]


def _training_flops(n_train: int, n_test: int) -> tuple[float, float]:
    """Matrix products that meet the inputs: the MLP's output three times (once forward, twice back), heads once back."""
    d_mlp, d_heads, p = 512, 128, 113
    forward = 2 * d_mlp * p
    return n_train * (3 * forward + 2 * (d_mlp + p) * d_heads), n_test * forward


def _patterns(published: Published, machine: Machine) -> Timing:
    floor = published.patterns.nbytes / machine.copied
    return compare("patterns of all p^2 inputs", published.plain.patterns, lambda: grid_patterns(published.weights, 113), floor)


def _files(published: Published, machine: Machine) -> list[Timing]:
    theirs, ours = published.folder / "theirs.npz", published.folder / "ours.npz"
    made_from = Provenance(published.variant.family.name, published.variant.name, 0, NAME, 1, "0" * 64, "0" * 64)
    write = compare(
        "write one artifact",
        lambda: np.savez_compressed(theirs, patterns=published.patterns),
        lambda: write_artifact(ours, {"patterns": published.patterns}, made_from),
        published.patterns.nbytes / 2 / machine.written,
    )
    size = ours.stat().st_size
    print(f"artifact: {size:,} bytes, savez_compressed {theirs.stat().st_size:,} (ratio {size / theirs.stat().st_size:.3f})")
    read = compare("read one artifact", lambda: _load(theirs), lambda: read_artifact(ours, {"epoch": 0}), size / machine.read)
    return [write, read]


def _load(path: Path) -> np.ndarray:
    with np.load(path, allow_pickle=False) as arrays:
        patterns: np.ndarray = arrays["patterns"]
    return patterns


def _analysis(published: Published, machine: Machine, checkpoints: int = 100) -> Timing:
    """A run of 100 checkpoints counts as 100: reading, computing, compressing and writing overlap."""
    variant = with_checkpoints(published, checkpoints)
    pipeline = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=[NAME], force=True))
    checkpoint = variant.paths.checkpoint(0)
    floor = checkpoint.stat().st_size / machine.read + published.patterns.nbytes / 2 / machine.written
    return compare(
        "analyse one checkpoint, file to file",
        lambda: published.plain.analyze(checkpoint, published.folder / "plain.npz"),
        pipeline.run,
        floor,
        repeats=7,
        per_call=checkpoints,
    )


def with_checkpoints(published: Published, count: int) -> Variant:
    """A variant with `count` checkpoints of slightly different weights."""
    variant = published.variant.family.variant(results=published.folder / f"run{count}")
    random = np.random.default_rng(0)
    for epoch in range(count):
        noise = {name: 0.01 * random.normal(size=array.shape) for name, array in published.weights.items()}
        weights = {name: (array + noise[name]).astype(np.float32) for name, array in published.weights.items()}
        write_checkpoint(variant.paths.checkpoint(epoch), weights, variant.identity(epoch))
    variant.write_config({}, {})
    return variant
