"""An analyzer that does not apply to a run says why, writes nothing, and keeps nothing else from being analysed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.cli import main
from headlapse.dashboard.routes.variants import describe
from headlapse.errors import HeadlapseError
from headlapse.export import draw_view
from headlapse.families.tasks import TaskRegistry
from headlapse.training.progress import Silent
from headlapse.workbench import FamilyRegistry, ModelFamily, Variant
from tests.analysis.test_layers_and_axes import ThreeNumbers
from tests.plug_ins import keep_apart

REASON = "its inputs are not two numbers modulo p, two axes of 0 to p-1, but x of size 2, y of size 3, z of size 4"
BOTH = f"head_frequencies and head_frequency_history do not apply: {REASON}"


@pytest.fixture
def variant(family: ModelFamily, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Variant:
    """A run over three axes, of a family that names the frequencies nevertheless."""
    keep_apart(monkeypatch, TaskRegistry, ThreeNumbers())
    content = json.loads(family.path.read_text()) | {"name": "three", "task": "three_numbers"}
    content |= {"position_labels": ["x", "y", "z", "="]}
    content["architecture"] |= {"n_heads": 2, "d_model": 8, "d_head": 4, "d_mlp": 12}
    path = tmp_path / "families" / "three" / "family.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    made = FamilyRegistry(tmp_path / "families").get("three").variant(prime=2, results=tmp_path / "results")
    return made.train(epochs=2, checkpoint_epochs=[0, 2], progress=Silent())


def test_all_else_is_analysed_and_the_report_says_why(variant: Variant) -> None:
    assert variant.artifacts.get_available_analyzers() == ["attention_entropy", "attention_lock_in", "attention_patterns"]
    assert variant.state == "analysed"
    described = describe(variant)
    assert described["unanalysed"] == [] and described["analysed"] == 2
    report = AnalysisPipeline(variant, AnalysisRunConfig(force=True)).run()
    assert str(report) == f"5 computed, 0 up to date, 0 failed; {BOTH}"
    alone = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=["head_frequencies"])).run()
    assert str(alone) == f"head_frequencies does not apply: {REASON}" and not alone.failed
    with pytest.raises(
        HeadlapseError, match=r"head_frequencies_map does not apply to three_p2.*: its inputs are not two numbers"
    ):
        draw_view(variant, ".png", view="head_frequencies_map")


def test_commands_say_it_in_one_line(variant: Variant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    places = ["--results", str(variant.results), "--families", str(variant.family.path.parents[1])]

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["headlapse", *arguments, *places])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    code, out, _ = run("analyze", variant.name)
    assert (code, out) == (0, f"{variant.name}: nothing to do: all 5 artifacts are up to date; {BOTH}\n")
    code, out, err = run("frequencies", variant.name)
    assert (code, out) == (1, "") and err == f"error: {variant.name}: {BOTH}\n"
    assert not variant.artifacts.get_epochs("head_frequencies")
