"""Does this head matter? Loss and answers over all inputs with one head replaced, at one checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from jaxtyping import Bool

from headlapse import checks
from headlapse.errors import InvalidValueError, OutOfRangeError
from headlapse.extras import need
from headlapse.families.tasks import NOT_COUNTED
from headlapse.results.discovery import check_run
from headlapse.results.run import Run

if TYPE_CHECKING:
    from torch import Tensor

    from headlapse.models.config import ModelConfig
    from headlapse.models.layered import Counted, LayeredForward

Kind = Literal["zero", "mean", "uniform", "epoch"]


@dataclass(frozen=True)
class Answers:
    """Over all inputs of the probe: mean loss in nats, share of right answers, and which inputs are right, `(*axes)`.

    Where answers count at several positions, loss and accuracy are over all of them, and an input is right if they all are.
    """

    loss: float
    accuracy: float
    right: Bool[np.ndarray, "*axes"]


def intact(run: Run, epoch: int) -> Answers:
    """The answers of the checkpoint as it is, in float64. Raises as `ablate` does."""
    from headlapse.models.layered import LayeredForward

    return _answers(run, epoch, LayeredForward(_model(run)))


def ablate(run: Run, epoch: int, head: int, kind: Kind = "zero", from_epoch: int | None = None) -> Answers:
    """The answers of the checkpoint with one head replaced, in float64; `head` counts heads of all layers, from 0.

    `kind`: "zero" (the head writes nothing), "mean" (at each position what it writes on average over all inputs), "uniform" (it
    attends evenly to all positions it sees) or "epoch" (it attends as it does at `from_epoch`, which must be analysed).
    "zero" takes away also what the head always writes, to which later layers are used; "mean" leaves that.

    Raises `InvalidValueError` for another kind and for models with normalization or without weights, `OutOfRangeError` for
    another head, a `FileStateError` where the checkpoint or the patterns of `from_epoch` are missing.
    """
    config = _model(run)
    checks.one_of("kind", kind, get_args(Kind))
    if not 0 <= checks.whole("head", head) < config.n_layers * config.n_heads:
        raise OutOfRangeError(f"head {head} is out of range; valid: 0 to {config.n_layers * config.n_heads - 1}")
    if (kind == "epoch") != (from_epoch is not None):
        raise InvalidValueError(f"from_epoch goes with kind 'epoch' and no other; got kind {kind!r}, from_epoch {from_epoch}")
    from headlapse.models.ablated import AblatedForward

    layer, place = divmod(head, config.n_heads)
    pattern = None if from_epoch is None else _pattern(run, from_epoch, head)
    return _answers(run, epoch, AblatedForward(config, layer, place, kind, pattern))


def _model(run: Run) -> ModelConfig:
    check_run(run)
    need("torch")
    from headlapse.models.layered import covers_layers

    if run.model_config is None or run.task is None:
        raise InvalidValueError(
            f"{run.name} has no weights of a model that can be built; heads of other runs cannot be replaced"
        )
    if not covers_layers(run.model_config):
        raise InvalidValueError(f"{run.name} has normalization; heads can be replaced in models without")
    return run.model_config


def _pattern(run: Run, epoch: int, head: int) -> Tensor:
    """`(inputs, to, from)`."""
    import torch

    stored = run.patterns(epoch)[head].astype(np.float64)
    return torch.from_numpy(np.moveaxis(stored.reshape(*stored.shape[:2], -1), -1, 0).copy())


def _answers(run: Run, epoch: int, forward: LayeredForward) -> Answers:
    import torch

    weights = {name: torch.tensor(array).double() for name, array in run.checkpoint(epoch).weights.items()}
    inputs, labels = _questions(run, forward)
    with torch.no_grad():
        logs = forward.logits(weights, inputs).log_softmax(dim=-1)
    losses = -logs.gather(dim=-1, index=labels[:, None])
    is_right = (logs.argmax(dim=-1) == labels).numpy()
    right = np.ones(inputs.tokens.shape, dtype=bool)
    right[inputs.counted.numpy()] = is_right
    by_input = np.asarray(right.all(axis=1)).reshape([axis.size for axis in run.axes])
    return Answers(losses.mean().item(), float(is_right.mean()), by_input)


def _questions(run: Run, forward: LayeredForward) -> tuple[Counted, Tensor]:
    """All inputs, and the right answers that count, one after the other."""
    import torch

    from headlapse.models.layered import Counted

    task: Any = run.task
    tokens, labels = torch.from_numpy(run.probe), torch.as_tensor(task.labels(run.settings))
    if labels.ndim == 1:
        return forward.prepare(tokens), labels
    counted = labels != NOT_COUNTED
    return Counted(tokens, counted), labels[counted]
