"""Names of a package that are imported when they are first used, so that importing the package stays cheap."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from headlapse.extras import need


def exports(package: str, *needed: str) -> tuple[list[str], Callable[[str], Any]]:
    """`__all__` and `__getattr__` (PEP 562) of `package`: what it imports under `if TYPE_CHECKING:`, each when first used.

    So each public name is written once, as an import that type checkers read. None of the names can be used without the
    packages `needed`; the error says how to install a missing one.
    """
    homes = _imports_for_type_checkers(package)

    def __getattr__(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        need(*needed)
        return getattr(import_module(homes[name]), name)

    return list(homes), __getattr__


def _imports_for_type_checkers(package: str) -> dict[str, str]:
    """The module of each name."""
    source = sys.modules[package].__loader__.get_source(package)  # type: ignore[union-attr]
    blocks = [node for node in ast.parse(source).body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom) and node.module]
    return {alias.name: str(node.module) for node in imports for alias in node.names}
