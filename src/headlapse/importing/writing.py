"""Write imported states as a variant, and ask each one every question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import torch
from torch import Tensor

from headlapse.errors import InvalidValueError
from headlapse.importing.layouts import convert, recognise, weight_names
from headlapse.importing.shapes import complete
from headlapse.importing.sources import Source, State
from headlapse.models.config import ModelConfig
from headlapse.models.forward import forward_for
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.losses import append_losses
from headlapse.workbench import Variant


def write_variant(variant: Variant, source: Source, n_heads: int) -> dict[int, float]:
    """Write the whole variant; the accuracy of each state over all inputs."""
    _write_losses(variant, source)
    n_inputs = variant.family.task.n_inputs(variant.settings)
    indices = {name: _rows(name, rows, n_inputs) for name, rows in source.recorded.items() if name.endswith("_indices")}
    accuracy = {state.epoch: _write_state(variant, state, n_heads, indices) for state in source.states}
    variant.write_config({}, {"headlapse": version("headlapse"), "torch": torch.__version__})
    variant.write_metadata(indices)
    last = max(accuracy)
    variant.write_status({"state": "imported", "epoch": last, "epochs": last, **_losses_at(variant, last)})
    return accuracy


def _write_state(variant: Variant, state: State, n_heads: int, indices: Mapping[str, Sequence[int]]) -> float:
    tensors = state.read()
    converted = convert(tensors, recognise(tensors, state.path), weight_names(variant.family), n_heads, state.path)
    config = ModelConfig.of(variant.family, variant.settings, variant.shape)
    weights = complete(converted, config, state.path)
    right = _right_answers(variant, weights)
    accuracy = right.mean().item()
    record = {"accuracy": accuracy, **_losses_at(variant, state.epoch)}
    for name, rows in indices.items():
        if rows:
            record[name.replace("_indices", "_accuracy")] = right[torch.tensor(rows)].mean().item()
    arrays = {name: tensor.numpy() for name, tensor in weights.items()}
    write_checkpoint(variant.paths.checkpoint(state.epoch), arrays, variant.identity(state.epoch), record)
    return accuracy


@torch.no_grad()
def _right_answers(variant: Variant, weights: Mapping[str, Tensor]) -> Tensor:
    """1.0 for every probe row the model answers rightly, else 0.0."""
    task = variant.family.task
    probe = task.probe(variant.settings)
    forward = forward_for(ModelConfig.of(variant.family, variant.settings, variant.shape), weights, probe)
    answers = forward.logits(weights, forward.prepare(probe)).argmax(dim=-1)
    return (answers == task.labels(variant.settings)).double()


def _rows(name: str, values: Sequence[Any], n_inputs: int) -> list[int]:
    """`values` as numbers of probe rows. Raises `InvalidValueError` for the first that is none."""
    for value in values:
        if value is None or not 0 <= value < n_inputs or value % 1:
            raise InvalidValueError(f"{name} must be rows of the {n_inputs:,} inputs, 0 to {n_inputs - 1:,}; found {value!r}")
    return [int(value) for value in values]


def _write_losses(variant: Variant, source: Source) -> None:
    """Take over the losses that are known, NaN where they are not; without any there is no journal."""
    train, test = (source.recorded.get(f"{part}_losses", []) for part in ("train", "test"))
    if train or test:
        length = max(len(train), len(test), *(state.epoch for state in source.states))
        append_losses(variant.paths.losses, 0, _padded(train, length), _padded(test, length))


def _padded(losses: Sequence[float | None], length: int) -> list[float]:
    known = [math.nan if loss is None else float(loss) for loss in losses]
    return known + [math.nan] * (length - len(known))


def _losses_at(variant: Variant, epoch: int) -> dict[str, float | None]:
    train, test = variant.losses.at(epoch)
    return {name: loss if math.isfinite(loss) else None for name, loss in (("train_loss", train), ("test_loss", test))}
