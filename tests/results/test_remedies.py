"""Nothing that is wrong with an imported variant leads to advice to train it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.cli import main
from headlapse.dashboard.routes.variants import describe
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import HeadlapseError
from headlapse.results import integrity
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.remedies import FOR_IMPORTED
from headlapse.training.progress import Silent
from headlapse.workbench import FamilyRegistry, Variant

FAMILY = "modulo_addition_1layer"
EPOCH = 40


@pytest.fixture(scope="module")
def import_(trained: Variant, tmp_path_factory: pytest.TempPathFactory) -> Variant:
    """A run of this program, imported and analysed. Shared: do not write into it."""
    results = tmp_path_factory.mktemp("imported")
    variant = headlapse.import_checkpoints(trained.paths.root, name="theirs", results=results).variant
    assert not AnalysisPipeline(variant).run().failed
    return variant


@pytest.fixture
def imported(import_: Variant, tmp_path: Path) -> Variant:
    """A copy that a test may damage."""
    shutil.copytree(import_.results, tmp_path / "results")
    return Variant(import_.family, import_.settings, tmp_path / "results", import_.import_source)


def nan(variant: Variant) -> None:
    checkpoint = variant.checkpoint(EPOCH)
    weights = {name: array.copy() for name, array in checkpoint.weights.items()}
    weights["unembed.W_U"][0, 0] = float("nan")
    write_checkpoint(variant.paths.checkpoint(EPOCH), weights, checkpoint.identity)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


FILES: dict[str, Callable[[Variant], Path]] = {
    "config": lambda variant: variant.paths.config,
    "metadata": lambda variant: variant.paths.metadata,
    "status": lambda variant: variant.paths.status,
    "losses": lambda variant: variant.paths.losses,
    "checkpoint": lambda variant: variant.paths.checkpoint(EPOCH),
}
WAYS: dict[str, Callable[[Path], object]] = {
    "removed": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-20]),
    "flipped": flipped,
}
DAMAGE: dict[str, Callable[[Variant], object]] = {
    **{
        f"{name} {way}": lambda variant, file=file, spoil=spoil: spoil(file(variant))
        for name, file in FILES.items()
        for way, spoil in WAYS.items()
    },
    "config and status cut": lambda variant: [WAYS["cut"](variant.paths.config), WAYS["cut"](variant.paths.status)],
    "config and status removed": lambda variant: [variant.paths.config.unlink(), variant.paths.status.unlink()],
    "weights of NaN": nan,
    "no checkpoints": lambda variant: shutil.rmtree(variant.paths.checkpoints),
    "nothing left": lambda variant: [shutil.rmtree(path) for path in (variant.paths.checkpoints, variant.paths.artifacts.root)],
    "nothing": lambda variant: None,
}


UNSEEN = ("nothing", "losses removed", "losses emptied", "losses cut", "status removed", "metadata removed", "weights of NaN")


def heard(variant: Variant, run: Callable[..., str]) -> Iterator[str]:
    """What every door says of a variant."""
    name, results = variant.name, variant.results
    for arguments in (
        ["list"],
        ["list", "--json"],
        ["check", "--all"],
        ["check", name],
        ["analyze", name, "--force"],
        ["analyze", name, "--epoch", "12345"],
        ["analyze", "--all"],
        ["export", name, "--epoch", str(EPOCH)],
        ["lock-in", name],
        ["check", name, "--repair"],
    ):
        yield run(*arguments, "--results", str(results))
    index = VariantIndex(results, FamilyRegistry())
    yield from (entry.problem for entry in index.entries())
    for read in (
        lambda: describe(index.variant(FAMILY, name)),
        lambda: headlapse.load_variant(variant.paths.root),
        *(lambda part=part: getattr(variant, part) for part in ("config", "metadata", "status", "losses")),
        lambda: variant.checkpoint(EPOCH),
        lambda: variant.checkpoint(12345),
        lambda: variant.checkpoint_hash(EPOCH),
        lambda: variant.patterns(EPOCH),
        lambda: variant.at(EPOCH).view(),
        lambda: AnalysisPipeline(variant, AnalysisRunConfig(force=True)).run(),
        lambda: variant.train(1, progress=Silent()),
        lambda: variant.train(1, restart=True, progress=Silent()),
    ):
        try:
            read()
        except HeadlapseError as error:
            yield str(error)
    yield from map(str, integrity.inspect(variant))


@pytest.mark.parametrize("case", DAMAGE)
def test_no_door_advises_to_train_it(
    imported: Variant, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["headlapse", *arguments])
        with pytest.raises(SystemExit):
            main()
        return "".join(capsys.readouterr())

    DAMAGE[case](imported)
    said = list(heard(imported, run))
    assert [text for text in said if re.search(r"\btrain(?! loss)\b|--restart", text)] == []
    assert any("import it again" in text for text in said) or case in UNSEEN


def test_a_family_that_changed_does_not_lead_to_training(imported: Variant, small_family: Any) -> None:
    other = Variant(small_family(), imported.settings, imported.results, imported.import_source)
    with pytest.raises(HeadlapseError, match=r"was made with .*; restore .*, or import it again"):
        other.check_unchanged()


def test_what_to_do_instead_never_says_to_train_and_never_leads_back_to_the_same_advice() -> None:
    assert not any(re.search(r"\btrain\b|repair", remedy) for remedy in FOR_IMPORTED.values())
    assert FOR_IMPORTED.keys().isdisjoint(FOR_IMPORTED.values())


def test_a_variant_that_was_trained_here_is_told_to_train(trained_copy: Variant) -> None:
    flipped(trained_copy.paths.checkpoint(EPOCH))
    with pytest.raises(HeadlapseError, match="train with --restart to recreate it"):
        trained_copy.checkpoint(EPOCH)
    trained_copy.paths.config.unlink()
    with pytest.raises(HeadlapseError, match="train the variant: the same command also continues a run"):
        headlapse.load_variant(trained_copy.paths.root)
