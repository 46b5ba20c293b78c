"""What no line of this program does: unpickle, run a shell, evaluate text, debug in production, listen to everybody."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for room in ("src", "benchmarks", "fuzz") for path in (ROOT / room).rglob("*.py"))
MODULES_BANNED = {"pickle", "cPickle", "dill", "shelve", "marshal", "cloudpickle"}
ERRORS = {"PickleError"}  # raised by readers that do not unpickle, such as torch.load(weights_only=True)
NAMES_BANNED = {"eval", "exec", "yaml.load", "os.system", "os.popen", "tempfile.mktemp"}
NEEDED = {"np.load": ("allow_pickle", False), "numpy.load": ("allow_pickle", False), "torch.load": ("weights_only", True)}
KEYWORDS_BANNED = {("shell", True), ("debug", True), ("allow_pickle", True), ("weights_only", False)}


def offences(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [alias.name for alias in names if alias.name in MODULES_BANNED]
            case ast.ImportFrom(module=str(module), names=names) if module in MODULES_BANNED:
                found += [module for alias in names if alias.name not in ERRORS]
            case ast.Call(func=func, keywords=keywords):
                found += _calls(ast.unparse(func), keywords)
            case ast.Constant(value="0.0.0.0"):
                found.append("0.0.0.0")
    return found


def _calls(name: str, keywords: list[ast.keyword]) -> list[str]:
    given = {(keyword.arg, getattr(keyword.value, "value", None)) for keyword in keywords}
    found = [name] if name in NAMES_BANNED else []
    if name in NEEDED and NEEDED[name] not in given:
        found.append(f"{name} without {NEEDED[name][0]}={NEEDED[name][1]}")
    return found + [f"{key}={value}" for key, value in given & KEYWORDS_BANNED]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_banned(path: Path) -> None:
    assert offences(path.read_text()) == []


def test_no_test_of_a_page_waits_for_a_time() -> None:
    """`tests/waiting.py` and `tests/browsing.py` wait for what is asserted."""
    tests = sorted((ROOT / "tests").rglob("*.py"))
    calls = {path: [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)] for path in tests}
    names = {str(path): {ast.unparse(call.func).rpartition(".")[2] for call in found} for path, found in calls.items()}
    assert [name for name, called in names.items() if called & {"wait_for_timeout"}] == []
    assert "wait_for_function" in names[str(ROOT / "tests" / "dashboard" / "pictures.py")], "calls are seen"


@pytest.mark.parametrize(
    "line",
    [
        *("import pickle", "from pickle import loads", "from pickle import PickleError, loads"),
        *("np.load(path)", "np.load(path, allow_pickle=True)", "torch.load(path)"),
        *("run(command, shell=True)", "app.run(debug=True)", "eval(text)", "yaml.load(text)", 'serve("0.0.0.0")'),
    ],
)
def test_every_ban_bites(line: str) -> None:
    assert offences(line)
