"""Sequences of random tokens in which a segment occurs twice: the next token can only be known by looking it up.

A model of two layers that is trained on them forms induction heads. Source of the kind of sequence: Olsson et al., "In-context
Learning and Induction Heads" (2022). The start and length of the segment and the distance to its repeat vary between
sequences: with a fixed distance, a model learns to look back by that distance instead.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Int

from headlapse.families.axes import Axis
from headlapse.families.tasks import NOT_COUNTED, Batch, Settings, Split, TaskRegistry, Vocabulary

POSITIONS = 32
BEFORE, LENGTHS, GAPS = 5, (7, 12), 5  # fewer tokens before; from, to; fewer tokens between
PROBE = 24  # sequences
OF_PROBE, OF_STEPS = 0, 1


class RepeatedSegments:
    """The loss counts at every token of the repeat except the last, where the next token was seen before."""

    name: ClassVar[str] = "repeated_segments"
    needs: ClassVar[tuple[str, ...]] = ("vocabulary", "data_seed", "batch_size")

    def vocabulary(self, settings: Settings) -> Vocabulary:
        tokens = int(settings["vocabulary"])
        return Vocabulary(d_vocab=tokens, d_vocab_out=tokens, n_ctx=POSITIONS)

    def n_inputs(self, settings: Settings) -> int:  # noqa: ARG002 -- part of the contract of a task
        return PROBE

    def axes(self, settings: Settings) -> tuple[Axis]:  # noqa: ARG002 -- part of the contract of a task
        return (Axis("sequence", PROBE),)

    def probe(self, settings: Settings) -> Int[np.ndarray, "inputs positions"]:
        return self._of_probe(settings).tokens

    def labels(self, settings: Settings) -> Int[np.ndarray, "inputs positions"]:
        return self._of_probe(settings).labels

    def split(self, settings: Settings) -> Split:  # noqa: ARG002 -- part of the contract of a task
        """All sequences of the probe are test data; each step trains on a new batch."""
        return Split(train=np.arange(0), test=np.arange(PROBE))

    def batch(self, settings: Settings, step: int) -> Batch:
        generator = np.random.default_rng([int(settings["data_seed"]), OF_STEPS, step])
        return _sequences(generator, int(settings["batch_size"]), int(settings["vocabulary"]))

    def question(self, settings: Settings) -> str:  # noqa: ARG002 -- part of the contract of a task
        return "what follows in the repeat of a segment"

    def notes(self, settings: Settings) -> list[str]:  # noqa: ARG002 -- part of the contract of a task
        return []

    def _of_probe(self, settings: Settings) -> Batch:
        return _sequences(np.random.default_rng([int(settings["data_seed"]), OF_PROBE]), PROBE, int(settings["vocabulary"]))


def _sequences(generator: np.random.Generator, count: int, vocabulary: int) -> Batch:
    tokens = generator.integers(vocabulary, size=(count, POSITIONS))
    start = generator.integers(BEFORE, size=(count, 1))
    length = generator.integers(LENGTHS[0], LENGTHS[1] + 1, size=(count, 1))
    again = start + length + generator.integers(GAPS, size=(count, 1))
    place = np.arange(POSITIONS)
    is_repeat = (place >= again) & (place < again + length)
    source = np.where(is_repeat, place - again + start, place)
    tokens = np.take_along_axis(tokens, source, axis=1)
    following = np.roll(tokens, -1, axis=1)
    return Batch(tokens, np.where(is_repeat & (place < again + length - 1), following, NOT_COUNTED))


TaskRegistry.register(RepeatedSegments())
