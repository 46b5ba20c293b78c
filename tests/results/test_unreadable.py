"""What one may not read, or what is no file at all, is said to be so, and hides nothing else."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from headlapse.dashboard.routes.variants import describe
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import CorruptFileError
from headlapse.results.artifacts import read_artifact
from headlapse.results.headers import Identity, read_epoch, read_hash
from headlapse.storage import filesystem
from headlapse.workbench import FamilyRegistry, Variant
from tests.dashboard.runs import make_variant

FAMILY = "modulo_addition_1layer"


@pytest.fixture
def forbid(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """A function that makes a folder one of somebody else, mode 700; root would not notice a real one."""

    def apply(folder: Path) -> None:
        def checked(function: Callable[..., Any], allowed: Path | None) -> Callable[..., Any]:
            def call(path: Any = ".", *arguments: Any, **named: Any) -> Any:
                inside = isinstance(path, str | Path) and Path(path).is_relative_to(folder) and Path(path) != allowed
                if inside:
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
                return function(path, *arguments, **named)

            return call

        for name, allowed in (("scandir", None), ("listdir", None), ("stat", folder), ("open", folder)):
            monkeypatch.setattr(os, name, checked(getattr(os, name), allowed))

    return apply


def listed(results: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """Names of variants, and what is said of others, on the command line."""
    assert run_guarded(lambda: build_app()(["list", "--json", "--results", str(results)], standalone_mode=False), False) == 0
    content = json.loads(capsys.readouterr().out)
    return [row["variant"] for row in content["variants"]], " ".join(row["reason"] for row in content["broken_variants"])


def rows(results: Path) -> dict[str, str]:
    """Name and problem of every row on the page."""
    return {entry.name: entry.problem for entry in VariantIndex(results, FamilyRegistry()).entries()}


@pytest.mark.parametrize("part", ["", "checkpoints", "artifacts"])
def test_a_variant_one_may_not_read_hides_no_other(
    part: str, tmp_path: Path, forbid: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = make_variant(tmp_path, [0]), make_variant(tmp_path, [0], seed=1)
    forbid(bad.paths.root / part)
    names, reasons = listed(tmp_path, capsys)
    assert names == [good.name] and "Permission denied" in reasons and str(bad.paths.root / part) in reasons
    found = rows(tmp_path)
    assert found[good.name] == "" and "Permission denied" in found[bad.name]


def test_a_family_one_may_not_read_hides_no_other(
    tmp_path: Path, forbid: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    good = make_variant(tmp_path, [0])
    for name in ("another", "lost+found"):
        (tmp_path / name).mkdir()
        forbid(tmp_path / name)
    names, reasons = listed(tmp_path, capsys)
    assert names == [good.name] and "another" in reasons and "lost+found" not in reasons
    assert set(rows(tmp_path)) == {good.name, "?"}


def test_results_one_may_not_read_are_named(
    tmp_path: Path, forbid: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    forbid(tmp_path)
    assert run_guarded(lambda: build_app()(["list", "--results", str(tmp_path)], standalone_mode=False), False) == 1
    assert f"{tmp_path}: cannot be read (Permission denied); check its permissions" in capsys.readouterr().err


def test_a_variant_that_lost_its_config_is_not_forgotten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = make_variant(tmp_path, [0]), make_variant(tmp_path, [0], seed=1)
    bad.paths.config.unlink()
    names, reasons = listed(tmp_path, capsys)
    assert names == [good.name] and "config.json: does not exist; train the variant: the same command" in reasons
    assert "config.json" in rows(tmp_path)[bad.name]


def test_training_writes_a_lost_config_anew(trained_copy: Variant) -> None:
    from headlapse.training.progress import Silent

    before = trained_copy.paths.config.read_bytes()
    for damage in (trained_copy.paths.config.unlink, lambda: trained_copy.paths.config.write_text("{")):
        damage()
        trained_copy.train(epochs=60, checkpoint_epochs=[0, 20, 40, 60], progress=Silent())
        assert trained_copy.paths.config.read_bytes() == before and trained_copy.epochs == [0, 20, 40, 60]


def test_a_damaged_status_hides_nothing_on_the_page(tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0, 100])
    before = describe(variant)
    variant.paths.status.write_text("{")
    found = describe(variant)
    assert (found["state"], found["status"], found["epochs"]) == ("analysed", {}, [0, 100])
    assert found["panels"] == before["panels"] and "problem" not in found["panels"][0]


@contextmanager
def seconds(allowed: int) -> Iterator[None]:
    """Fail where the block takes longer."""

    def fail(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError("it waits for ever")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(allowed)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_the_header_of_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint_epoch_00020.safetensors"
    os.mkfifo(path)
    with seconds(10):
        with pytest.raises(CorruptFileError, match="not a regular file"):
            read_hash(path, Identity("family", "variant", 20))
        assert read_epoch(path) == 0


def test_a_file_larger_than_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "epoch_00020.npz"
    with path.open("wb") as file:
        file.truncate(8 * 2**40)
    with seconds(10), pytest.raises(CorruptFileError, match=r"holds 8,796,093,022,208 bytes, more than the [\d,]+ it may"):
        read_artifact(path, {})


def test_no_memory_for_a_file_is_a_typed_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(BytesIO):
        def fileno(self) -> int:
            return descriptor

        def read(self, *_: object) -> bytes:
            raise MemoryError

    descriptor = os.open(tmp_path, os.O_RDONLY)
    monkeypatch.setattr(filesystem, "open_file", lambda *_: nullcontext(Full()))
    with pytest.raises(CorruptFileError, match="there is no memory for them"):
        filesystem.read_file(tmp_path / "file", "")
    os.close(descriptor)
