"""A run in memory: weights, optimizer and data, and its exact state on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from headlapse import checks
from headlapse.errors import IncompatibleFileError, InvalidValueError
from headlapse.families.tasks import NOT_COUNTED, StreamTask
from headlapse.models.config import ModelConfig
from headlapse.models.forward import Forward, forward_for
from headlapse.models.initial import initial_weights
from headlapse.models.layered import Counted
from headlapse.models.layouts import is_bias
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.scalar_names import TEST_ACCURACY, TRAIN_ACCURACY
from headlapse.results.scalars import append_scalars
from headlapse.results.variant import Variant
from headlapse.training.adamw import MOMENTS, AdamW


@dataclass(frozen=True)
class Batch:
    """Inputs in the form of the forward pass, and the right answers that count, int64 `(answers,)`."""

    inputs: Any
    labels: Tensor


@dataclass
class Run:
    """A training run at some epoch, its weights in the `HookedTransformer` layout.

    `train` is what the next step trains on, and `training_set` all that any step may, empty for a task without such a set.
    `arithmetic` records how its sums were computed so far (`headlapse.training.arithmetic`); the training state records it.
    """

    variant: Variant
    epoch: int
    weights: dict[str, Tensor]
    optimizer: AdamW
    forward: Forward
    train: Batch
    test: Batch
    training_set: Batch
    arithmetic: list[dict[str, Any]] = field(default_factory=list)
    rng: Tensor | None = None  # the state of torch's generator, if other runs share it

    @classmethod
    def begin(cls, variant: Variant, device: str) -> Run:
        """The run at epoch 0, from the family's initial weights."""
        config = ModelConfig.of(variant.family, variant.settings)
        torch.manual_seed(int(variant.settings["seed"]))  # training draws the same random numbers every time
        weights = {name: tensor.to(device) for name, tensor in initial_weights(config, int(variant.settings["seed"])).items()}
        for name, tensor in weights.items():
            tensor.requires_grad_(config.train_biases or not is_bias(name))
        probe = torch.from_numpy(variant.family.probe(variant.settings)).to(device)
        is_stream = isinstance(variant.family.task, StreamTask)
        forward = forward_for(config, weights, probe, device, anywhere=is_stream)
        train, test = _batches(variant, forward, probe)
        return cls(variant, 0, weights, _optimizer(variant, weights), forward, train, test, training_set=train)

    @classmethod
    def resume(cls, variant: Variant, device: str) -> Run:
        """The run from its training state; it continues with the same numbers as without an interruption."""
        run = cls.begin(variant, device)
        path = variant.paths.training_state
        state = variant.training_state
        tensors = {name: torch.from_numpy(array.copy()) for name, array in state.weights.items()}
        run.epoch = state.identity.epoch
        _check_shapes(path, run.tensors(), tensors)
        with torch.no_grad():
            for name, weight in run.weights.items():
                weight.copy_(tensors[f"weights/{name}"])
        for name, weight in run._trainable():
            run.optimizer.go_on(weight, run.epoch, {moment: tensors[f"{moment}/{name}"] for moment in MOMENTS})
        torch.set_rng_state(tensors["rng"])
        run.arithmetic = [each for each in state.extra.get("arithmetic", []) if isinstance(each, dict)]
        return run

    @property
    def draws_batches(self) -> bool:
        """Whether each step trains on its own batch."""
        return isinstance(self.variant.family.task, StreamTask)

    def draw_batch(self) -> None:
        """Set `train` to the batch of the next step, if the task gives one for each step."""
        task = self.variant.family.task
        if isinstance(task, StreamTask):
            tokens, labels = (torch.from_numpy(array) for array in task.batch(self.variant.settings, self.epoch))
            self.train = batch_of(self.forward, tokens.to(self.test.labels.device), labels.to(self.test.labels.device))

    def write_state(self) -> None:
        """Write everything that `resume` needs."""
        arrays = {name: tensor.detach().cpu().numpy() for name, tensor in self.tensors().items()}
        extra = {"arithmetic": self.arithmetic}
        write_checkpoint(self.variant.paths.training_state, arrays, self.variant.identity(self.epoch), extra)

    def tensors(self) -> dict[str, Tensor]:
        """Everything that determines how the run continues."""
        tensors = {f"weights/{name}": weight for name, weight in self.weights.items()}
        for name, weight in self._trainable():
            tensors |= {f"{moment}/{name}": tensor for moment, tensor in self.optimizer.moments(weight).items()}
        return {**tensors, "rng": torch.get_rng_state() if self.rng is None else self.rng}

    def write_checkpoint(self, record: dict[str, Any]) -> None:
        """Write the accuracies at this epoch, then the weights, with accuracies and `record` (the losses) in the header."""
        arrays = {name: weight.detach().cpu().numpy() for name, weight in self.weights.items()}
        counted = self.training_set if len(self.training_set.labels) else self.train
        extra = {**record, TRAIN_ACCURACY: self._accuracy(counted), TEST_ACCURACY: self._accuracy(self.test)}
        known = {name: extra[name] for name in (TRAIN_ACCURACY, TEST_ACCURACY) if extra[name] is not None}
        append_scalars(self.variant.paths, self.epoch, known)
        identity = self.variant.identity(self.epoch)
        write_checkpoint(self.variant.paths.checkpoint(self.epoch), arrays, identity, extra)

    def _trainable(self) -> list[tuple[str, Tensor]]:
        return [(name, weight) for name, weight in self.weights.items() if weight.requires_grad]

    @torch.no_grad()
    def _accuracy(self, batch: Batch) -> float | None:
        """Accuracy in [0, 1], or None for an empty batch."""
        if len(batch.labels) == 0:
            return None
        right = self.forward.logits(self.weights, batch.inputs).argmax(dim=-1) == batch.labels
        return right.double().mean().item()


def resolve_device(device: str) -> str:
    """'auto' becomes 'cuda' if there is a GPU, otherwise 'cpu'. Raises `InvalidValueError` for a device that does not exist."""
    checks.one_of("device", device, ("auto", "cpu", "cuda"))
    if device == "cuda" and not torch.cuda.is_available():
        raise InvalidValueError("device cuda: torch finds no CUDA device; use --device cpu, or install a CUDA build of torch")
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return device


def batch_of(forward: Forward, tokens: Tensor, labels: Tensor) -> Batch:
    """`tokens` and their right answers, one per row or one for each position that counts."""
    if labels.ndim == 1:
        return Batch(forward.prepare(tokens), labels)
    counted = labels != NOT_COUNTED
    return Batch(Counted(tokens, counted), labels[counted])


def _batches(variant: Variant, forward: Forward, probe: Tensor) -> tuple[Batch, Batch]:
    task = variant.family.task
    labels = torch.as_tensor(task.labels(variant.settings)).to(probe.device)
    parts = (torch.as_tensor(part).to(probe.device) for part in task.split(variant.settings))
    # in the order of the probe, neighbours read the same rows of tables
    train, test = (batch_of(forward, probe[rows], labels[rows]) for rows in (part.sort().values for part in parts))
    return train, test


def _optimizer(variant: Variant, weights: dict[str, Tensor]) -> AdamW:
    settings = variant.settings
    trainable = [weight for weight in weights.values() if weight.requires_grad]
    return AdamW(trainable, settings["lr"], (settings["beta1"], settings["beta2"]), settings["weight_decay"])


def _check_shapes(path: Path, expected: dict[str, Tensor], found: dict[str, Tensor]) -> None:
    if {name: tensor.shape for name, tensor in expected.items()} != {name: tensor.shape for name, tensor in found.items()}:
        raise IncompatibleFileError(path, "has another architecture than the family has now", "train with --restart")
