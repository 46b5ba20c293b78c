"""Every public method says what it does: itself, or in the protocol or base class that declares it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import headlapse

PACKAGE = Path(headlapse.__file__).parent
Method = ast.FunctionDef | ast.AsyncFunctionDef


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield path, node


def methods(of: ast.ClassDef) -> Iterator[Method]:
    return (node for node in of.body if isinstance(node, Method) and not node.name.startswith("_"))


def base_names(of: ast.ClassDef) -> set[str]:
    names = (node.value if isinstance(node, ast.Subscript) else node for node in of.bases)
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in names
        if isinstance(node, ast.Name | ast.Attribute)
    }


def test_a_public_method_has_a_docstring_or_its_protocol_has_one() -> None:
    found = list(classes())
    bases = set().union(*(base_names(each) for _, each in found))
    declared = {
        method.name
        for _, each in found
        if "Protocol" in base_names(each) or each.name in bases
        for method in methods(each)
        if ast.get_docstring(method)
    }
    missing = [
        f"{path.relative_to(PACKAGE)}: {each.name}.{method.name}"
        for path, each in found
        if not each.name.startswith("_")
        for method in methods(each)
        if not ast.get_docstring(method) and method.name not in declared
    ]
    assert not missing, "\n".join(missing)
