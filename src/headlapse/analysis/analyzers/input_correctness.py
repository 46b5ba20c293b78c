"""Which inputs a model answers correctly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from jaxtyping import Bool, Int

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.library import Cache
from headlapse.analysis.library.parts import TEST, TRAIN, UNKNOWN, parts
from headlapse.errors import InvalidValueError
from headlapse.extras import need
from headlapse.families.tasks import NOT_COUNTED, StreamTask
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout
from headlapse.system.blas_threads import one_torch_thread

if TYPE_CHECKING:
    from headlapse.models.forward import Forward


@dataclass(frozen=True)
class InputCorrectnessAnalyzer:
    """`right[*axes]`, 1 if the largest logit is the right answer, and `part[*axes]`, 0 for training and 1 for test inputs.

    If answers count at several positions, an input is right if all of them are. `part` is -1 if the split is unknown, as for
    an imported run without its `data_seed`. The logits are computed as for the accuracy in training, for train and test inputs
    separately. If each input has one answer, the mean of `right` over one part is the accuracy stated in the checkpoint.

    `right` does not say how sure the model is: near chance, some inputs are right at one epoch and others at the next.
    """

    name: str = "input_correctness"
    version: int = 1
    reads: str = "attention_patterns"
    takes_numpy: ClassVar[bool] = True
    takes_weights: ClassVar[bool] = True

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Any,
        cache: Cache,  # noqa: ARG002 -- part of the analyzer contract
        context: Mapping[str, Any],
    ) -> dict[str, np.ndarray]:
        need("torch")
        import torch

        from headlapse.models.forward import forward_for

        task, settings, weights = context["task"], context["settings"], context["weights"]
        if task is None or weights is None:
            raise InvalidValueError("it needs weights of a model that can be built, and a task with known answers")
        tensors = {name: torch.tensor(array) for name, array in weights.items()}
        tokens, labels = torch.as_tensor(probe), np.asarray(task.labels(settings))
        forward = forward_for(context["model_config"], tensors, tokens, anywhere=isinstance(task, StreamTask))
        part = parts(task, settings, len(labels))
        right = np.zeros(len(labels), dtype=np.uint8)
        with one_torch_thread():
            for rows in (np.flatnonzero(part == which) for which in (UNKNOWN, TRAIN, TEST)):
                if len(rows):
                    right[rows] = _right(forward, tensors, tokens[rows], labels[rows])
        shape = [axis.size for axis in context["axes"]]
        return {"right": right.reshape(shape), "part": part.reshape(shape)}

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        return {"right": ArrayRule(run.axes, "uint8", high=1), "part": ArrayRule(run.axes, "int8", low=-1, high=1)}


def _right(
    forward: Forward, weights: Mapping[str, Any], tokens: Any, labels: Int[np.ndarray, "inputs ..."]
) -> Bool[np.ndarray, " inputs"]:
    """Whether each input is answered correctly at every position that counts."""
    import torch

    from headlapse.models.layered import Counted

    with torch.no_grad():
        if labels.ndim == 1:
            right: np.ndarray = forward.logits(weights, forward.prepare(tokens)).argmax(dim=-1).numpy() == labels
            return right
        counted = labels != NOT_COUNTED
        answers = forward.logits(weights, Counted(tokens, torch.as_tensor(counted))).argmax(dim=-1).numpy()
    right = np.ones(labels.shape, dtype=bool)
    right[counted] = answers == labels[counted]
    return np.asarray(right.all(axis=1))


AnalyzerRegistry.register(InputCorrectnessAnalyzer())
