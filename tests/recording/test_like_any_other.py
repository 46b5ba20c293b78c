"""A recorded run is listed, watched while it grows, analysed by a job, drawn, exported and scrubbed like any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import headlapse
from headlapse.analysis import AnalysisPipeline
from headlapse.cli.app import build_app
from headlapse.dashboard.routes.variants import describe
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.export import export_view
from headlapse.jobs import AnalyzeRequest, JobQueue
from headlapse.results.integrity import inspect
from headlapse.visualization.scalar_curves import curves
from headlapse.visualization.theme import SCALARS
from headlapse.workbench import FamilyRegistry
from tests.recording.loops import opened, train
from tests.recording.models import POSITIONS, tokens, transformer
from tests.waiting import until

AXES = {"a": 3, "b": 2}
PROBE = tokens(rows=6)


def record(results: Path, **options: Any) -> Any:
    kind = transformer("function")
    recorder = headlapse.record(kind.model, "mine", PROBE, axes=AXES, results=results, schedule=2, **options)
    return kind.model, recorder


def run(*arguments: str) -> int:
    try:
        return build_app()(list(arguments), standalone_mode=False) or 0
    except SystemExit as ending:
        return int(ending.code or 0)


def test_the_page_follows_it_while_it_grows(tmp_path: Path) -> None:
    model, recorder = record(tmp_path)
    variants = VariantIndex(tmp_path, FamilyRegistry())
    (entry,) = variants.entries()
    assert (entry.id, entry.state, entry.checkpoints) == ("recorded/mine", "training", 1)
    train(model, range(4), recorder)
    told = describe(variants.variant("recorded", "mine"))
    assert told["state"] == "training" and told["epochs"] == [0, 2, 4] and told["losses"] == 4
    assert told["panels"][0]["epochs"] == [0, 2, 4] and told["unanalysed"] == ["attention_entropy"]
    (curve,) = curves(variants.variant("recorded", "mine"))
    assert curve == {"color": SCALARS[0], "name": "grad norm", "epochs": [1, 2, 3, 4], "values": [0, 1, 2, 3]}
    recorder.finish()
    told = describe(variants.variant("recorded", "mine"))
    assert told["state"] == "analysed" and told["unanalysed"] == [] and told["grokked_at"] is None
    assert not [panel for panel in told["panels"] if "problem" in panel]
    assert json.loads(json.dumps(told)) == told


def test_a_recording_whose_process_died_is_said_to_have_failed(tmp_path: Path) -> None:
    _, recorder = record(tmp_path)
    recorder.files.close()  # as the system does
    assert opened(tmp_path).state == "failed" and inspect(opened(tmp_path)) == []


def test_a_job_analyses_it(tmp_path: Path) -> None:
    model, recorder = record(tmp_path, analyze=False)
    train(model, range(2), recorder)
    recorder.finish()
    assert opened(tmp_path).state == "trained"
    queue = JobQueue(tmp_path)
    job = queue.submit(AnalyzeRequest("recorded", "mine", {}))
    until(lambda: not queue.get(job.name).is_alive, lambda: queue.log(job.name))
    for waiting in queue._waiting:
        waiting.join()
    assert queue.get(job.name).state == "finished", queue.log(job.name)
    assert opened(tmp_path).state == "analysed"


def test_commands_exports_and_the_notebook_take_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, recorder = record(tmp_path / "results", position_labels=list("vwxyz"))
    train(model, range(4), recorder)
    recorder.finish()
    results = ["--results", str(tmp_path / "results")]
    assert run("list", *results) == run("check", "--all", *results) == run("analyze", "mine", *results) == 0
    assert run("lock-in", "mine", *results) == 0
    told = capsys.readouterr().out
    assert "1 checked, 0 with problems" in told and "nothing to do: all" in told and "mine" in told
    variant = opened(tmp_path / "results")
    for ending in (".png", ".svg", ".gif", ".html"):
        assert export_view(variant, tmp_path / f"heads{ending}").stat().st_size > 500
    assert export_view(variant, tmp_path / "entropy.png", view="attention_entropy_grid", epochs=4).exists()
    assert "iframe" in headlapse.scrub(variant, widget=False)._repr_html_()
    assert "image/png" in variant.at(2).view(to_position=-1, from_position=1)._repr_mimebundle_()
    assert variant.at(4).patterns.shape == (6, POSITIONS, POSITIONS, 3, 2)


def test_of_several_processes_the_first_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 1)
    model, recorder = record(tmp_path)
    with recorder:
        train(model, range(3), recorder)
        recorder.log(3, loss=1.0)
        recorder.capture()
    assert str(recorder) == "not recorded in this process" and list(tmp_path.iterdir()) == []
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 0)
    record(tmp_path)[1].finish()
    assert not AnalysisPipeline(opened(tmp_path)).run().failed
