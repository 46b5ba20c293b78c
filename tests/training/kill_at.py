"""Train a small variant in this process and die by SIGKILL at an epoch, as a crash would have it."""

from __future__ import annotations

import json
import os
import signal

import headlapse
from headlapse.families.spec import parse_family_spec
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily


class Dying(Silent):
    def __init__(self, at: int) -> None:
        self.at = at

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        if epoch == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def main(results: str, epoch: int) -> None:
    packaged = headlapse.load_family("modulo_addition_1layer")
    content = json.loads(packaged.path.read_text())
    content["architecture"] |= {"n_heads": 2, "d_model": 16, "d_head": 8, "d_mlp": 32}
    family = ModelFamily(parse_family_spec(content, packaged.path), packaged.path)
    variant = family.variant(results=results, prime=7, train_fraction=0.6)
    variant.train(epochs=50, checkpoint_every=10, analyze=False, progress=Dying(epoch))
