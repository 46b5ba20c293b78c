"""A small training loop with dropout, recorded or not, for the tests of recording."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import headlapse
from headlapse.recording import Recorder
from headlapse.workbench import RecordedRun
from tests.recording.models import POSITIONS, TOKENS, Kind, own_patterns

STEPS = 12


def loss_of(model: nn.Module, batch: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(model(batch).flatten(0, 1), batch.flatten())


def train(
    model: nn.Module, steps: range = range(STEPS), recorder: Recorder | None = None, seen: dict | None = None
) -> list[float]:
    """Train with dropout on, batches that torch draws, and whatever `recorder` does after each step."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    model.train()
    losses = []
    for step in steps:
        batch = torch.randint(TOKENS, (4, POSITIONS))
        optimizer.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if recorder is not None:
            recorder.step(step, train_loss=loss, test_loss=loss.item() / 2, **{"grad norm": step})
        if seen is not None:
            seen[step + 1] = copy.deepcopy(model)
    return losses


def record(kind: Kind, results: Path, name: str = "mine", **options: Any) -> Recorder:
    return headlapse.record(kind.model, name, kind.probe, results=results, **{"schedule": 5, **options})


def patterns_of(model: nn.Module, probe: torch.Tensor) -> np.ndarray:
    own = torch.cat(own_patterns(model, probe), dim=1)
    return own.permute(1, 2, 3, 0).numpy()


def opened(results: Path, name: str = "mine") -> RecordedRun:
    return headlapse.load_variant(results / "recorded" / name)  # type: ignore[return-value]
