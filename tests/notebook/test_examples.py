"""The examples run from top to bottom, on fewer epochs than a reader would use."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FULL, SHORT = "epochs = 3_000", "epochs = 30"

EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=None, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[1])
"""


def shortened(name: str, folder: Path) -> Path:
    text = (EXAMPLES / name).read_text()
    assert text.count(FULL) == 1
    copy = folder / name
    copy.write_text(text.replace(FULL, SHORT))
    return copy


def run(folder: Path, *command: str) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "JUPYTER_PLATFORM_DIRS": "1"}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def first_imports(name: str) -> list[str]:
    """What an example imports, in the order of its lines."""
    text = (EXAMPLES / name).read_text()
    if name.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return re.findall(r"^\s*(?:import|from) (\w+)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", [path.name for path in EXAMPLES.iterdir() if path.suffix in (".ipynb", ".py")])
def test_headlapse_comes_before_torch(name):
    """So that the threads of torch do not spin."""
    imports = first_imports(name)
    loading_torch = [imports.index(module) for module in ("torch", "transformer_lens") if module in imports]
    assert all(imports.index("headlapse") < place for place in loading_torch) and "headlapse" in imports


def test_the_notebook_runs(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    copy = shortened("attention_heads.ipynb", tmp_path)
    run(tmp_path, "-c", EXECUTE, str(copy))
    done = nbformat.read(copy, as_version=4)
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error"] == []
    kinds = [set(output.get("data", {})) for output in outputs]
    assert sum("image/png" in kind for kind in kinds) >= 9
    assert any("application/vnd.jupyter.widget-view+json" in kind for kind in kinds)


def test_the_marimo_twin_runs(tmp_path):
    pytest.importorskip("marimo")
    copy = shortened("attention_heads_marimo.py", tmp_path)
    run(tmp_path, str(copy))
    assert len(list((tmp_path / "results").glob("*/*/config.json"))) == 2
