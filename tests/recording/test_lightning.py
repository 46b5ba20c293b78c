"""A training by Lightning is recorded and the same as without."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from headlapse.results.integrity import inspect
from tests.recording.loops import opened
from tests.recording.models import POSITIONS, TOKENS, Transformer, tokens

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own
    lightning = pytest.importorskip("lightning", reason="the extra `lightning` is not installed")


def trained(
    folder: Path, *callbacks: Any, epochs: int = 2, dropout: float = 0.1, ckpt: Path | None = None
) -> dict[str, torch.Tensor]:
    """The weights after training in a fixed order. With `ckpt`, which is written at the end, it continues from that file."""

    class Module(lightning.LightningModule):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = Transformer("by hand")
            for layer in self.model.layers:
                layer.dropout.p = dropout

        def training_step(self, batch: Any, _index: int) -> torch.Tensor:
            loss = F.cross_entropy(self.model(batch[0]).flatten(0, 1), batch[0].flatten())
            self.log("own", loss.detach() * 2)
            return loss

        def validation_step(self, batch: Any, _index: int) -> None:
            self.log("val_loss", F.cross_entropy(self.model(batch[0]).flatten(0, 1), batch[0].flatten()))

        def configure_optimizers(self) -> Any:
            return torch.optim.AdamW(self.parameters(), lr=1e-2)

    torch.manual_seed(0)
    data = torch.utils.data.TensorDataset(torch.randint(TOKENS, (24, POSITIONS)))
    loader = torch.utils.data.DataLoader(data, batch_size=4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = lightning.Trainer(
            max_epochs=epochs,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            default_root_dir=folder,
            callbacks=list(callbacks),
        )
        module = Module()
        trainer.fit(module, loader, loader, ckpt_path=ckpt if ckpt is not None and ckpt.exists() else None)
        if ckpt is not None:
            trainer.save_checkpoint(ckpt)
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def test_it_is_recorded_and_the_same(tmp_path: Path) -> None:
    from headlapse.recording.lightning import LightningRecorder

    plain = trained(tmp_path / "plain")
    callback = LightningRecorder("lightning", tokens(), model="model", results=tmp_path, schedule=5)
    recorded = trained(tmp_path / "recorded", callback)
    later = SimpleNamespace(sanity_checking=False, callback_metrics={"val_loss": 9.0})
    callback.on_validation_end(later, None)  # a validation after the training
    assert all(torch.equal(tensor, recorded[name]) for name, tensor in plain.items())
    run = opened(tmp_path, "lightning")
    assert run.epochs == [0, 5, 10, 12] and inspect(run) == []
    assert run.scalars["train_loss"].epochs.tolist() == list(range(12))
    assert run.scalars["test_loss"].epochs.tolist() == [6, 12] and "own" in run.scalars


def test_a_training_that_continues_between_epochs_gives_the_same_patterns(tmp_path: Path) -> None:
    from headlapse.recording.lightning import LightningRecorder

    def recorder(name: str) -> LightningRecorder:
        return LightningRecorder(name, tokens(), model="model", results=tmp_path, schedule=4, analyze=False)

    trained(tmp_path, recorder("at_once"), epochs=3, dropout=0)
    for epochs in (2, 3):
        trained(tmp_path, recorder("twice"), epochs=epochs, dropout=0, ckpt=tmp_path / "last.ckpt")
    one, other = opened(tmp_path, "at_once"), opened(tmp_path, "twice")
    assert one.epochs == other.epochs == [0, 4, 8, 12, 16, 18]
    for epoch in one.epochs:
        assert (one.patterns(epoch) == other.patterns(epoch)).all()


def test_a_training_that_continues_is_the_same_without_a_recorder(tmp_path: Path) -> None:
    from headlapse.recording.lightning import LightningRecorder

    def twice(name: str, *callbacks: Any) -> dict[str, torch.Tensor]:
        trained(tmp_path, *callbacks, ckpt=tmp_path / name)
        return trained(tmp_path, *callbacks, epochs=3, ckpt=tmp_path / name)

    plain = twice("plain.ckpt")
    recorded = twice("recorded.ckpt", LightningRecorder("mine", tokens(), model="model", results=tmp_path, schedule=5))
    assert all(torch.equal(tensor, recorded[name]) for name, tensor in plain.items())


def test_a_training_that_fails_ends_its_recording(tmp_path: Path) -> None:
    from headlapse.recording.lightning import LightningRecorder

    class Failing(lightning.Callback):  # type: ignore[name-defined, misc]
        def on_train_batch_end(self, trainer: Any, *others: Any) -> None:
            if trainer.global_step == 7:
                raise ValueError("of its own")

    def recorder() -> LightningRecorder:
        return LightningRecorder("mine", tokens(), model="model", results=tmp_path, schedule=5, resume=True)

    first = recorder()
    with pytest.raises(ValueError, match="of its own"):
        trained(tmp_path, first, Failing())
    run = opened(tmp_path, "mine")
    assert run.state == "failed" and run.epochs == [0, 5]
    trained(tmp_path, recorder())
    assert opened(tmp_path, "mine").epochs == [0, 5, 10, 12]
