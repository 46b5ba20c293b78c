"""Write imported states as a variant, and evaluate each on all inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import torch
from torch import Tensor

from headlapse.importing.conventions import convention_of
from headlapse.importing.conversion import convert, weight_names
from headlapse.importing.loss_names import Part
from headlapse.importing.losses import losses_of
from headlapse.importing.measuring import Questions
from headlapse.importing.placing import Placed, place
from headlapse.importing.settings import stated_epochs
from headlapse.importing.shapes import complete
from headlapse.importing.sources import Source, State
from headlapse.models.config import ModelConfig
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.losses import append_losses
from headlapse.results.records import write_config, write_metadata, write_status
from headlapse.version import installed_version
from headlapse.workbench import Variant

MOST_PADDED = 10_000_000  # limit of epochs without a loss that fill a journal up to the last checkpoint
Progress = Callable[[int, int, int], None]  # is called with (done, total, epoch)
Losses = Mapping[int, Mapping[str, float | None]]


@dataclass(frozen=True)
class Written:
    """The variant on disk, its `accuracy` by epoch over all inputs, and lines about inferences and contradictions."""

    variant: Variant
    accuracy: Mapping[int, float]
    notes: tuple[str, ...]


def write_variant(
    variant: Variant, source: Source, n_heads: int, every: Fraction | None = None, progress: Progress | None = None
) -> Written:
    """Write the whole variant. `every` is the number of epochs between two losses, if the source does not state it."""
    questions = Questions(variant, source.records)
    epochs = [state.epoch for state in source.states]
    placed, notes = place(source.records.series, epochs, every, stated_epochs(source.facts))
    answers = {state.epoch: questions.ask(_weights(variant, state, n_heads)) for state in source.states}
    found = losses_of(source.states, answers, placed, convention_of(source))
    for done, state in enumerate(source.states, start=1):
        record = {**answers[state.epoch], **found.losses[state.epoch]}
        arrays = {name: tensor.numpy() for name, tensor in _weights(variant, state, n_heads).items()}
        write_checkpoint(variant.paths.checkpoint(state.epoch), arrays, variant.identity(state.epoch), record)
        if progress is not None:
            progress(done, len(source.states), state.epoch)
    written = _with_losses(variant, found.losses)
    _write_records(written, questions, placed, found.losses)
    accuracy = {epoch: answer["accuracy"] for epoch, answer in answers.items()}
    return Written(written, accuracy, (*notes, *questions.notes, *found.notes))


def _weights(variant: Variant, state: State, n_heads: int) -> dict[str, Tensor]:
    converted, _ = convert(state, weight_names(variant.family), n_heads)
    return complete(converted, ModelConfig.of(variant.family, variant.settings, variant.shape), state.path)


def _with_losses(variant: Variant, losses: Losses) -> Variant:
    """The variant with the losses of its checkpoints in the origin stated by its config.json."""
    assert variant.import_source is not None
    pairs = {str(epoch): (found["train_loss"], found["test_loss"]) for epoch, found in losses.items()}
    return replace(variant, import_source=replace(variant.import_source, losses=pairs))


def _write_records(variant: Variant, questions: Questions, placed: Placed, losses: Losses) -> None:
    last = max(losses)
    _write_journal(variant, placed, last)
    write_config(variant, {}, {"headlapse": installed_version(), "torch": torch.__version__})
    write_metadata(variant, {f"{part}_indices": rows for part, rows in questions.rows.items()})
    write_status(variant, {"state": "imported", "epoch": last, "epochs": last, **losses[last]})


def _write_journal(variant: Variant, placed: Placed, last: int) -> None:
    """Write the losses as the source lists them, NaN if unknown; without any, no journal is written."""
    lists = {part: placed[part].tolist() for part in placed if len(placed[part])}
    if lists:
        length = max(*(len(losses) for losses in lists.values()), last if last <= MOST_PADDED else 0)
        train, test = (_padded(lists, part, length) for part in ("train", "test"))
        append_losses(variant.paths.losses, 0, train, test)


def _padded(lists: Mapping[Part, list[float]], part: Part, length: int) -> list[float]:
    losses = lists.get(part, [])
    return losses + [math.nan] * (length - len(losses))
