"""A training step of every packaged family beside the same step with TransformerLens, in processor time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

import headlapse
from benchmarks.timing import Work
from headlapse.families.tasks import NOT_COUNTED, StreamTask
from headlapse.models.bridge import build_bridge
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import is_bias, to_bridge_layout
from headlapse.system.cpus import processor
from headlapse.training.run import Run
from headlapse.training.step import steps_of
from headlapse.workbench import FamilyRegistry, Variant

SIZES = {"prime": 59, "group": "A5"}  # of families that have these settings; the others keep their defaults
ROUNDS = 7


class PlainStep:
    """A step as a researcher writes it with TransformerLens: the bridge, cross-entropy where answers count, AdamW."""

    def __init__(self, variant: Variant, weights: dict[str, Tensor]) -> None:
        config = ModelConfig.of(variant.family, variant.settings)
        self._variant, self._task, self._steps = variant, variant.family.task, 0
        self._model = build_bridge(config, weights)
        frozen = {} if config.train_biases else {name: tensor for name, tensor in weights.items() if is_bias(name)}
        kept = {self._model.state_dict()[name].data_ptr() for name in to_bridge_layout(frozen)}
        trained = [parameter for parameter in self._model.parameters() if parameter.data_ptr() not in kept]
        settings = variant.settings
        self._optimizer = torch.optim.AdamW(
            trained, lr=settings["lr"], weight_decay=settings["weight_decay"], betas=(settings["beta1"], settings["beta2"])
        )
        self._batch = None if isinstance(self._task, StreamTask) else self._of_split()

    def __call__(self) -> float:
        tokens, labels = self._batch or self._of_stream()
        logits = self._model(tokens)
        logits, answers = (logits[:, -1], labels) if labels.ndim == 1 else _counted(logits, labels)
        loss = torch.nn.functional.cross_entropy(logits.double(), answers)
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        self._steps += 1
        return loss.item()

    def _of_split(self) -> tuple[Tensor, Tensor]:
        settings = self._variant.settings
        rows = torch.as_tensor(self._task.split(settings).train)
        return torch.as_tensor(self._task.probe(settings))[rows], torch.as_tensor(self._task.labels(settings))[rows]

    def _of_stream(self) -> tuple[Tensor, Tensor]:
        assert isinstance(self._task, StreamTask)
        tokens, labels = self._task.batch(self._variant.settings, self._steps)
        return torch.as_tensor(tokens), torch.as_tensor(labels)


def main(folder: Path) -> None:
    """Print the milliseconds of processor time of both steps, one thread each, for every family."""
    torch.set_num_threads(1)
    print(f"{processor()}, torch {torch.__version__}, one thread; medians of {ROUNDS} rounds in turns")
    print(f"{'family':42} {'settings':24} {'plain ms':>9} {'ours ms':>9} {'ratio':>6}  forward")
    for name in FamilyRegistry().names():
        print(_line(name, folder))


def _line(name: str, folder: Path) -> str:
    family = headlapse.load_family(name)
    sizes: dict[str, Any] = {setting: size for setting, size in SIZES.items() if setting in family.settings}
    run = Run.begin(family.variant(results=folder, **sizes), "cpu")
    weights = {key: tensor.detach().clone() for key, tensor in run.weights.items()}
    plain, ours = in_turns(PlainStep(run.variant, weights), _our_step(run))
    words = ", ".join(f"{setting}={size}" for setting, size in sizes.items())
    return f"{name:42} {words:24} {1e3 * plain:9.1f} {1e3 * ours:9.1f} {plain / ours:6.1f}  {type(run.forward).__name__}"


def _our_step(run: Run) -> Callable[[], float]:
    steps = steps_of(run)

    def step() -> float:
        run.draw_batch()
        loss = steps.step().item()
        run.epoch += 1
        return loss

    return step


def in_turns(*works: Work, rounds: int = ROUNDS) -> list[float]:
    """The median processor seconds of each, which other work on the machine disturbs less than wall time."""
    for work in works:
        work()
    times = [[_processor_seconds(work) for work in works] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def _processor_seconds(work: Work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _counted(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    counted = labels != NOT_COUNTED
    return logits[counted], labels[counted]
