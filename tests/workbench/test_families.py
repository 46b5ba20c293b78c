from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headlapse.errors import BrokenFamilyError, UnknownNameError
from headlapse.workbench import FamilyRegistry, ModelFamily

PACKAGED = FamilyRegistry().names()


@pytest.fixture
def content(family: ModelFamily) -> dict[str, Any]:
    return json.loads(family.path.read_text())


def write_family(folder: Path, content: object) -> None:
    folder.mkdir(parents=True)
    (folder / "family.json").write_text(json.dumps(content))


def test_the_packaged_family_is_found_with_the_published_defaults() -> None:
    spec = FamilyRegistry().get("modulo_addition_1layer").spec
    assert {name: parameter.default for name, parameter in spec.domain_parameters.items()} == {
        "prime": 113,
        "seed": 999,
        "data_seed": 598,
    }
    assert {name: parameter.default for name, parameter in spec.training.settings.items()} == {
        "train_fraction": 0.3,
        "lr": 1e-3,
        "weight_decay": 1.0,
        "beta1": 0.9,
        "beta2": 0.98,
    }
    assert (spec.schedule.epochs.default, spec.schedule.checkpoint_every.default) == (25_000, 100)
    assert spec.position_labels == ["a", "b", "="]


def test_a_users_folder_adds_families(tmp_path: Path, content: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    write_family(tmp_path / "one" / "mine", content | {"name": "mine"})
    write_family(tmp_path / "two", content | {"name": "other"})
    assert FamilyRegistry(tmp_path / "one").names() == [*PACKAGED, "mine"]
    monkeypatch.setenv("HEADLAPSE_FAMILIES", str(tmp_path / "two"))
    assert FamilyRegistry(tmp_path / "one").names() == [*PACKAGED, "mine", "other"]


def test_a_broken_family_is_listed_and_hides_no_other(tmp_path: Path, content: dict[str, Any]) -> None:
    write_family(tmp_path / "a_list", [])
    write_family(tmp_path / "mine", content | {"name": "mine"})
    write_family(tmp_path / "unknown_analyzer", content | {"name": "unknown_analyzer", "analyzers": ["attention_paterns"]})
    write_family(tmp_path / "unknown_view", content | {"name": "unknown_view", "visualizations": ["attention_head_grid"]})
    write_family(tmp_path / "unknown_task", content | {"name": "unknown_task", "task": "chess"})
    write_family(tmp_path / "twin", content)
    registry = FamilyRegistry(tmp_path, tmp_path / "absent")
    assert registry.names() == [*PACKAGED, "mine"]
    reasons = {broken.name: broken.reason for broken in registry.broken}
    assert "must hold one JSON object" in reasons["a_list"]
    assert "unknown analyzer 'attention_paterns'; known: attention_entropy, attention_patterns" in reasons["unknown_analyzer"]
    assert "visualizations: unknown view 'attention_head_grid'; known: attention_entropy_grid," in reasons["unknown_view"]
    assert re.search("unknown task .chess.; known: .*modulo_addition", reasons["unknown_task"])
    assert "'modulo_addition_1layer' is taken by" in reasons["twin"]
    assert "is not a folder" in reasons["absent"]
    with pytest.raises(BrokenFamilyError, match=r"family 'a_list' is broken: .*family.json"):
        registry.get("a_list")


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], str], str]] = {
    "value": (lambda content: json.dumps(content | {"title": 3}), r"title: .*valid string"),
    "task": (lambda content: json.dumps(content | {"task": "chess"}), "unknown task 'chess'"),
    "key": (lambda content: json.dumps(content | {"colour": 1}), "colour: unknown key"),
    "cut": (lambda content: json.dumps(content)[:-1], "is not UTF-8 JSON"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_family_is_called_broken_by_its_own_name_and_by_its_folder(
    tmp_path: Path, content: dict[str, Any], case: str
) -> None:
    text, reason = BROKEN[case]
    (tmp_path / "copy1").mkdir()
    (tmp_path / "copy1" / "family.json").write_text(text(content | {"name": "mine"}))
    registry = FamilyRegistry(tmp_path)
    assert [broken.name for broken in registry.broken] == ["mine"]
    for name in ("mine", "copy1"):
        with pytest.raises(BrokenFamilyError, match=rf"^family '{name}' is broken: .*copy1/family\.json: .*{reason}"):
            registry.get(name)
    unknown = r"^unknown family 'min'; known: .*addition_1layer.*; broken: mine .headlapse families .* why.; name .*--families"
    with pytest.raises(UnknownNameError, match=unknown):
        registry.get("min")


def test_a_name_is_that_of_the_family_that_works(tmp_path: Path, content: dict[str, Any]) -> None:
    write_family(tmp_path / "a" / "copy1", content | {"name": "mine", "title": 3})
    write_family(tmp_path / "b" / "mine", content | {"name": "mine"})
    assert FamilyRegistry(tmp_path / "a", tmp_path / "b").get("mine").path == tmp_path / "b" / "mine" / "family.json"


def test_an_unknown_family_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown family 'nothing'; known: .*modulo_addition_1layer"):
        FamilyRegistry().get("nothing")


def test_what_is_no_file_or_no_number_is_broken_at_once(tmp_path: Path, content: dict[str, Any]) -> None:
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / "family.json")
    (tmp_path / "number").mkdir()
    (tmp_path / "number" / "family.json").write_text('{"name": ' + "1" * 5000 + "}")
    reasons = {broken.name: broken.reason for broken in FamilyRegistry(tmp_path).broken}
    assert "is not a regular file" in reasons["pipe"] and "is not UTF-8 JSON" in reasons["number"]


def test_a_folder_of_families_one_may_not_read_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bool:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    registry = FamilyRegistry()
    monkeypatch.setattr(Path, "is_dir", refuse)
    registry._add_folder(tmp_path)
    assert registry.names() == PACKAGED
    assert f"{tmp_path}: cannot be read (Permission denied)" in registry.broken[0].reason
