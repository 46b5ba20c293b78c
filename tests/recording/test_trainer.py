"""A training by `transformers.Trainer` is recorded, resumed, and the same as without."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from headlapse.results.integrity import inspect
from tests.recording.loops import opened

transformers = pytest.importorskip("transformers", reason="the extra `transformers` is not installed")
pytest.importorskip("accelerate", reason="the Trainer needs accelerate: pip install 'headlapse[transformers]'")

WORDS, POSITIONS = 17, 6


def failing(step: int) -> Any:
    from transformers import TrainerCallback

    class Failing(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **others: Any) -> None:
            if state.global_step == step:
                raise RuntimeError("of its own")

    return Failing()


def trained(
    folder: Path, *callbacks: Any, steps: int = 12, resume: bool = False, fails_at: int | None = None
) -> dict[str, torch.Tensor]:
    """The weights after `steps` steps, with dropout, a loss every three steps and a checkpoint every four."""
    from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments

    ends = {"bos_token_id": 1, "eos_token_id": 2}
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(n_layer=2, n_head=2, n_embd=8, vocab_size=WORDS, n_positions=POSITIONS, **ends))
    rows = torch.randint(WORDS, (40, POSITIONS), generator=torch.Generator().manual_seed(1))
    data = [{"input_ids": row, "labels": row} for row in rows]
    arguments = TrainingArguments(
        output_dir=str(folder / "trainer"),
        max_steps=steps,
        per_device_train_batch_size=4,
        logging_steps=3,
        eval_strategy="steps",
        eval_steps=6,
        save_steps=4,
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own
        trainer = Trainer(model, arguments, train_dataset=data, eval_dataset=data[:8], callbacks=list(callbacks))
        if fails_at is not None:
            trainer.add_callback(failing(fails_at))
            with pytest.raises(RuntimeError, match="of its own"):
                trainer.train()
            trainer.callback_handler.callbacks.pop()
        trainer.train(resume_from_checkpoint=resume or None)
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def recorder(folder: Path, **options: Any) -> Any:
    from headlapse.recording.trainer import TrainerRecorder

    probe = {"input_ids": torch.arange(2 * POSITIONS).reshape(2, POSITIONS)}
    return TrainerRecorder("trainer", probe, results=folder, schedule=2, **options)


def test_it_is_recorded_and_the_same(tmp_path: Path) -> None:
    plain = trained(tmp_path / "plain")
    callback = recorder(tmp_path)
    recorded = trained(tmp_path / "recorded", callback)
    callback.on_log(None, SimpleNamespace(global_step=12), None, logs={"eval_loss": 9.0})  # an evaluation after the training
    assert all(torch.equal(tensor, recorded[name]) for name, tensor in plain.items())
    run = opened(tmp_path, "trainer")
    assert run.epochs == list(range(0, 13, 2)) and inspect(run) == [] and run.state == "analysed"
    assert run.scalars["train_loss"].epochs.tolist() == [2, 5, 8, 11]
    assert run.scalars["test_loss"].epochs.tolist() == [6, 12] and run.scalars["test_loss"].at(12) != 9
    assert np.isfinite(run.scalars["test_loss"].values).all() and "learning_rate" in run.scalars


def test_a_training_that_goes_on_from_a_checkpoint_resumes_its_recording(tmp_path: Path) -> None:
    whole = trained(tmp_path / "whole", recorder(tmp_path / "whole"))
    trained(tmp_path / "parts", recorder(tmp_path / "parts"), steps=10)  # its newest checkpoint is that of step 8
    for folder in (tmp_path / "parts" / "trainer").glob("checkpoint-10"):
        folder.rename(folder.with_name("later-10"))
    mended = trained(tmp_path / "parts", recorder(tmp_path / "parts"), resume=True)
    assert whole.keys() == mended.keys()
    run = opened(tmp_path / "parts", "trainer")
    assert run.epochs == list(range(0, 13, 2)) and inspect(run) == []
    assert run.scalars["train_loss"].epochs.tolist()[-1] == 11


def test_a_trainer_that_failed_trains_again_with_the_same_callback(tmp_path: Path) -> None:
    whole = trained(tmp_path / "whole", recorder(tmp_path / "whole"))
    again = trained(tmp_path / "again", recorder(tmp_path / "again"), resume=True, fails_at=7)  # from the checkpoint of step 4
    assert all(torch.equal(tensor, again[name]) for name, tensor in whole.items())
    one, other = opened(tmp_path / "whole", "trainer"), opened(tmp_path / "again", "trainer")
    assert one.epochs == other.epochs == list(range(0, 13, 2)) and inspect(other) == []
    for epoch in one.epochs:
        assert (one.patterns(epoch) == other.patterns(epoch)).all()
