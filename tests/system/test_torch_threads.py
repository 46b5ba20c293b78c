"""Torch has one thread while we compute, also if another of our threads is just loading it."""

from __future__ import annotations

import sys
import threading
from types import ModuleType

import pytest

from headlapse.system.blas_threads import one_torch_thread
from tests.waiting import SECONDS, until

LOADED_SLOWLY = """
import gate
gate.has_begun.set()
assert gate.may_end.wait(gate.seconds)
number = 2

def get_num_threads():
    return number

def set_num_threads(wanted):
    global number
    number = wanted
"""


@pytest.fixture
def gate(tmp_path, monkeypatch) -> ModuleType:
    """A torch that is loaded when the test says so."""
    (tmp_path / "torch.py").write_text(LOADED_SLOWLY)
    made = ModuleType("gate")
    made.has_begun, made.may_end, made.seconds = threading.Event(), threading.Event(), SECONDS
    monkeypatch.setitem(sys.modules, "gate", made)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    yield made
    sys.modules.pop("torch", None)


def test_whoever_enters_while_another_loads_it_waits(gate):
    seen: list[int] = []

    def load():
        import torch  # noqa: F401

    def enter():
        with one_torch_thread():
            seen.append(sys.modules["torch"].get_num_threads())

    loading, entering = threading.Thread(target=load), threading.Thread(target=enter)
    loading.start()
    until(gate.has_begun.is_set)
    entering.start()
    entering.join(0.5)  # without waiting it would end here, with an error
    gate.may_end.set()
    loading.join(SECONDS), entering.join(SECONDS)
    assert seen == [1] and sys.modules["torch"].get_num_threads() == 2


def test_without_torch_nothing_is_loaded(gate):
    with one_torch_thread():
        assert "torch" not in sys.modules
    assert not gate.has_begun.is_set()
