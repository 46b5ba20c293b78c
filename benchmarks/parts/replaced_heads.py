"""Replaced heads at p = 113 as the page requests them, beside hooks on TransformerLens: one process, in turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, cycle
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

import headlapse
from benchmarks.plain import Plain
from benchmarks.timing import compare
from headlapse.models.layouts import to_bridge_layout
from headlapse.system.cpus import processor, usable_cpus
from headlapse.training.progress import Silent
from headlapse.visualization.replaced_heads import KEPT_ANSWERS, replaced_answers
from headlapse.workbench import Variant

EPOCHS = KEPT_ANSWERS + 2  # more than stay in memory, so that each is loaded again
KINDS = ("zero", "mean", "uniform", "epoch")
Hook = Callable[[Tensor, Any], Tensor]
Losses = tuple[float, float]


@dataclass(frozen=True)
class WithHooks:
    """The plain way: a forward pass over all inputs for the intact model, and one with a hook on the heads."""

    plain: Plain
    variant: Variant

    def load(self, epoch: int) -> None:
        self.plain.model.load_state_dict(to_bridge_layout(load_file(self.variant.paths.checkpoint(epoch))))

    @torch.no_grad()
    def loss(self, head: int | None = None, kind: str = "zero") -> float:
        hooks = [] if head is None else [self._hook(head, kind)]
        logits = self.plain.model.run_with_hooks(self.plain.probe, fwd_hooks=hooks)[:, -1]
        return float(torch.nn.functional.cross_entropy(logits.double(), self.plain.labels))

    def _hook(self, head: int, kind: str) -> tuple[str, Hook]:
        if kind in ("zero", "mean"):
            return "blocks.0.attn.hook_z", lambda z, hook: _other_output(z, head, kind)  # noqa: ARG005
        pattern = torch.ones(3, 3).tril() / torch.arange(1, 4)[:, None]
        if kind == "epoch":
            stored = self.variant.artifacts.load_part("attention_patterns", 0, "patterns", head)
            pattern = torch.tensor(stored).reshape(3, 3, -1).permute(2, 0, 1)
        return "blocks.0.attn.hook_pattern", lambda given, hook: _other_pattern(given, head, pattern)  # noqa: ARG005


def main(folder: Path) -> None:
    """Print the times of both, their ratios, and the difference of their losses."""
    variant = headlapse.load_family("modulo_addition_1layer").variant(results=folder)
    variant.train(EPOCHS, checkpoint_every=1, progress=Silent())
    plain = WithHooks(Plain.of(variant, 0), variant)
    print(f"{processor()}, {usable_cpus()} cores, torch {torch.__version__} with {torch.get_num_threads()} threads; p = 113")
    print(f"{'replaced head':38} {'hooks ms':>9} {'ours ms':>9} {'ratio':>6}")
    ours, theirs = cycle(range(1, EPOCHS)), cycle(range(1, EPOCHS))
    _print("the first at an epoch", lambda: _first(plain, next(theirs)), lambda: _ours(variant, next(ours)))
    choices = _choices()
    _print("another one at this epoch", lambda: plain.loss(1, "mean"), lambda: _ours(variant, EPOCHS, *next(choices)))
    _print("the same again", lambda: plain.loss(1, "mean"), lambda: _ours(variant, EPOCHS, (1,), "mean"))
    plain.load(EPOCHS)
    apart = [abs(plain.loss(2, kind) - _ours(variant, EPOCHS, (2,), kind)[1]) for kind in KINDS]
    print("mean losses differ by " + ", ".join(f"{each:.0e} ({kind})" for each, kind in zip(apart, KINDS, strict=True)))


def _print(words: str, plain: Callable[[], object], ours: Callable[[], object]) -> None:
    row = compare(words, plain, ours, repeats=15)
    print(f"{words:38} {1e3 * row.plain:9.1f} {1e3 * row.ours:9.1f} {row.ratio:6.1f}")


def _choices() -> Iterator[tuple[tuple[int, ...], str]]:
    """Heads and their replacements: more than stay in memory."""
    sets = [heads for count in range(1, 5) for heads in combinations(range(4), count)]
    return cycle((heads, kind) for kind in ("mean", "zero") for heads in sets)


def _first(plain: WithHooks, epoch: int) -> Losses:
    plain.load(epoch)
    return plain.loss(), plain.loss(0)


def _ours(variant: Variant, epoch: int, heads: tuple[int, ...] = (0,), kind: Any = "zero") -> Losses:
    found = replaced_answers(variant, epoch, heads=heads, kind=kind, from_epoch=0 if kind == "epoch" else None)
    intact, replaced = found["mean_loss"].tolist()
    return intact, replaced


def _other_output(z: Tensor, head: int, kind: str) -> Tensor:
    z[:, :, head] = 0 if kind == "zero" else z[:, :, head].mean(dim=0)
    return z


def _other_pattern(given: Tensor, head: int, pattern: Tensor) -> Tensor:
    given[:, head] = pattern
    return given
