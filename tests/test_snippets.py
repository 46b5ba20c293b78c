"""The code in README, CONTRIBUTING and docs runs as printed, on fewer epochs and seeds, in the order of the pages.

`test_recipe.py` carries out the analyzer with its view and `test_task_recipe.py` the task; `test_storage_page.py` and
`recording/test_examples.py` run the rest.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
import typer

import headlapse
from headlapse.cli.app import build_app

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
ELSEWHERE = {
    "# src/headlapse/": "tests/test_recipe.py",
    "# families/larger_number/task.py": "tests/test_task_recipe.py",
    "from headlapse.recording.trainer": "tests/recording/test_examples.py",
    "from headlapse.recording.lightning": "tests/recording/test_examples.py",
}
FEWER = {  # what a reader trains, and what the test trains
    "1_500": "100",
    "01500": "00100",
    "first=500": "first=0",
    "epochs=5_000": "epochs=5",
    "range(64)": "range(1)",
    "[0, 0.5, 1]": "[0.5]",
}
RUN = ("README.md", "notebook.md", "export.md", "import.md", "recording.md", "tutorial.md", "sweeps.md")


def blocks(page: Path) -> list[str]:
    """The Python of a page, without what another test runs."""
    found = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    return [block for block in found if not any(start in block for start in ELSEWHERE)]


def commands() -> Iterator[tuple[str, str]]:
    """Every line of a page that calls the command, continued lines joined; not the form of a call with [choices]."""
    for page in PAGES:
        text = re.sub(r" *\\\n *", " ", page.read_text())
        for line in re.findall(r"^(?:    |\t)(headlapse .*)$", text, re.MULTILINE):
            if "[" not in line:
                yield page.name, line.split(" && ")[0].replace('"$port"', "8050")


def names_for_recordings() -> dict[str, Any]:
    """What the pages leave to the reader: a model, its batches, an optimizer."""
    import torch

    class Small(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed, self.attention = torch.nn.Embedding(5, 8), torch.nn.MultiheadAttention(8, 2, batch_first=True)

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            read = self.embed(tokens)
            return self.attention(read, read, read, need_weights=False)[0]

    model = Small()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def loss_of(model: Small, batch: torch.Tensor) -> torch.Tensor:
        return model(batch).square().mean()

    def train_step(model: Small, batch: torch.Tensor) -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()
        optimizer.step()
        return loss

    tokens = torch.tensor([[0, 1, 4], [2, 3, 4]])
    names = {"model": model, "tokens": tokens, "batches": [tokens] * 3, "optimizer": optimizer, "test_loss": 0.5}
    scheduler = torch.optim.lr_scheduler.ConstantLR(optimizer)
    return names | {"loss_of": loss_of, "train_step": train_step, "scheduler": scheduler}


def shortened(block: str, name: str) -> str:
    """`block` on fewer epochs and seeds; it records under a name of its own, which no other block has taken."""
    for printed, used in FEWER.items():
        block = block.replace(printed, used)
    return block.replace('"my_run"', f'"{name}"')


def test_python_runs_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(go.Figure, "show", lambda figure: None)  # it would open a browser
    names: dict[str, Any] = {"headlapse": headlapse, **names_for_recordings()}
    for page in (next(path for path in PAGES if path.name == name) for name in RUN):
        for number, block in enumerate(blocks(page)):
            if page.name == "import.md":
                monkeypatch.chdir(names["variant"].paths.root)
            exec(compile(shortened(block, f"{page.stem}_{number}"), f"{page.name}, Python {number}", "exec"), names)
            monkeypatch.chdir(tmp_path)
    assert {path.suffix for path in tmp_path.glob("*.*")} >= {".png", ".gif", ".webp"}
    assert (
        tmp_path / "results" / "modulo_addition_1layer" / "modulo_addition_1layer_p31_seed0_dseed598_frac0.6_wd0.5"
    ).is_dir()


def test_no_page_has_python_that_nothing_runs() -> None:
    assert [page.name for page in PAGES if blocks(page) and page.name not in RUN] == []
    assert all((ROOT / test).exists() for test in ELSEWHERE.values())


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_a_command_line_is_understood(page: str, line: str) -> None:
    """Every option is one of the command, with as many values as it takes."""
    program = typer.main.get_command(build_app())
    name, *arguments = shlex.split(line, comments=True)[1:]
    command = program.get_command(program.make_context("headlapse", ["list"]), name)  # type: ignore[attr-defined]
    assert command is not None, f"{page}: there is no command {name}"
    command.make_context(name, arguments)
