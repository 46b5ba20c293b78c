"""The command line as a new user tries it, bad input included."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import headlapse
from headlapse.cli import main
from tests.waiting import SECONDS, running, until

FAMILY = "modulo_addition_1layer"
NAME = f"{FAMILY}_p5_seed999_dseed598"
BAD_PRIMES = ("0", "1", "-7", "113.5", "abc")
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run `headlapse ARGUMENTS` in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["headlapse", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()  # type: ignore[return-value]

    return run


@pytest.fixture
def trained_p5(cli: Cli) -> Path:
    """A run of p = 5 under ./results."""
    code, out, _ = cli("train", FAMILY, "--prime", "5", "--epochs", "4", "--checkpoint-every", "2")
    assert code == 0 and out == f"{NAME}: 3 checkpoints, analysed, in results/{FAMILY}/{NAME}\n"
    return Path("results") / FAMILY / NAME


def test_a_first_session(cli: Cli, trained_p5: Path) -> None:
    assert sorted(path.name for path in (trained_p5 / "checkpoints").iterdir()) == [
        f"checkpoint_epoch_{epoch:05d}.safetensors" for epoch in (0, 2, 4)
    ]
    code, out, _ = cli("list")
    assert code == 0 and NAME in out and "analysed" in out
    listed = json.loads(cli("list", "--json")[1])
    (variant,) = listed["variants"]
    assert (variant["variant"], variant["state"], variant["epoch"], variant["checkpoints"]) == (NAME, "analysed", 4, 3)
    code, out, _ = cli("analyze", NAME)
    assert code == 0 and "nothing to do" in out
    code, out, _ = cli("analyze", "--all", "--epoch", "2", "--force")
    assert code == 0 and re.search(r"[1-9] computed, 0 up to date, 0 failed", out)
    assert "head_scores" not in headlapse.load_family(FAMILY).spec.analyzers
    code, out, _ = cli("analyze", NAME, "--epoch", "2", "--analyzer", "head_scores")
    assert code == 0 and "1 computed, 0 up to date, 0 failed" in out


def test_training_continues_and_restarts(cli: Cli, trained_p5: Path) -> None:
    assert cli("train", FAMILY, "--prime", "5", "--epochs", "6", "--checkpoint-every", "3")[0] == 0
    assert json.loads(cli("list", "--json")[1])["variants"][0]["checkpoints"] == 4
    assert cli("train", FAMILY, "--prime", "5", "--epochs", "2", "--restart", "--no-analyze")[0] == 0
    (variant,) = json.loads(cli("list", "--json")[1])["variants"]
    assert (variant["checkpoints"], variant["epoch"], variant["state"]) == (2, 2, "trained")
    assert not (trained_p5 / "artifacts" / "attention_patterns").exists()


def test_a_run_that_is_trained_does_not_say_that_it_trains(cli: Cli, trained_p5: Path) -> None:
    for epochs in ("4", "2"):
        assert cli("train", FAMILY, "--prime", "5", "--epochs", epochs)[2] == (
            "already trained to epoch 4; ask for more epochs to continue\n"
        )


def test_a_list_shows_the_epoch_that_its_losses_belong_to(cli: Cli, trained_p5: Path) -> None:
    assert cli("train", FAMILY, "--prime", "7", "--epochs", "3", "--checkpoint-every", "100", "--no-analyze")[0] == 0
    variant = headlapse.load_variant(next(Path("results").glob("*/*p7*")))
    variant.paths.checkpoint(3).unlink()  # as in a run that was stopped at epoch 3
    (row,) = [row for row in json.loads(cli("list", "--json")[1])["variants"] if "_p7_" in row["variant"]]
    assert (row["checkpoints"], row["last_checkpoint"], row["epoch"]) == (1, 0, 3)
    assert (row["train_loss"], row["test_loss"]) == variant.losses.at(3)


def test_every_training_option_reaches_the_run(cli: Cli) -> None:
    options = {"prime": 6, "seed": 0, "data_seed": 0, "train_fraction": 0.5, "weight_decay": 0.0, "lr": 0.01, "beta2": 0.9}
    named = [f"--{name.replace('_', '-')}={value}" for name, value in options.items() if name != "beta2"]
    others = ["--set", "beta2=0.9", "--epochs", "0", "--results", "elsewhere", "--device", "cpu"]
    code, _, err = cli("train", FAMILY, *named, *others)
    assert code == 0 and "note: 6 is not a prime (2 x 3)" in err
    (path,) = Path("elsewhere").glob("*/*/config.json")
    config = json.loads(path.read_text())
    assert {name: config["settings"][name] for name in options} == options and config["schedule"]["epochs"] == 0
    assert path.parent.name == f"{FAMILY}_p6_seed0_dseed0_frac0.5_lr0.01_wd0_beta2_0.9"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("train nothing", "unknown family 'nothing'; known: .*modulo_addition_1layer"),
        *[(f"train {FAMILY} --prime {p}", f"prime must be an integer >= 2 .*got '{p}'") for p in BAD_PRIMES],
        *[(f"train {FAMILY} --train-fraction {f}", r"train_fraction must be a number > 0 and < 1") for f in ("0", "1.5", "x")],
        (f"train {FAMILY} --prime 2 --train-fraction 0.1", "0.1 of 4 pairs gives no training pair"),
        (f"train {FAMILY} --epochs -1", "epochs must be an integer >= 0"),
        (f"train {FAMILY} --checkpoint-every 0", "checkpoint_every must be an integer >= 1"),
        (f"train {FAMILY} --weight-decay -1", "weight_decay must be a number >= 0"),
        (f"train {FAMILY} --set primes=7", "has no setting 'primes'; it has prime, seed"),
        (f"train {FAMILY} --set prime", "--set takes NAME=VALUE"),
        (f"train {FAMILY} --set prime=5 --prime 7", "prime is given both by its own option and by --set; give it once"),
        (f"train {FAMILY} --lr 9007199254740993", "lr cannot be stored as .*740993.*, but only as 9007199254740992"),
        (f"train {FAMILY} --lr 9007199254740992.5", "lr cannot be stored as .*740992.5.*, but only as 9007199254740992"),
        (f"train {FAMILY} --lr nan", "lr must be a number > 0, got 'nan'"),
        (f"train {FAMILY} --lr 1e400", "lr must be a number > 0, got '1e400'"),
        (f"train {FAMILY} --prime 5 --device tpu", "device must be auto, cpu or cuda, got 'tpu'"),
        (f"train {FAMILY} --bogus", "No such option: --bogus"),
        ("train", r"Missing argument 'FAMILY'\. See headlapse train --help\."),
        ("export a --nonsense", r"No such option: --nonsense\. See headlapse export --help\."),
        ("nonsense", r"No such command 'nonsense'.* See headlapse --help\."),
        ("analyze", "name the variants to analyse, or give --all"),
        (
            "analyze nothing",
            "unknown variant 'nothing'; known: none; train one first, e.g. headlapse demo, or name another folder",
        ),
        ("frequencies", "results does not exist, so it holds no variant; train one first"),
        ("lock-in", "results does not exist, so it holds no variant; train one first"),
        ("analyze --all", "results does not exist, so it holds no variant; train one first"),
        ("bogus", r"No such command 'bogus'\. See headlapse --help\."),
        ("tran", r"No such command 'tran'\. Did you mean 'train'\? See headlapse --help\."),
        ("list --families absent", ""),
    ],
)
def test_bad_input_is_one_clear_line(cli: Cli, arguments: str, message: str) -> None:
    code, out, err = cli(*arguments.split())
    if arguments.startswith("list"):
        assert code == 0 and "broken: absent: is not a folder" in err
        return
    assert code in (1, 2) and out == ""
    (line,) = err.strip().splitlines()
    assert line.startswith("error: ")
    assert re.search(message, line), line
    assert not Path("results").exists()


def test_an_unwritable_folder_is_one_clear_line(cli: Cli) -> None:
    Path("file").write_text("")
    code, _, err = cli("train", FAMILY, "--prime", "5", "--epochs", "1", "--results", "file/results")
    assert code == 1 and err.splitlines()[-1].startswith("error: ") and "file" in err.splitlines()[-1]


def test_debug_shows_the_traceback(cli: Cli) -> None:
    assert "Traceback" not in cli("train", "nothing")[2]
    assert "Traceback" in cli("train", "nothing", "--debug")[2]


def test_help_and_version(cli: Cli) -> None:
    code, out, _ = cli("--help")
    assert code == 0
    for verb in ("demo", "train", "analyze", "list", "dashboard", "export", "import", "check"):
        assert f" {verb} " in out
    assert cli() == cli("--help")
    assert cli("--version")[1].startswith("headlapse 0.")


def test_listing_and_help_import_nothing_heavy(tmp_path: Path, trained_p5: Path) -> None:
    script = (
        "import sys\nfrom headlapse.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'torch', 'transformer_lens', 'plotly', 'dash', 'numpy'} & set(sys.modules)))"
    )
    for arguments in (["--help"], ["list"]):
        command = [sys.executable, "-c", script, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


def test_ctrl_c_is_safe(tmp_path: Path) -> None:
    """In a process of its own: SIGINT, exit code 130, and the same command goes on."""
    command = [sys.executable, "-m", "headlapse", "train", FAMILY, "--prime", "5", "--epochs", "100000"]
    checkpoint = tmp_path / FAMILY / NAME / "checkpoints" / "checkpoint_epoch_00100.safetensors"
    with running([*command, "--results", str(tmp_path)], stderr=subprocess.PIPE, text=True) as process:
        until(checkpoint.exists, said=lambda: "no checkpoint has landed")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    run = tmp_path / FAMILY / NAME
    status = json.loads((run / "status.json").read_text())
    saved = f"epoch {status['epoch']:,} is saved in {run}"
    assert err.splitlines()[-1] == f"cancelled; {saved}; run the same command again to continue"
    assert status["state"] == "cancelled" and status["epoch"] >= 100
