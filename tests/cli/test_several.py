"""Verbs over many variants: what is wrong with one is said, and the others are done all the same."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from headlapse.analysis import limits as analysis_limits
from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from headlapse.results import limits
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.records import write_config
from headlapse.storage.atomic import read_json, write_json
from headlapse.storage.lock import locked
from headlapse.workbench import Variant

NAME = "attention_patterns"
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run `headlapse ARGUMENTS`: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = run_guarded(lambda: build_app()(list(arguments), standalone_mode=False), debug=False)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def three(trained_copy: Variant) -> list[Variant]:
    """Three runs, by name; the one in the middle is for the test to spoil. All lack an artifact."""
    variants = [sibling(trained_copy, seed) for seed in (1, 2, 3)]
    shutil.rmtree(trained_copy.paths.root)
    return variants


def sibling(variant: Variant, seed: int) -> Variant:
    """The same weights as a run of another seed."""
    settings = {**variant.settings, "seed": seed}
    other = Variant(variant.family, settings, variant.results)
    shutil.copytree(variant.paths.root, other.paths.root)
    shutil.rmtree(other.artifacts_dir)
    write_config(other, variant.config["schedule"], variant.config["versions"])
    for epoch in variant.epochs:
        checkpoint = variant.checkpoint(epoch)
        write_checkpoint(other.paths.checkpoint(epoch), checkpoint.weights, other.identity(epoch), checkpoint.extra)
    state = {name: array.copy() for name, array in _state(variant).items()}
    write_checkpoint(other.paths.training_state, state, other.identity(60))
    return other


def _state(variant: Variant) -> dict[str, object]:
    from headlapse.results.checkpoints import read_checkpoint

    return read_checkpoint(variant.paths.training_state, variant.identity).weights


def analysed(variants: list[Variant]) -> list[int]:
    return [len(variant.artifacts.get_epochs(NAME)) for variant in variants]


def too_large(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = limits.check_memory

    def check(checked: Variant, *arguments: object) -> None:
        fits(checked, *arguments) if checked.name != variant.name else fits(checked, "analysis", 10**18, "cpu")  # type: ignore[arg-type]

    monkeypatch.setattr(analysis_limits, "check_memory", check)


def without_config(variant: Variant, _: pytest.MonkeyPatch) -> None:
    variant.paths.config.unlink()


def with_damaged_config(variant: Variant, _: pytest.MonkeyPatch) -> None:
    variant.paths.config.write_text("{")


def of_another_architecture(variant: Variant, _: pytest.MonkeyPatch) -> None:
    content = read_json(variant.paths.config, "")
    content["model"]["n_heads"] = 5
    write_json(variant.paths.config, content)


SPOILED = {
    "too large": (too_large, "analysis needs at least 1,000,000,000.0 GB of memory"),
    "no config": (without_config, "config.json: does not exist; train the variant: the same command"),
    "damaged config": (with_damaged_config, "config.json: is cut short"),
    "another architecture": (of_another_architecture, "was made with n_heads 5"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_analyze_all_does_the_others(case: str, three: list[Variant], cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil, words = SPOILED[case]
    spoil(three[1], monkeypatch)
    code, out, err = cli("analyze", "--all", "--results", str(three[0].results))
    assert code == 1 and analysed(three) == [4, 0, 4]
    assert [line.split(":")[0] for line in out.splitlines()] == [three[0].name, three[2].name]
    (line,) = err.splitlines()
    assert line.startswith(three[1].name) and words in line


def test_analyze_does_the_others_while_one_is_at_work(three: list[Variant], cli: Cli) -> None:
    with locked(three[1].paths.lock, "train"):
        code, _, err = cli("analyze", *(variant.name for variant in three), "--results", str(three[0].results))
    assert code == 1 and analysed(three) == [4, 0, 4] and "is busy (train" in err


def test_check_repairs_the_others_while_one_is_at_work(three: list[Variant], cli: Cli) -> None:
    for variant in three:
        variant.paths.status.unlink()
    with locked(three[1].paths.lock, "train"):
        code, out, err = cli("check", "--all", "--repair", "--results", str(three[0].results))
    assert code == 1 and "3 checked, 1 with problems" in out and "is busy (train" in err
    assert [variant.paths.status.exists() for variant in three] == [True, False, True]


def test_lock_in_shows_the_others(three: list[Variant], cli: Cli) -> None:
    results = str(three[0].results)
    assert cli("analyze", "--all", "--results", results)[0] == 0
    three[1].artifacts.paths.run_file("attention_lock_in").write_bytes(b"PK")
    code, out, err = cli("lock-in", "--json", "--results", results)
    assert code == 1 and [row["variant"] for row in json.loads(out)] == [three[0].name, three[2].name]
    assert "all_epochs.npz" in err and "headlapse analyze" in err
    code, out, err = cli("lock-in", three[1].name, "--results", results)
    assert code == 1 and out == "" and len(err.splitlines()) == 1


def test_one_that_is_wrong_alone_is_one_line(three: list[Variant], cli: Cli) -> None:
    with locked(three[1].paths.lock, "train"):
        code, out, err = cli("analyze", three[1].name, "--results", str(three[0].results))
    assert code == 1 and out == "" and err.startswith("error: ") and len(err.splitlines()) == 1


@pytest.mark.parametrize("verb", ["lock-in", "frequencies", "table"])
def test_a_broken_one_is_named_beside_the_others(verb: str, three: list[Variant], cli: Cli) -> None:
    results = str(three[0].results)
    assert cli("analyze", "--all", "--results", results)[0] == 0
    three[1].paths.config.write_text("{")
    code, out, err = cli(verb, "--results", results)
    assert code == 1 and three[0].name in out and three[2].name in out and three[1].name not in out
    assert err.startswith(three[1].name) and "config.json: is cut short" in err
    assert cli(verb, three[0].name, "--results", results)[0] == 0


def test_all_of_a_folder_with_nothing_but_a_broken_one(trained_copy: Variant, cli: Cli) -> None:
    trained_copy.paths.config.write_text("{")
    results = str(trained_copy.results)
    code, out, err = cli("analyze", "--all", "--results", results)
    assert code == 1 and out == "" and "config.json: is cut short" in err
    for verb in ("lock-in", "frequencies", "table"):
        said = f"error: {results} holds no variant that can be opened; headlapse list says why\n"
        assert cli(verb, "--results", results) == (1, "", said)


def test_what_killed_processes_left_beside_the_variants_is_named_and_removed(trained_copy: Variant, cli: Cli) -> None:
    results: Path = trained_copy.results
    job, staged = results / ".jobs" / "00000000000000000001_aaaaaa", results / f".imported_x.{'a' * 16}.tmp"
    write_json(job / "status.json", {"state": "queued"})
    write_json(staged / trained_copy.family.name / "imported_x" / "config.json", {})
    code, out, _ = cli("check", "--all", "--results", str(results))
    assert code == 1 and f"leftover: {job}" in out and f"leftover: {staged}" in out
    code, out, _ = cli("check", "--all", "--repair", "--results", str(results))
    assert code == 0 and "removed 2 of 2" in out and not job.exists() and not staged.exists()
    assert cli("check", "--all", "--results", str(results))[0] == 0


def test_names_do_not_steer_the_terminal(trained_copy: Variant, cli: Cli) -> None:
    """Bytes that are no UTF-8, a line break and an escape sequence, as a folder that was copied from anywhere may have."""
    folder = trained_copy.results / trained_copy.family.name / os.fsdecode(b"bad\xff\x1b[31m\nname")
    folder.mkdir()
    (folder / "config.json").write_text("{")
    for verb in (["list"], ["check", "--all"], ["analyze", "--all"]):
        code, out, err = cli(*verb, "--results", str(trained_copy.results))
        assert code == (0 if verb == ["list"] else 1) and trained_copy.name in out
        assert "\x1b" not in out + err and "bad\\udcff\\x1b[31m\\nname" in out + err
