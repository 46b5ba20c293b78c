"""A researcher, two processes and a bad disk in any order: every epoch is right or in a typed state."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from headlapse.analysis import AnalysisPipeline
from headlapse.errors import BusyError, FileStateError
from headlapse.results.integrity import inspect
from headlapse.storage.lock import locked
from headlapse.training.progress import Silent
from headlapse.training.repair import repair
from headlapse.workbench import Variant
from tests.crash.oracle import FAMILY

NAME = "attention_patterns"
EVERY, MOST = 2, 12


class Crash(BaseException):
    """The process ends here, without a word."""


class CrashAt(Silent):
    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        if epoch == self.epoch:
            raise Crash


def golden() -> tuple[tempfile.TemporaryDirectory[str], Variant]:
    """An undisturbed run of all epochs."""
    folder = tempfile.TemporaryDirectory()
    variant = FAMILY.variant(prime=5, train_fraction=0.6, results=folder.name)
    return folder, variant.train(epochs=MOST, checkpoint_every=EVERY, progress=Silent())


class Researcher(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.golden_folder, self.golden = golden()
        self.folder = tempfile.mkdtemp()
        self.variant = FAMILY.variant(prime=5, train_fraction=0.6, results=self.folder)
        self.damaged: set[Path] = set()

    def teardown(self) -> None:
        self.golden_folder.cleanup()
        shutil.rmtree(self.folder)

    def _train(self, epochs: int, analyze: bool, progress: Silent) -> None:
        try:
            self.variant.train(epochs=epochs, checkpoint_every=EVERY, analyze=analyze, progress=progress)
        except FileStateError as error:
            assert error.path in self.damaged, error

    @rule(steps=st.integers(1, 4), analyze=st.booleans())
    def train(self, steps: int, analyze: bool) -> None:
        reached = max([0, *self.variant.epochs])
        self._train(min(MOST, reached + steps * EVERY), analyze, Silent())

    @rule(at=st.integers(1, MOST), analyze=st.booleans())
    def crash(self, at: int, analyze: bool) -> None:
        try:
            self._train(MOST, analyze, CrashAt(at))
        except Crash:
            assert self.variant.state in ("failed", "training")

    @rule()
    def analyze(self) -> None:
        AnalysisPipeline(self.variant).run()
        self.damaged -= {path for path in self.damaged if path.suffix == ".npz" and not self._cannot_be_made(path)}

    @precondition(lambda self: self.variant.paths.root.exists())
    @rule(data=st.data())
    def damage(self, data: st.DataObject) -> None:
        paths = self.variant.paths
        files = sorted({*paths.checkpoints.glob("*.safetensors"), *paths.artifacts.root.rglob("*.npz")})
        files += [path for path in (paths.losses, paths.status, paths.metadata) if path.exists() and path.stat().st_size]
        if files:
            path = data.draw(st.sampled_from(files))
            content = bytearray(path.read_bytes())
            content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
            path.write_bytes(bytes(content))
            self.damaged.add(path)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        files = sorted(self.variant.artifacts_dir.rglob("*.npz"))
        if files:
            data.draw(st.sampled_from(files)).unlink()

    @precondition(lambda self: self.variant.paths.config.exists())
    @rule()
    def second_process(self) -> None:
        with locked(self.variant.paths.lock, "train"):
            try:
                with locked(self.variant.paths.lock, "analyze"):
                    raise AssertionError("two hold the lock")
            except BusyError as error:
                assert "busy (train" in str(error)

    @precondition(lambda self: self.variant.paths.training_state.exists())
    @rule()
    def repair(self) -> None:
        repair(self.variant)
        left = inspect(self.variant)
        assert all(self._cannot_be_made(finding.path) for finding in left), left

    def _cannot_be_made(self, path: Path) -> bool:
        """Weights, and what is made from weights, where the weights are damaged."""
        epoch = int(path.stem.rpartition("_")[2]) if path.stem[-1].isdigit() else 0
        return self.variant.paths.checkpoint(epoch) in self.damaged

    @invariant()
    def every_epoch_is_right_or_in_a_typed_state(self) -> None:
        if not hasattr(self, "variant"):
            return
        for epoch in self.variant.epochs:
            path = self.variant.paths.checkpoint(epoch)
            try:
                assert self.variant.checkpoint(epoch).sha256 == self.golden.checkpoint(epoch).sha256
            except FileStateError as error:
                assert path in self.damaged and error.path == path and error.state == "corrupt"
        for epoch in self.variant.artifacts.get_epochs(NAME):
            try:
                found = self.variant.artifacts.load_epoch(NAME, epoch)["patterns"]
                assert np.array_equal(found, self.golden.artifacts.load_epoch(NAME, epoch)["patterns"])
            except FileStateError as error:
                assert error.state in ("corrupt", "stale", "incompatible") and self.damaged
        self._check_losses()

    def _check_losses(self) -> None:
        try:
            losses = self.variant.losses
        except FileStateError as error:
            assert error.path in self.damaged
            return
        for found, right in ((losses.train, self.golden.losses.train), (losses.test, self.golden.losses.test)):
            known = ~np.isnan(found)
            assert np.array_equal(found[known], right[: len(found)][known])


TestResearcher = Researcher.TestCase
TestResearcher.settings = settings(max_examples=10, stateful_step_count=10, derandomize=True, deadline=None)
