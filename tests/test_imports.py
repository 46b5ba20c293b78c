"""What each room keeps out. Read from the syntax tree, so that nothing needs to be imported; import-linter holds the layers."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "headlapse"
MODULES = sorted(SOURCE.rglob("*.py"))

FORBIDDEN = {  # room: what it never imports
    "visualization": {"torch", "transformer_lens", "dash"},
    "dashboard": {"torch", "transformer_lens"},
    "export": {"torch", "transformer_lens", "dash"},
    "notebook": {"torch", "transformer_lens", "dash"},
    "analysis": {"plotly", "dash"},
    "results": {"torch", "plotly", "dash"},
    "storage": {"torch", "plotly", "dash"},
    "system": {"torch", "numpy", "plotly", "dash"},
    "families": {"plotly", "dash", "transformer_lens"},
}


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> set[str]:
    """Absolute names imported at run time, function-level ones included, `if TYPE_CHECKING` ones not."""
    found: set[str] = set()
    queue: list[ast.AST] = [ast.parse(path.read_text())]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            queue += node.orelse
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        else:
            queue += list(ast.iter_child_nodes(node))
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_rooms_keep_out_what_they_must(path: Path) -> None:
    name = module_name(path)
    top_levels = {imported.split(".")[0] for imported in imports(path)}
    for room, forbidden in FORBIDDEN.items():
        if name == room or name.startswith(f"{room}."):
            assert not top_levels & forbidden, f"{name} imports {top_levels & forbidden}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_only_the_bridge_imports_transformer_lens(path: Path) -> None:
    if module_name(path) != "models.bridge":
        assert not any(imported.startswith("transformer_lens") for imported in imports(path))


def test_the_reader_sees_imports_inside_functions(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import dash\nelse:\n    import json\n"
        "def f():\n    if True:\n        import torch.nn\n"
    )
    assert imports(module) == {"typing", "typing.TYPE_CHECKING", "json", "torch.nn"}
