"""A callback for Lightning; needs the extra `lightning`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headlapse.extras import missing

try:
    from lightning.pytorch import Callback
except ModuleNotFoundError:
    raise missing("lightning") from None

from headlapse.recording.recorder import Recorder
from headlapse.recording.start import record

NAMES = {"val_loss": "test_loss", "val_acc": "test_accuracy", "val_accuracy": "test_accuracy"}


class LightningRecorder(Callback):  # type: ignore[misc]
    """Records the training as `headlapse.record(model, name, probe, **options)` does; epochs are optimizer steps.

    Values that the module logs are recorded under their names, `val_loss` as `test_loss`. `model` names the part of the module
    that is called with the probe, by default the module itself. A training that continues from a checkpoint resumes its
    recording.
    """

    def __init__(self, name: str, probe: Any, *, model: str | None = None, **options: Any) -> None:
        self._name, self._probe, self._model, self._options = name, probe, model, options
        self._told = 0
        self.recorder: Recorder | None = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Start the recording with the untrained model, or continue it."""
        self._told = trainer.global_step
        if trainer.is_global_zero:
            model = pl_module if self._model is None else pl_module.get_submodule(self._model)
            options = {"resume": self._told > 0, "epoch": self._told, **self._options}
            self.recorder = record(model, self._name, self._probe, **options)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, *batch: Any) -> None:  # noqa: ARG002
        """Record an optimizer step; a batch that only accumulates gradients does not count."""
        if self.recorder is not None and trainer.global_step > self._told:  # otherwise gradients are still being accumulated
            self._told = trainer.global_step
            loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
            self.recorder.step(epoch=self._told, train_loss=loss)

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002
        """Record the metrics of the validation."""
        if self.recorder is not None and not self.recorder.is_over and not trainer.sanity_checking:
            numbers = {NAMES.get(name, name): value for name, value in trainer.callback_metrics.items()}
            self.recorder.log(self._told, **numbers)

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:  # noqa: ARG002
        """End the recording with the training."""
        if self.recorder is not None:
            self.recorder.stop(exception)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002
        """Capture the last epoch and finish."""
        if self.recorder is not None:
            self.recorder.finish()
