"""What works without the packages of any extra, and what those say that need one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headlapse.extras import EXTRAS, MissingExtraError, missing, need
from headlapse.workbench import Variant

SOURCE = Path(__file__).parents[1] / "src"
INSTALL = f"install it with: {sys.executable} -m pip install"

CORE_ONLY = f"""
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {list(EXTRAS)}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Gone())
"""
USE = """
import sys
from pathlib import Path
import headlapse
from headlapse.errors import HeadlapseError
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.interventions import ablate, intact

folder = Path(sys.argv[1])
variant = headlapse.load_variant(folder)
patterns = variant.patterns(20)
report = AnalysisPipeline(variant, AnalysisRunConfig(checkpoints=[0, 20], force=True)).run()
assert len(report.computed) >= 4 and not report.failed, report
report = AnalysisPipeline(variant, AnalysisRunConfig(["head_ablation", "head_scores"], [0, 20])).run()
assert len(report.computed) == 4 and not report.failed, report
assert ablate(variant, 20, 1, "epoch", 0).loss != intact(variant, 20).loss
assert (variant.patterns(20) == patterns).all()
assert len(variant.at(20).view("attention_heads_grid").figure().data) == 4
assert "scrubbing page" in repr(headlapse.scrub(variant))

def needs(extra, call):
    try:
        call()
    except HeadlapseError as error:
        assert isinstance(error, ModuleNotFoundError) and f"pip install 'headlapse[{extra}]'" in str(error), error
        assert "\\n" not in str(error), error
    else:
        raise AssertionError(f"needs no {extra}")

def imported(module):
    return lambda: __import__(module)

two_layers = headlapse.load_family("modulo_addition_2layer").variant(prime=5, results=folder.parents[1])
needs("train", variant.train)
needs("train", two_layers.train)
assert len(variant.family.task.split(variant.settings).test) == 20
needs("train", lambda: headlapse.record(None, "run", probe=None))
needs("train", lambda: headlapse.import_checkpoints(folder))
needs("train", lambda: headlapse.import_variants(folder))
needs("train", lambda: headlapse.sweep(variant.family, grid={"seed": [1]}, results=folder.parents[1]))
needs("train", lambda: headlapse.to_bridge(variant, 20))
needs("notebook", lambda: headlapse.scrub(variant, widget=True))
needs("lightning", imported("headlapse.recording.lightning"))
needs("transformers", imported("headlapse.recording.trainer"))
assert not {"torch", "transformer_lens", "ray"} & set(sys.modules)
"""


@pytest.fixture
def core_only(tmp_path: Path) -> dict[str, str]:
    """The environment of a process in which no package of an extra can be imported."""
    (tmp_path / "sitecustomize.py").write_text(CORE_ONLY)
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(SOURCE)])}


def test_the_core_looks_analyses_and_draws_and_every_other_door_names_its_extra(
    core_only: dict[str, str], trained_copy: Variant
) -> None:
    command = [sys.executable, "-c", USE, str(trained_copy.paths.root)]
    done = subprocess.run(command, env=core_only, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["demo"], f"error: torch is not installed; {INSTALL} 'headlapse[train]'"),
        (["train", "modulo_addition_1layer", "--prime", "7"], f"error: torch is not installed; {INSTALL} 'headlapse[train]'"),
        (
            ["sweep", "modulo_addition_1layer", "--grid", "seed=1"],
            f"error: torch is not installed; {INSTALL} 'headlapse[train]'",
        ),
        (["export", "NAME", "--output", "a.mp4"], f"error: imageio_ffmpeg is not installed; {INSTALL} 'headlapse[video]'; or"),
        (
            ["export", "NAME", "--output", "a.svg", "--epoch", "20"],
            f"error: kaleido is not installed; {INSTALL} 'headlapse[vector]'",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_names_its_extra(
    core_only: dict[str, str], trained_copy: Variant, tmp_path: Path, arguments: list[str], line: str
) -> None:
    given = [trained_copy.name if argument == "NAME" else argument for argument in arguments]
    command = [sys.executable, "-m", "headlapse", *given, "--results", str(trained_copy.results)]
    done = subprocess.run(command, env=core_only, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and done.stderr.startswith(line) and len(done.stderr.splitlines()) == 1, done.stderr


def test_an_analysis_names_its_extra_once_for_all_epochs(core_only: dict[str, str], trained_copy: Variant) -> None:
    wanted = ["--analyzer", "input_correctness", "--analyzer", "head_scores"]
    command = [sys.executable, "-m", "headlapse", "analyze", trained_copy.name, *wanted, "--results", str(trained_copy.results)]
    done = subprocess.run(command, env=core_only, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and done.stdout == f"{trained_copy.name}: 4 computed, 0 up to date, 4 failed\n", done.stderr
    assert done.stderr == (
        f"  4 epochs from 0 to 60, input_correctness: torch is not installed; {INSTALL} 'headlapse[train]'\n"
    )


def test_what_needs_nothing_more_is_not_stopped() -> None:
    need("numpy", "torch")
    with pytest.raises(MissingExtraError, match=r"no_such_package is not installed.*no-such-package; or do without"):
        need("no_such_package", otherwise="or do without")
    assert missing("torch.nn").name == "torch.nn"
