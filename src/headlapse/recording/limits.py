"""Lower bounds of the memory and disk that a recording needs, checked before anything is written."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import nn

from headlapse.errors import InvalidValueError
from headlapse.recording.layers import TIMES, Layer
from headlapse.results.limits import COMPRESSED, gigabytes
from headlapse.results.recorded import RecordedRun
from headlapse.storage.filesystem import free_bytes
from headlapse.system.free_memory import free_memory

LESS = 'take dtype="float16", reduce="mean", fewer layers=, heads= or positions=, or a smaller probe'
FEWEST = 10  # captures that must fit if their number is unknown


def check_fits(run: RecordedRun, found: Sequence[Layer], captures: int | None, model: nn.Module | None, rows: int = 1) -> None:
    """Raise `InvalidValueError` with figures if a capture does not fit into memory, or all captures onto the disk.

    `found` are all attention layers of at least `rows` inputs at once, `captures` is the planned number, and the weights of
    `model` are stored if given.
    """
    patterns = run.layout.pattern_bytes
    of_row = sum(4 * layer.heads * layer.shape.to * layer.shape.from_ for layer in found)
    needed = 2 * patterns + rows * of_row
    free = free_memory()
    layout, inputs = run.layout, math.prod(run.layout.axes)
    size = f"{layout.heads} heads, {layout.n_to} {TIMES} {layout.n_from} positions, {inputs:,} inputs"
    if free is not None and needed > free:
        raise InvalidValueError(
            f"one capture needs {gigabytes(needed)} of memory and {gigabytes(free)} are free ({size}); {LESS}"
        )
    weights = 0 if model is None else sum(tensor.nbytes for tensor in model.state_dict().values() if hasattr(tensor, "nbytes"))
    planned = FEWEST if captures is None else captures + 1
    on_disk = planned * (int(COMPRESSED * patterns) + weights)
    room = free_bytes(run.results)
    if on_disk > room:
        raise InvalidValueError(
            f"{planned:,} captures need at least {gigabytes(on_disk)} and {run.results} has {gigabytes(room)} free "
            f"({size}); {LESS}"
        )
