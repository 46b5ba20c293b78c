"""How each source numbers its checkpoints and its losses.

An imported epoch keeps the number N of its source. Sources differ in which entry of the lists was computed from those weights.
If the split is known, the losses are computed from the weights, so that a wrong convention is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass

from headlapse.importing.loss_names import Part
from headlapse.importing.sources import Source


@dataclass(frozen=True)
class Convention:
    """The losses of weights N are `train_losses[N + train]` and `test_losses[N + test]`."""

    title: str
    train: int
    test: int

    def entry(self, part: Part, epoch: int) -> int:
        """The entry of a list of losses that was computed from the weights of `epoch`; negative if there is none."""
        return epoch + (self.train if part == "train" else self.test)


# the earlier public workbench, the public grokking demo, and most loops: weights N are saved at the end of iteration N, which
# computes the train loss, steps, then computes the test loss
LOOP_TURN = Convention("weights N are saved at the end of loop turn N", train=1, test=0)
# the code of the progress measures paper: iteration N computes both losses, steps, then saves weights N
BEFORE_STEP = Convention("both losses of loop turn N are computed before its step, weights N saved after it", train=1, test=1)
# this program: weights N are those after N steps; train_losses[e] is computed before step e, test_losses[e] after it
STEPS_DONE = Convention("weights N are those after N steps", train=0, test=-1)


def convention_of(source: Source) -> Convention:
    """The convention of the program that wrote `source`."""
    if source.is_own:
        return STEPS_DONE
    return BEFORE_STEP if source.states[0].layout.name == "progress_measures" else LOOP_TURN
