"""Jobs of version 0.1.0 are listed with what became of them, and their requests can be sent again."""

from __future__ import annotations

import shutil
from pathlib import Path

import headlapse
from headlapse.jobs import AnalyzeRequest, JobQueue, TrainRequest
from tests.golden.test_v0_1_0 import HERE

RUN = "modulo_addition_1layer_p5_seed8_dseed9_frac0.7"


def test_jobs_are_read(tmp_path: Path) -> None:
    shutil.copytree(HERE / "jobs", tmp_path / "results")
    finished, failed, cancelled = JobQueue(tmp_path / "results").jobs()
    assert [finished.state, failed.state, cancelled.state] == ["finished", "failed", "cancelled"]
    assert finished.request == TrainRequest("modulo_addition_1layer", RUN, finished.request.settings, 20, 10)
    family = headlapse.load_family("modulo_addition_1layer")
    assert family.variant(**finished.request.settings, results=tmp_path).name == RUN
    assert finished.status["train_loss"] == 1.239941697547232 and finished.status["epoch"] == 20
    assert isinstance(failed.request, AnalyzeRequest)
    assert failed.status["error"] == "there is no variant modulo_addition_1layer/no_such_variant any more"
    assert isinstance(cancelled.request, TrainRequest) and cancelled.request.epochs == 2_000_000
    assert cancelled.cancelled == 1795854718.583023
