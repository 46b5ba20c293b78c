"""Errors of a model's own code, in one line that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from headlapse.errors import HeadlapseError, InvalidValueError, in_one_line
from headlapse.recording.probes import run
from headlapse.system.refusals import is_out_of_memory

LONGER = "the probe is longer than the model's positions, or has tokens outside its vocabulary"
DECODER = "; an encoder with a decoder reads two sequences: give input_ids and decoder_input_ids as a dict, in Python"


class DoesNotRunError(InvalidValueError):
    """A model raised an error on its inputs."""


@contextmanager
def running(model: nn.Module, inputs: Any) -> Iterator[None]:
    """Within the block `model` runs on `inputs`. Raises `DoesNotRunError` for every error of its own; memory may run out."""
    try:
        yield
    except HeadlapseError:
        raise
    except Exception as error:  # a model's code may raise anything
        if is_out_of_memory(error):
            raise
        said = f"{type(error).__name__}: {in_one_line(error)}"
        raise DoesNotRunError(f"the model does not run on the probe: {said}{_reason(model, inputs, error)}") from error


def _reason(model: nn.Module, inputs: Any, error: Exception) -> str:
    """The likely reason: a missing input, or an index out of range, with the embedding that lacks it."""
    reads_two = getattr(getattr(model, "config", None), "is_encoder_decoder", False)
    if reads_two and not (isinstance(inputs, Mapping) and any("decoder" in str(name) for name in inputs)):
        return DECODER
    if not isinstance(error, IndexError) and "out of bounds" not in str(error):
        return ""
    with suppress(Exception), torch.no_grad(), _Lookups(model) as lookups:
        run(model, inputs)
    return f"; {lookups.beyond}{LONGER}"


class _Lookups(TorchFunctionMode):
    """Finds the first lookup in an embedding of a row that it does not have."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.beyond = ""
        self._names = {id(parameter): name for name, parameter in model.named_parameters()}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        if func is F.embedding and len(args) > 1 and not self.beyond:
            self._check(*args[:2])
        return func(*args, **(kwargs or {}))

    def _check(self, rows: Tensor, weight: Tensor) -> None:
        with torch._C.DisableTorchFunction():
            least, most = int(rows.min()), int(rows.max())
        if not 0 <= least <= most < len(weight):
            name = self._names.get(id(weight), "an embedding")
            self.beyond = f"{name} has {len(weight):,} rows and is asked for row {most if least >= 0 else least:,}: "
