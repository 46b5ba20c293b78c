"""A callback for `transformers.Trainer`; needs the extra `transformers`."""

from __future__ import annotations

from typing import Any

from headlapse.extras import missing

try:
    from transformers import TrainerCallback
except ModuleNotFoundError:
    raise missing("transformers") from None

from headlapse.recording.recorder import Recorder
from headlapse.recording.start import record

NAMES = {"loss": "train_loss", "eval_loss": "test_loss", "eval_accuracy": "test_accuracy"}


class TrainerRecorder(TrainerCallback):  # type: ignore[misc]
    """Records the training as `headlapse.record(model, name, probe, **options)` does; epochs are optimizer steps.

    A training that continues from a checkpoint (`resume_from_checkpoint`) resumes its recording.
    """

    def __init__(self, name: str, probe: Any, **options: Any) -> None:
        self._name, self._probe, self._options = name, probe, options
        self.recorder: Recorder | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **others: Any) -> None:  # noqa: ARG002
        """Start the recording on the main process, or continue it."""
        if self.recorder is not None:  # the Trainer tells its callbacks of no error
            self.recorder.stop("the training ended early, and began again")
        if state.is_world_process_zero:
            options = {"resume": state.global_step > 0, "epoch": state.global_step, **self._options}
            self.recorder = record(model, self._name, self._probe, **options)

    def on_step_end(self, args: Any, state: Any, control: Any, **others: Any) -> None:  # noqa: ARG002
        """Record an optimizer step."""
        if self.recorder is not None:
            self.recorder.step(epoch=state.global_step)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **others: Any) -> None:  # noqa: ARG002
        """Record the values that the Trainer logs, under their names."""
        is_summary = "train_runtime" in (logs or {})  # of the whole training
        if self.recorder is not None and not self.recorder.is_over and not is_summary:
            numbers = {NAMES.get(name, name): value for name, value in (logs or {}).items() if name != "epoch"}
            self.recorder.log(state.global_step, **numbers)

    def on_train_end(self, args: Any, state: Any, control: Any, **others: Any) -> None:  # noqa: ARG002
        """Capture the last epoch and finish."""
        if self.recorder is not None:
            self.recorder.finish()
