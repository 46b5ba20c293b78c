"""The plain code: as a researcher writes it today with TransformerLens 4 and numpy, on the same weights and inputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from transformer_lens.model_bridge import TransformerBridge

from benchmarks.timing import Work
from headlapse.models.bridge import build_bridge
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import is_bias, to_bridge_layout
from headlapse.workbench import Variant

STEP, TEST, EPOCH = "training step", "test loss", "training epoch, both losses"
PATTERNS, WRITE, READ = "patterns of all p^2 inputs", "write one artifact", "read one artifact"
ANALYSE = "analyse one checkpoint, file to file"


class Plain:
    """A bridge and the two things done with it: train it, and save its attention patterns."""

    def __init__(self, config: ModelConfig, weights: dict[str, Tensor], probe: np.ndarray, labels: np.ndarray) -> None:
        self.model: TransformerBridge = build_bridge(config, weights)
        self.p = config.d_vocab_out
        self.probe, self.labels = torch.as_tensor(probe), torch.as_tensor(labels)
        frozen = {
            self.model.state_dict()[name].data_ptr()
            for name in to_bridge_layout({name: tensor for name, tensor in weights.items() if is_bias(name)})
        }
        for parameter in self.model.parameters():
            parameter.requires_grad_(parameter.data_ptr() not in frozen)
        trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=1.0, betas=(0.9, 0.98))

    def loss(self, rows: Tensor) -> Tensor:
        logits = self.model(self.probe[rows])[:, -1].to(torch.float64)
        log_probabilities = logits.log_softmax(dim=-1)
        return -log_probabilities.gather(dim=-1, index=self.labels[rows, None]).mean()

    def train_step(self, rows: Tensor) -> float:
        loss = self.loss(rows)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()

    @torch.no_grad()
    def test_loss(self, rows: Tensor) -> float:
        return self.loss(rows).item()

    @torch.no_grad()
    def patterns(self) -> np.ndarray:
        _, cache = self.model.run_with_cache(self.probe)
        pattern = cache["pattern", 0]
        _, n_heads, n_to, n_from = pattern.shape
        grid = pattern.reshape(self.p, self.p, n_heads, n_to, n_from).permute(2, 3, 4, 0, 1)
        return grid.contiguous().numpy()

    @classmethod
    def of(cls, variant: Variant, epoch: int) -> Plain:
        """With the weights of a checkpoint."""
        weights = {name: torch.tensor(array) for name, array in variant.checkpoint(epoch).weights.items()}
        task, settings = variant.family.task, variant.settings
        return cls(ModelConfig.of(variant.family, settings), weights, task.probe(settings), task.labels(settings))

    def analyze(self, checkpoint: Path, artifact: Path) -> None:
        """One checkpoint, file in to file out."""
        self.model.load_state_dict(to_bridge_layout(load_file(checkpoint)))
        np.savez_compressed(artifact, patterns=self.patterns())


def plain_works(variant: Variant, epoch: int, folder: Path) -> dict[str, Work]:
    """The plain code of every step, with the weights of a checkpoint."""
    plain = Plain.of(variant, epoch)
    split, patterns = variant.family.task.split(variant.settings), plain.patterns()
    checkpoint, artifact, written = variant.paths.checkpoint(epoch), folder / "plain.npz", folder / "theirs.npz"
    np.savez_compressed(written, patterns=patterns)
    return {
        STEP: lambda: plain.train_step(split.train),
        TEST: lambda: plain.test_loss(split.test),
        EPOCH: lambda: (plain.train_step(split.train), plain.test_loss(split.test)),
        PATTERNS: plain.patterns,
        WRITE: lambda: np.savez_compressed(artifact, patterns=patterns),
        READ: lambda: _load(written),
        ANALYSE: lambda: plain.analyze(checkpoint, artifact),
    }


def _load(path: Path) -> np.ndarray:
    with np.load(path, allow_pickle=False) as arrays:
        patterns: np.ndarray = arrays["patterns"]
    return patterns
