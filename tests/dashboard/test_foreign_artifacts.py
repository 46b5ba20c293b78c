"""An artifact that is whole but holds other arrays is said to be incompatible, and hides nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse.dashboard.app import create_app
from headlapse.visualization.lines import Mark
from headlapse.visualization.position_controls import PositionPair
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant
from tests.dashboard.runs import add_artifact, make_variant, patterns

WRONG: dict[str, dict[str, np.ndarray]] = {
    "renamed": {"pattern": patterns(7, 0)},
    "one axis": {"patterns": np.zeros(5, np.float32)},
    "an axis less": {"patterns": patterns(7, 0)[0]},
    "text": {"patterns": np.full((4, 3, 3, 7, 7), "a")},
    "empty": {"patterns": np.zeros((0, 3, 3, 7, 7), np.float32)},
}


@pytest.fixture
def variant(tmp_path: Path) -> Variant:
    return make_variant(tmp_path, [0, 100])


def ask(variant: Variant, path: str) -> Any:
    return create_app(variant.results).server.test_client().get(path.format(f"{variant.family.name}/{variant.name}"))


def panels(variant: Variant) -> dict[str, dict[str, Any]]:
    answer = ask(variant, "/data/variants/{}")
    assert answer.status_code == 200
    return {panel["view"]: panel for panel in answer.get_json()["panels"]}


@pytest.mark.parametrize("case", WRONG)
def test_other_arrays_are_incompatible_and_named(case: str, variant: Variant) -> None:
    for epoch in variant.epochs:
        add_artifact(variant, epoch, WRONG[case])
    found = panels(variant)
    problem = found["attention_heads_grid"]["problem"]
    assert "epoch_00000.npz: holds" in problem
    assert "expected patterns as (head, to, from, *axes); run `headlapse analyze`" in problem
    assert "problem" not in found["attention_entropy_grid"], "the views of another analyzer are shown"
    answer = ask(variant, "/export/{}?ending=.png&view=attention_heads_grid&epoch=0")
    assert answer.status_code == 409 and answer.get_json()["state"] == "incompatible"


def test_one_such_epoch_hides_no_other(variant: Variant) -> None:
    add_artifact(variant, 0, WRONG["renamed"])
    assert "problem" not in panels(variant)["attention_heads_grid"]
    assert ask(variant, "/export/{}?ending=.png&view=attention_heads_grid&epoch=100").status_code == 200


def test_a_view_that_fails_hides_no_other(
    variant: Variant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entropy = ViewRegistry.get("attention_entropy_grid")

    def no_marks(_arrays: object) -> list[Mark]:
        raise ZeroDivisionError("no marks")

    mistaken = replace(entropy, controls=(PositionPair(),), marks=no_marks)  # its arrays are no patterns
    monkeypatch.setitem(ViewRegistry._items, entropy.name, mistaken)
    found = panels(variant)
    assert found[entropy.name]["problem"] == "KeyError: 'patterns'"
    assert "problem" not in found["attention_heads_grid"]
    assert "view attention_entropy_grid cannot tell its marks" in caplog.text


def test_a_damaged_status_hides_no_picture(variant: Variant) -> None:
    variant.paths.status.write_bytes(b"{")
    assert "problem" not in panels(variant)["attention_heads_grid"]
    described = ask(variant, "/data/variants/{}").get_json()
    assert (described["state"], described["epochs"]) == ("analysed", [0, 100])


@pytest.mark.parametrize("arrays", [None, {"change": np.zeros((2, 4, 3))}, {"epochs": np.zeros(2)}])
def test_a_bad_artifact_of_the_run_hides_no_epoch(variant: Variant, arrays: dict[str, np.ndarray] | None) -> None:
    path = variant.paths.artifacts.run_file("attention_lock_in")
    add_artifact(variant, 100, arrays or {"epochs": np.zeros(2)}, "attention_lock_in")
    variant.paths.artifacts.file("attention_lock_in", 100).rename(path)
    if arrays is None:
        path.write_bytes(path.read_bytes()[:-30])
    found = panels(variant)
    assert str(path) in found["attention_lock_in_timeline"]["problem"]
    assert "problem" not in found["attention_heads_grid"]
