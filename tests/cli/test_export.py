from shutil import rmtree

import pytest
from PIL import Image

from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from tests.dashboard.runs import make_variant


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`run(*arguments)` runs `headlapse export` on a made-up variant; its exit code."""
    monkeypatch.chdir(tmp_path)
    variant = make_variant(tmp_path / "results", [0, 100, 200])

    def export(*arguments):
        return run_guarded(lambda: build_app()(["export", variant.name, *arguments], standalone_mode=False), debug=False)

    return export


def test_writes_the_file_and_prints_its_path(run, tmp_path, capsys):
    assert run("--epoch", "100", "--pair", "2:1", "--output", "heads.png") == 0
    assert capsys.readouterr().out == "heads.png\n"
    assert (tmp_path / "heads.png").read_bytes().startswith(b"\x89PNG")


def test_range_frames_and_default_name(run, tmp_path):
    assert run("--from", "50", "--to", "200", "--frames", "2", "--set", "color=around-0") == 0
    (path,) = tmp_path.glob("*.gif")
    assert path.name.endswith("_heads_e100-200_color-around-0.gif")


def test_two_variants_are_drawn_into_one_file(run, tmp_path, capsys):
    other = make_variant(tmp_path / "results", [0, 130], seed=2)
    assert run(other.name, "--epoch", "100", "--output", "two.png", "--align", "epoch") == 0
    assert capsys.readouterr().out == "two.png\n"
    assert b"epoch=100" in (content := (tmp_path / "two.png").read_bytes()) and b"epoch=130" in content


def test_positions_are_named_by_number_or_by_label(run, tmp_path):
    pictures = set()
    for pair in ("=:a", "2:0", "-1:0", "= attending to a"):
        assert run("--epoch", "100", "--pair", pair, "--output", "pair.png") == 0
        pictures.add(pixels_of(tmp_path / "pair.png"))
    assert len(pictures) == 1
    assert run("--epoch", "100", "--pair", "b:a", "--output", "pair.png") == 0
    assert pixels_of(tmp_path / "pair.png") not in pictures


def pixels_of(path):
    return Image.open(path).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epoch", "50"], "nearest: 0, 100"),
        (["--epoch", "0", "--from", "0"], "not both"),
        (["--set", "color"], "NAME=VALUE"),
        (["--pair", "3:0"], "valid: -3 to 2"),
        (["--pair", "=:c"], "pair must be TO:FROM, as in '2:0', of the positions a, b, =, got '=:c'"),
        (["--pair", "2"], "pair must be TO:FROM"),
        (["--set", "to=c"], "to must be a number or one of =, b, a, got 'c'"),
        (
            ["--view", "attention_single_head", "--head", "last"],
            "head must be a number or one of Head 0, Head 1, Head 2, Head 3,",
        ),
        (["--view", "replaced_heads", "--pair", "=:a"], "unknown control of replaced_heads"),
        (["--view", "replaced_heads", "--head", "0"], "unknown control of replaced_heads"),
        (["--output", "heads.bmp"], "must end in one of"),
        (["--align", "grokking"], "--align is for variants that are compared"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(run, arguments, message, capsys):
    assert run(*arguments) == 2
    words = capsys.readouterr().err
    assert message in words
    assert words.count("\n") == 1


@pytest.mark.parametrize(
    ("view", "command"),
    [
        ("input_correctness_map", "headlapse analyze {name} --analyzer input_correctness"),
        ("head_ablation_loss", "headlapse analyze {name} --analyzer head_ablation"),
        ("attention_heads_grid", "headlapse analyze {name}"),
    ],
)
def test_a_missing_analysis_names_the_command_that_makes_it(run, view, command, tmp_path, capsys):
    for folder in tmp_path.glob("results/*/*/artifacts"):
        rmtree(folder)
    assert run("--view", view) == 1
    name = "modulo_addition_1layer_p7_seed999_dseed598"
    assert capsys.readouterr().err.endswith(f"run: {command.format(name=name)}\n")
