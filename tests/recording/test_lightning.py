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


def trained(folder: Path, *callbacks: Any) -> dict[str, torch.Tensor]:
    class Module(lightning.LightningModule):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = Transformer("by hand")

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
            max_epochs=2,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            default_root_dir=folder,
            callbacks=list(callbacks),
        )
        module = Module()
        trainer.fit(module, loader, loader)
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
