"""Upper bounds of the sizes of a variant's files, so that a file that cannot belong to it is refused unread."""

from __future__ import annotations

import math

from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes
from headlapse.storage.atomic import MAX_JSON_BYTES

ANY_FILE = 2**24  # bytes that every file may have, so that the reader of a small wrong file can say what differs
WIDEST = 8  # bytes of a number
ARRAYS_IN_STATE = 4  # per weight: the weight, two moments, and room for one more number
LOSS_IN_TEXT = 2 * 32  # bytes of the two losses of an epoch in metadata.json
INDEX_IN_TEXT = 24  # bytes of the number of an input there


def most_in_checkpoint(model: ModelConfig) -> int:
    """The largest possible checkpoint of such a model, in bytes."""
    return ANY_FILE + WIDEST * sum(math.prod(shape) for shape in weight_shapes(model).values())


def most_in_training_state(model: ModelConfig) -> int:
    """The largest possible training state of such a model, in bytes."""
    return ARRAYS_IN_STATE * most_in_checkpoint(model)


def most_in_metadata(epochs: int, inputs: int) -> int:
    """The largest possible metadata.json of a run of this many epochs and inputs, in bytes."""
    return min(ANY_FILE + LOSS_IN_TEXT * epochs + INDEX_IN_TEXT * inputs, MAX_JSON_BYTES)
