"""Whatever can be named by a user is named in the documentation, and every picture and link there exists."""

from __future__ import annotations

import json
import re
import struct
import tomllib
from pathlib import Path

import pytest

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.cli.app import _command_names
from headlapse.families.spec import ArchitectureSpec, FamilySpec, ParameterSpec, ScheduleSpec, TrainingSpec
from headlapse.importing.discovery import find_units
from headlapse.importing.epoch_names import WORDS
from headlapse.importing.layouts import LayoutRegistry
from headlapse.importing.loss_names import EPOCH_KEYS
from headlapse.importing.naming import default_name
from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.states import WRAPPERS
from headlapse.sweep.file import read_sweep_file
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
DOCUMENTATION = "\n".join(page.read_text() for page in PAGES)


@pytest.mark.parametrize("name", _command_names())
def test_every_verb_is_documented(name: str) -> None:
    assert re.search(rf"headlapse {name.replace('_', '-')}\b|make {name}\b", DOCUMENTATION)


@pytest.mark.parametrize("name", [*AnalyzerRegistry.names(), *ViewRegistry.names()])
def test_every_analyzer_and_view_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENTATION


def test_every_key_of_a_family_is_documented() -> None:
    parts = (FamilySpec, ArchitectureSpec, TrainingSpec, ScheduleSpec, ParameterSpec)
    keys = {key for part in parts for key in part.model_fields}
    page = (ROOT / "docs" / "families.md").read_text()
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []


def test_everything_that_an_import_reads_is_documented() -> None:
    page = (ROOT / "docs" / "import.md").read_text()
    in_code = [*LayoutRegistry.names(), *WRAPPERS, *EPOCH_KEYS]
    words = [word for word in WORDS if not word.endswith("s")]
    assert [name for name in in_code if f"`{name}`" not in page] == []
    assert [word for word in words if not re.search(rf"\b{word}\b", page)] == []
    formats = {"numpy_array": "numpy.save", "numpy_zip": "numpy.savez", "safetensors": "safetensors"}
    formats |= {"torch_legacy": "torch.save before torch 1.6", "torch_zip": "torch.save, as a zip"}
    assert [name for name in FormatRegistry.names() if formats[name] not in page] == []


def test_an_import_gives_the_name_that_the_page_analyses(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "import.md").read_text()
    ((folder, name),) = re.findall(r"^    headlapse import (\w+)/ .*\n    headlapse analyze (\w+)", page, re.MULTILINE)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "checkpoint_epoch_00100.safetensors").touch()
    (unit,) = find_units([tmp_path / folder])
    assert default_name(unit.name) == name


def test_every_extra_and_make_target_that_a_page_names_exists() -> None:
    extras = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    named = re.findall(r"(?:headlapse|\.)\[([a-z,]+)\]", DOCUMENTATION)
    assert {extra for names in named for extra in names.split(",")} <= extras
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    lines = re.findall(r"^    make ([a-z-]+)|`make ([a-z -]+?)[`A-Z]", DOCUMENTATION, re.MULTILINE)
    assert {target for line in lines for words in line for target in words.split()} <= targets


def test_the_sweep_file_of_the_page_can_be_read(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```", (ROOT / "docs" / "sweeps.md").read_text(), re.DOTALL | re.MULTILINE)
    (tmp_path / "sweep.toml").write_text(block)
    sweep = read_sweep_file(tmp_path / "sweep.toml")
    assert sweep.family == "modulo_addition_1layer"
    assert sweep.grid == {"seed": "0..63", "weight_decay": [0, 0.5, 1]}
    assert sweep.set == {"prime": 31, "train_fraction": 0.6, "epochs": 5000}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", page.read_text())]
    local = [target for target in targets if target and not target.startswith("http")]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", ["reliability.md", "import.md"])
def test_every_test_named_in_the_promises_exists(page: str) -> None:
    """`tests/x/test_y.py::test_z` in full, `…/test_y.py::test_z`, or `…::test_z` of the file named before it."""
    path = ROOT
    for file, name in re.findall(r"`([^`\s]*)::(test_\w+)`", (ROOT / "docs" / page).read_text()):
        if file.startswith("…/"):
            (path,) = (ROOT / "tests").rglob(file.removeprefix("…/"))
        elif file != "…":
            path = ROOT / file
        assert f"def {name}(" in path.read_text(), f"{path} has no {name}"


def test_every_key_of_a_record_is_in_the_specification_of_formats(trained: Variant) -> None:
    page = (ROOT / "docs" / "reference" / "formats.md").read_text()
    paths = trained.paths
    keys = {key for path in (paths.config, paths.metadata, paths.status) for key in json.loads(path.read_text())}
    keys |= {"origin", "layout", "labels", "capture"}  # of imports and recordings
    keys -= {"train_loss", "test_loss"}  # "the newest losses"
    assert [key for key in sorted(keys) if not re.search(rf"`{key}[`\[]", page)] == []


def test_journals_are_as_the_specification_says(trained: Variant) -> None:
    page = (ROOT / "docs" / "reference" / "formats.md").read_text()
    (formula,) = re.findall(r"^ +(\(first .*\)) mod 2\*\*64$", page, re.MULTILINE)
    records = list(struct.iter_unpack("<QQQ", trained.paths.losses.read_bytes()))
    assert len(records) == 60
    for i, (first, second, check) in enumerate(records):
        assert eval(formula, {"first": first, "second": second, "i": i}) % 2**64 == check
