"""The steps that are timed side by side at the published size, p = 113."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

import headlapse
from benchmarks.apart import Apart
from benchmarks.machine import Machine, measure
from benchmarks.plain import ANALYSE, EPOCH, PATTERNS, READ, STEP, TEST, WRITE, plain_works
from benchmarks.timing import Timing, Work, compare
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.models.matmul import products_by
from headlapse.models.one_layer_patterns import grid_patterns
from headlapse.results.artifacts import Provenance, read_artifact, write_artifact
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.records import write_config
from headlapse.training.progress import Silent
from headlapse.training.run import Run
from headlapse.training.step import steps_of
from headlapse.workbench import Variant

NAME = "attention_patterns"
TRAINED = 200  # epochs before timing: attention is no longer that of a fresh start, which compresses better and more slowly


class Published:
    """The published experiment, a few epochs old, and the plain model with the same weights, here and in a process apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variant = headlapse.load_family("modulo_addition_1layer").variant(results=folder)
        self.variant.train(TRAINED, checkpoint_epochs=[TRAINED], analyze=False, progress=Silent())
        self.run = Run.resume(self.variant, "cpu")
        self.weights = {name: tensor.detach().numpy().copy() for name, tensor in self.run.weights.items()}
        self.patterns = grid_patterns(self.weights, 113)
        self.checkpoint = self.variant.paths.checkpoint(TRAINED)
        self.plain = plain_works(self.variant, TRAINED, folder)
        self.apart = Apart(self.variant, TRAINED, folder / "apart")

    def compare(self, step: str, ours: Work, floor: float, repeats: int = 21, per_call: int = 1) -> Timing:
        """Ours beside the plain code of the same name."""
        return compare(step, self.plain[step], ours, floor, repeats, per_call, lambda: self.apart.seconds(step))


def print_steps(published: Published) -> None:
    """Print the speed of the machine, and the table."""
    machine = measure(published.folder)
    library = published.run.arithmetic[-1]["products"]
    print(f"{machine}\nproducts by {library}, which was found to be the fastest here; torch {torch.__version__}")
    with products_by(library):
        rows = timings(published, machine)
    print(f"\n{'':38}      ms                              plain is slower       floor")
    print(f"{'step':38} {'plain':>9} {'apart':>9} {'ours':>9} {'beside':>9} {'apart':>9} {'ms':>9} {'of it':>6}")
    for row in rows:
        print(_line(row))


def _line(row: Timing) -> str:
    times = " ".join(f"{seconds * 1e3:9.2f}" for seconds in (row.plain, row.apart, row.ours))
    ratios = f"{row.ratio:8.1f}x {row.ratio_apart:8.1f}x"
    return f"{row.step:38} {times} {ratios} {row.floor * 1e3:9.2f} {row.floor / row.ours:6.0%}"


def timings(published: Published, machine: Machine) -> list[Timing]:
    """Every row of the table, in the order of the work."""
    return [
        *_training(published, machine),
        _patterns(published, machine),
        *_files(published, machine),
        _analysis(published, machine),
    ]


def _training(published: Published, machine: Machine) -> list[Timing]:
    run = published.run
    split = published.variant.family.task.split(published.variant.settings)
    steps = steps_of(run)
    train_floor, test_floor = (flops / machine.flops for flops in _training_flops(len(split.train), len(split.test)))

    def epoch() -> tuple[float, float]:
        return steps.step().item(), steps.test_losses().item()

    return [
        published.compare(STEP, lambda: steps.step().item(), train_floor),
        published.compare(TEST, lambda: steps.test_losses().item(), test_floor),
        published.compare(EPOCH, epoch, train_floor + test_floor),
    ]


def _training_flops(n_train: int, n_test: int) -> tuple[float, float]:
    """Matrix products that meet the inputs: the MLP's output, once forward and twice back."""
    d_mlp, p = 512, 113
    forward = 2 * d_mlp * p
    return n_train * 3 * forward, n_test * forward


def _patterns(published: Published, machine: Machine) -> Timing:
    floor = published.patterns.nbytes / machine.copied
    return published.compare(PATTERNS, lambda: grid_patterns(published.weights, 113), floor)


def _files(published: Published, machine: Machine) -> list[Timing]:
    theirs, ours = published.folder / "theirs.npz", published.folder / "ours.npz"
    made_from = Provenance(published.variant.family.name, published.variant.name, 0, NAME, 1, "0" * 64, "0" * 64)
    floor = published.patterns.nbytes / 2 / machine.written
    write = published.compare(WRITE, lambda: write_artifact(ours, {"patterns": published.patterns}, made_from), floor)
    size = ours.stat().st_size
    print(f"artifact: {size:,} bytes, savez_compressed {theirs.stat().st_size:,} (ratio {size / theirs.stat().st_size:.3f})")
    read = published.compare(READ, lambda: read_artifact(ours, {"epoch": 0}), size / machine.read, repeats=101)
    return [write, read]


def _analysis(published: Published, machine: Machine, checkpoints: int = 100) -> Timing:
    """A run of 100 checkpoints counts as 100: reading, computing, compressing and writing overlap."""
    variant = with_checkpoints(published, checkpoints)
    pipeline = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=[NAME], force=True))
    floor = published.checkpoint.stat().st_size / machine.read + published.patterns.nbytes / 2 / machine.written
    return published.compare(ANALYSE, pipeline.run, floor, repeats=15, per_call=checkpoints)


def with_checkpoints(published: Published, count: int) -> Variant:
    """A variant with `count` checkpoints of slightly different weights."""
    variant = published.variant.family.variant(results=published.folder / f"run{count}")
    random = np.random.default_rng(0)
    for epoch in range(count):
        noise = {name: 0.01 * random.normal(size=array.shape) for name, array in published.weights.items()}
        weights = {name: (array + noise[name]).astype(np.float32) for name, array in published.weights.items()}
        write_checkpoint(variant.paths.checkpoint(epoch), weights, variant.identity(epoch))
    write_config(variant, {}, {})
    return variant
