"""`python -m benchmarks.gpu`: training 1 to 64 models of p = 113 at once, by one batched step. Prints a table for the docs.

It needs a GPU; `--device cpu` tries it out.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

import headlapse
from headlapse.training.run import Run
from headlapse.training.step import WARM_UP, Steps, steps_of

MODELS = (1, 4, 16, 64)
EPOCHS = 25_000  # of the published experiment


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--models", type=int, nargs="+", default=MODELS, help="numbers of models at once")
    parser.add_argument("--prime", type=int, default=113)
    parser.add_argument("--epochs", type=int, default=200, help="timed, for each number of models")
    arguments = parser.parse_args()
    if arguments.device == "cuda" and not torch.cuda.is_available():
        parser.error("torch finds no GPU; --device cpu tries it out")
    name = torch.cuda.get_device_name() if arguments.device == "cuda" else "CPU"
    print(f"{name}, torch {torch.__version__}, p = {arguments.prime}, {arguments.epochs} epochs with both losses\n")
    print(f"| models | ms an epoch | ms an epoch and model | {EPOCHS:,} epochs, minutes | GiB at most | loss beside alone |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        alone = list(_losses(steps_of(_run(Path(folder), arguments.prime, 0, arguments.device)), WARM_UP + 1))
        for models in arguments.models:
            print(_row(Path(folder), models, arguments, alone), flush=True)


def _row(folder: Path, models: int, arguments: argparse.Namespace, alone: list[float]) -> str:
    steps = steps_of(*(_run(folder, arguments.prime, seed, arguments.device) for seed in range(models)))
    losses = _losses(steps, arguments.epochs)
    early = [next(losses) for _ in range(min(WARM_UP + 1, arguments.epochs))]
    began, timed = time.perf_counter(), len(list(losses))
    spent = (time.perf_counter() - began) / max(1, timed)
    apart = max(abs(ours / theirs - 1) for ours, theirs in zip(early, alone, strict=False))
    memory = torch.cuda.max_memory_allocated() / 2**30 if arguments.device == "cuda" else float("nan")
    times = f"{spent * 1e3:.2f} | {spent * 1e3 / models:.3f} | {spent * EPOCHS / 60:.1f}"
    return f"| {models} | {times} | {memory:.1f} | {apart:.1e} |"


def _losses(steps: Steps, epochs: int) -> Iterator[float]:
    """The train loss of the first model, epoch by epoch."""
    for _ in range(epochs):
        train, _ = steps.step().tolist(), steps.test_losses().tolist()  # taking them waits for the GPU
        yield train[0]


def _run(folder: Path, prime: int, seed: int, device: str) -> Run:
    return Run.begin(headlapse.load_family("modulo_addition_1layer").variant(prime=prime, seed=seed, results=folder), device)


if __name__ == "__main__":
    main()
