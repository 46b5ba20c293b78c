from __future__ import annotations

import importlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.registry import Registry


@dataclass(frozen=True)
class Plugin:
    name: str


@dataclass(frozen=True)
class OtherPlugin:
    name: str


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Registry[Plugin]]:
    """A registry over a package on disk whose module says when it is imported."""
    package = tmp_path / "plugins_for_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("imported = []\nregister = None\n")
    (package / "first.py").write_text(
        "import plugins_for_a_test as package\npackage.imported.append('first')\npackage.register('first')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    class Plugins(Registry[Plugin]):
        kind, package, group = "plug-in", "plugins_for_a_test", "headlapse.nothing_here"

    module = importlib.import_module("plugins_for_a_test")
    monkeypatch.setattr(module, "register", lambda name: Plugins.register(Plugin(name)))
    return Plugins


def test_a_module_is_found_by_name_and_imported_when_asked_for(registry: type[Registry[Plugin]]) -> None:
    package = importlib.import_module("plugins_for_a_test")
    assert registry.names() == ["first"] and registry.has("first")
    assert package.imported == []
    assert registry.get("first") == Plugin("first")
    assert package.imported == ["first"]


def test_an_unknown_name_lists_the_known_ones(registry: type[Registry[Plugin]]) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown plug-in 'zeroth'; known: first"):
        registry.get("zeroth")


def test_a_name_belongs_to_one_plugin(registry: type[Registry[Plugin]]) -> None:
    registry.register(Plugin("second"))
    registry.register(Plugin("second"))
    assert registry.names() == ["first", "second"]
    with pytest.raises(InvalidValueError, match="two plug-ins are named 'second'"):
        registry.register(OtherPlugin("second"))  # type: ignore[arg-type]


def test_what_is_installed_while_the_program_runs_is_found(registry: type[Registry[Plugin]], tmp_path: Path) -> None:
    assert not registry.has("third")
    metadata = tmp_path / "third_package-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: third-package\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[headlapse.nothing_here]\nthird = third_module:third\n")
    assert registry.has("third") and registry.source("third") == "third-package 1"


def test_items_of_modules_that_nothing_has_imported_are_known() -> None:
    script = "from headlapse.visualization.views import ViewRegistry as v; print(v.has('attention_positions'), v.names())"
    first = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    script = "from headlapse.visualization.views import ViewRegistry as v; print(v.names() == v.names(), len(v.names()) > 3)"
    second = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert first.startswith("True ['attention_entropy_grid', 'attention_heads_grid'") and second == "True True\n"
