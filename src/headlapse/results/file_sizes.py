"""How large the files of a variant can be at most, so that what cannot belong to it is refused before it is read."""

from __future__ import annotations

import math

from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes
from headlapse.storage.atomic import MAX_JSON_BYTES

ANY_FILE = 2**24  # bytes that every file may have: whoever looks at a wrong one then says what differs
WIDEST = 8  # bytes of a number
ARRAYS_IN_STATE = 4  # per weight: itself, two moments, and room for one more
LOSS_IN_TEXT = 2 * 32  # bytes of the two losses of an epoch in metadata.json
INDEX_IN_TEXT = 24  # bytes of the number of an input there


def most_in_checkpoint(model: ModelConfig) -> int:
    """Bytes of a checkpoint of such a model, at most."""
    return ANY_FILE + WIDEST * sum(math.prod(shape) for shape in weight_shapes(model).values())


def most_in_training_state(model: ModelConfig) -> int:
    """Bytes of the state from which training such a model goes on, at most."""
    return ARRAYS_IN_STATE * most_in_checkpoint(model)


def most_in_metadata(epochs: int, inputs: int) -> int:
    """Bytes of the metadata.json of a run of so many epochs over so many inputs, at most."""
    return min(ANY_FILE + LOSS_IN_TEXT * epochs + INDEX_IN_TEXT * inputs, MAX_JSON_BYTES)
