"""Every layout of the same weights becomes the same variant; what does not fit leaves nothing behind."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from einops import rearrange
from safetensors.torch import save_file

import headlapse
from headlapse.errors import CorruptFileError, HeadlapseError, IncompatibleFileError, InvalidValueError
from headlapse.models.bridge import build_bridge
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import to_bridge_layout, weight_shapes
from headlapse.results.orphans import orphans
from headlapse.storage.lock import locked
from tests.published import start
from tests.waiting import SECONDS

EPOCH = 40


@pytest.fixture(scope="module")
def weights(trained) -> dict[str, torch.Tensor]:
    """Trained weights with biases that are not zero."""
    weights = {name: torch.tensor(array) for name, array in trained.checkpoint(EPOCH).weights.items()}
    generator = torch.Generator().manual_seed(3)
    return {n: w + 0.01 * torch.randn(w.shape, generator=generator) if ".b_" in n else w for n, w in weights.items()}


def as_nanda(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The published layout, written down here once more, independently."""
    attention, mlp = "blocks.0.attn.", "blocks.0.mlp."
    return {
        "embed.W_E": weights["embed.W_E"].T,
        "pos_embed.W_pos": weights["pos_embed.W_pos"],
        **{f"{attention}W_{kind}": weights[f"{attention}W_{kind}"].transpose(1, 2) for kind in "QKV"},
        f"{attention}W_O": torch.cat(list(weights[f"{attention}W_O"])).T,
        f"{attention}mask": torch.tril(torch.ones(3, 3)),
        f"{mlp}W_in": weights[f"{mlp}W_in"].T,
        f"{mlp}b_in": weights[f"{mlp}b_in"],
        f"{mlp}W_out": weights[f"{mlp}W_out"].T,
        f"{mlp}b_out": weights[f"{mlp}b_out"],
        "unembed.W_U": weights["unembed.W_U"],
    }


def assert_same(variant, epoch: int, weights: dict[str, torch.Tensor], absent_are_zero: bool = False) -> None:
    found = variant.checkpoint(epoch).weights
    assert found.keys() == weights.keys()
    for name, array in found.items():
        zero = absent_are_zero and (".attn.b_" in name or name == "unembed.b_U")
        np.testing.assert_array_equal(array, torch.zeros_like(weights[name]) if zero else weights[name], err_msg=name)


BRIDGE_OF_WIDTH_24 = {
    **{"embed.weight": (8, 24), "pos_embed.weight": (3, 24), "unembed.weight": (7, 24)},
    **{f"blocks.0.attn.{kind}.weight": (24, 24) for kind in "qkvo"},
    **{"blocks.0.mlp.in.weight": (96, 24), "blocks.0.mlp.out.weight": (24, 96)},
}


def left_behind(results: Path) -> list[Path]:
    return [path for path in results.rglob("*") if path.is_file()]


def test_hooked_transformer_state_dicts(weights, tmp_path):
    state = {
        **weights,
        "blocks.0.attn.mask": torch.ones(3, 3, dtype=torch.bool).tril(),
        "blocks.0.attn.IGNORE": torch.tensor(-1e5),
    }
    torch.save(state, tmp_path / "model_40.pth")
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, tmp_path / "model_40.safetensors")
    for file in ("model_40.pth", "model_40.safetensors"):
        imported = headlapse.import_checkpoints(tmp_path / file, name=file, results=tmp_path / "results")
        assert imported.variant.epochs == [EPOCH]
        assert imported.variant.settings == {"prime": 7}
        assert_same(imported.variant, EPOCH, weights)


def test_bridge_state_dicts(weights, trained, tmp_path):
    bridge = build_bridge(ModelConfig.of(trained.family, trained.settings), weights)
    torch.save(bridge.state_dict(), tmp_path / "bridge.pt")
    imported = headlapse.import_checkpoints(tmp_path / "bridge.pt", epoch=5, results=tmp_path / "results")
    assert "4 heads (the family's number)" in imported.notes
    assert_same(imported.variant, 5, weights)


def test_the_number_of_fused_heads_is_asked_for_in_a_model_of_other_widths(tmp_path):
    """The weights split into the family's 4 heads, but nothing says that they have as many."""
    wide = {name: torch.ones(shape) for name, shape in BRIDGE_OF_WIDTH_24.items()}
    torch.save(wide, tmp_path / "bridge.pt")
    with pytest.raises(InvalidValueError, match=r"bridge.pt: .* joins the heads, .*; give the number with --heads"):
        headlapse.import_checkpoints(tmp_path / "bridge.pt", epoch=5, results=tmp_path / "results")
    torch.save({"model": wide, "config": {"n_heads": 6}}, tmp_path / "stated.pt")
    imported = headlapse.import_checkpoints(tmp_path / "stated.pt", epoch=5, results=tmp_path / "results")
    assert imported.variant.shape["n_heads"] == 6 and imported.variant.shape["d_head"] == 4


def test_the_number_of_fused_heads_can_be_given(weights, tmp_path):
    torch.save(to_bridge_layout(weights), tmp_path / "bridge.pt")
    imported = headlapse.import_checkpoints(tmp_path / "bridge.pt", epoch=5, heads=8, results=tmp_path / "results")
    assert imported.variant.shape == {"n_heads": 8, "d_head": 16}
    w_q = rearrange(weights["blocks.0.attn.W_Q"], "head model (half k) -> (head half) model k", half=2)
    np.testing.assert_array_equal(imported.variant.checkpoint(5).weights["blocks.0.attn.W_Q"], w_q)
    with pytest.raises(IncompatibleFileError, match="does not split into 5 heads"):
        headlapse.import_checkpoints(tmp_path / "bridge.pt", epoch=5, heads=5, name="five", results=tmp_path / "results")


def test_the_layout_of_the_progress_measures_paper(weights, tmp_path):
    content = {"model": as_nanda(weights), "epoch": 12, "train_losses": [2.0, 1.0], "test_losses": [3.0, 2.5]}
    torch.save(content, tmp_path / "run.pth")
    imported = headlapse.import_checkpoints(tmp_path / "run.pth", results=tmp_path / "results")
    assert_same(imported.variant, 12, weights, absent_are_zero=True)
    assert imported.variant.metadata["test_losses"] == [3.0, 2.5, *[None] * 10]
    assert any("set to zero: blocks.0.attn.b_K" in note for note in imported.notes)


def test_more_outputs_than_answers_are_kept(weights, tmp_path):
    wide = {**weights, "unembed.W_U": torch.randn(128, 8), "unembed.b_U": torch.zeros(8)}
    torch.save(wide, tmp_path / "m1.pth")
    variant = headlapse.import_checkpoints(tmp_path / "m1.pth", results=tmp_path / "results").variant
    assert variant.shape == {"d_vocab_out": 8}
    reopened = headlapse.load_variant(variant.paths.root)
    assert headlapse.to_bridge(reopened, 1)(torch.tensor([[1, 2, 7]])).shape == (1, 3, 8)


def test_a_file_of_many_checkpoints(weights, trained, tmp_path):
    states = [{name: tensor * scale for name, tensor in weights.items()} for scale in (1, 2)]
    content = {"checkpoints": states[::-1], "checkpoint_epochs": [99, 9], "train_losses": [1.0], "test_losses": [1.5, None]}
    content |= {name: trained.metadata[name] for name in ("train_indices", "test_indices")}
    torch.save(content, tmp_path / "grokking.pth")
    imported = headlapse.import_checkpoints(tmp_path / "grokking.pth", results=tmp_path / "results")
    assert imported.variant.epochs == [9, 99]
    for epoch, state in zip((9, 99), states, strict=True):
        assert_same(imported.variant, epoch, state)
    extra = imported.variant.checkpoint(9).extra
    n_train, n_test = len(content["train_indices"]), len(content["test_indices"])
    assert extra["accuracy"] == pytest.approx((extra["train_accuracy"] * n_train + extra["test_accuracy"] * n_test) / 49)


def test_a_pickled_configuration_is_read_as_plain_attributes(weights, tmp_path):
    """The public demo pickles its configuration object; its class is neither needed nor run."""
    code = """
import sys, types, torch
module = types.ModuleType("transformer_lens.HookedTransformerConfig")
class HookedTransformerConfig: pass
HookedTransformerConfig.__module__ = module.__name__
module.HookedTransformerConfig = HookedTransformerConfig
sys.modules["transformer_lens"] = types.ModuleType("transformer_lens")
sys.modules[module.__name__] = module
config = HookedTransformerConfig()
config.n_heads, config.seed, config.dtype = 8, 5, torch.float32
torch.save({"model": torch.load(sys.argv[1]), "config": config, "epoch": 3}, sys.argv[2])
"""
    torch.save(to_bridge_layout(weights), tmp_path / "state.pt")
    subprocess.run([sys.executable, "-c", code, tmp_path / "state.pt", tmp_path / "demo.pth"], check=True)
    variant = headlapse.import_checkpoints(tmp_path / "demo.pth", results=tmp_path / "results").variant
    assert variant.settings == {"prime": 7, "seed": 5}
    assert variant.shape["n_heads"] == 8


def test_a_folder_with_losses_split_and_settings(trained, tmp_path):
    imported = headlapse.import_checkpoints(trained.paths.root, results=tmp_path, name="theirs")
    variant = headlapse.load_variant(imported.variant.paths.root)
    assert (variant.epochs, variant.settings) == (trained.epochs, trained.settings)
    for name, values in trained.metadata.items():
        assert variant.metadata[name] == values, name
    for epoch in trained.epochs:
        assert variant.checkpoint(epoch).sha256 == trained.checkpoint(epoch).sha256
        assert variant.checkpoint(epoch).extra["test_accuracy"] == trained.checkpoint(epoch).extra["test_accuracy"]
    with pytest.raises(InvalidValueError, match="choose another --name"):
        headlapse.import_checkpoints(trained.paths.root, results=tmp_path, name="theirs")


def test_an_imported_model_is_analysed_like_any_other(trained, tmp_path):
    from headlapse.analysis import AnalysisPipeline

    variant = headlapse.import_checkpoints(trained.paths.root, results=tmp_path, name="theirs").variant
    assert not AnalysisPipeline(variant).run().failed
    for name in trained.artifacts.get_epochs("attention_patterns"):
        theirs = variant.artifacts.load_epoch("attention_patterns", name)["patterns"]
        np.testing.assert_array_equal(theirs, trained.artifacts.load_epoch("attention_patterns", name)["patterns"])


def test_export_back_to_the_bridge_is_exact(trained):
    bridge = headlapse.to_bridge(trained, EPOCH)
    weights = {name: torch.tensor(array) for name, array in trained.checkpoint(EPOCH).weights.items()}
    for name, tensor in to_bridge_layout(weights).items():
        assert torch.equal(bridge.state_dict()[name], tensor)


class Payload:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self):
        return (Path.touch, (self.target,))


def test_a_malicious_pickle_is_refused_and_does_nothing(tmp_path):
    for file in ("evil.pth", "evil_1.pt"):
        with (tmp_path / file).open("wb") as stream:
            pickle.dump({"model": Payload(tmp_path / "touched")}, stream)
    torch.save({"model": Payload(tmp_path / "touched")}, tmp_path / "evil_2.pth")
    for file in ("evil.pth", "evil_1.pt", "evil_2.pth"):
        with pytest.raises(CorruptFileError, match="cannot be read as weights alone"):
            headlapse.import_checkpoints(tmp_path / file, epoch=1, results=tmp_path / "results")
    assert not (tmp_path / "touched").exists()
    assert left_behind(tmp_path / "results") == []


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_truncated_files_are_refused(weights, tmp_path, suffix):
    whole = tmp_path / f"whole{suffix}"
    torch.save(weights, whole) if suffix == ".pth" else save_file(weights, whole)
    content = whole.read_bytes()
    for size in (0, 1, 7, 8, 100, len(content) // 2, len(content) - 1):
        cut = tmp_path / f"cut_1{suffix}"
        cut.write_bytes(content[:size])
        with pytest.raises(HeadlapseError):
            headlapse.import_checkpoints(cut, results=tmp_path / "results")
    assert left_behind(tmp_path / "results") == []


def broken(weights: dict[str, torch.Tensor], **changes: torch.Tensor | None) -> dict[str, torch.Tensor]:
    state = {**weights, **{name.replace("__", "."): tensor for name, tensor in changes.items()}}
    return {name: tensor for name, tensor in state.items() if tensor is not None}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"embed__W_E": None}, "has no embed.W_E"),
        ({"blocks__1__attn__W_Q": torch.zeros(4, 128, 32)}, "holds 2 layers, and the models of modulo_addition_1layer have 1"),
        ({"pos_embed__W_pos": torch.zeros(5, 128)}, "reads 5 positions"),
        ({"embed__W_E": torch.zeros(8, 64)}, "pos_embed.W_pos has shape"),
        ({"embed__W_E": torch.zeros(8)}, "expected 2 axes"),
        ({"unembed__W_U": torch.zeros(128, 3), "unembed__b_U": torch.zeros(3)}, "3 outputs for 7 answers"),
        ({"unembed__b_U": torch.full((7,), torch.nan)}, "NaN"),
        ({"unembed__b_U": torch.zeros(7, dtype=torch.int64)}, "not floating-point"),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_the_reason(weights, tmp_path, changes, reason):
    torch.save(broken(weights, **changes), tmp_path / "m1.pth")
    with pytest.raises(IncompatibleFileError, match=reason):
        headlapse.import_checkpoints(tmp_path / "m1.pth", results=tmp_path / "results")
    assert left_behind(tmp_path / "results") == []


def test_the_second_of_two_states_that_does_not_fit_leaves_nothing_of_the_first(weights, tmp_path):
    torch.save(weights, tmp_path / "m1.pth")
    torch.save(broken(weights, embed__W_E=torch.zeros(8, 64)), tmp_path / "m2.pth")
    with pytest.raises(IncompatibleFileError, match=r"m2\.pth"):
        headlapse.import_checkpoints([tmp_path / "m1.pth", tmp_path / "m2.pth"], results=tmp_path / "results")
    assert left_behind(tmp_path / "results") == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"prime": 11}, "the family's models read 12"),
        ({"heads": 2}, "the shapes say 4 heads"),
        ({"name": "../up"}, "a name must be"),
        ({"name": "modulo_addition_1layer_p7"}, "for variants trained here"),
        ({"family": "none"}, "unknown family"),
        ({"epoch": -1}, "whole number"),
    ],
)
def test_wrong_options_are_refused(weights, tmp_path, options, reason):
    torch.save(weights, tmp_path / "m1.pth")
    with pytest.raises(HeadlapseError, match=reason):
        headlapse.import_checkpoints(tmp_path / "m1.pth", results=tmp_path / "results", **options)
    assert left_behind(tmp_path / "results") == []


@pytest.mark.parametrize("heads", [0, -4, float("nan"), float("inf"), 1.5, True])
def test_a_number_of_heads_that_cannot_be_is_refused(weights, tmp_path, heads):
    torch.save({"model": to_bridge_layout(weights), "config": {"n_heads": heads}, "epoch": 1}, tmp_path / "m1.pth")
    torch.save(to_bridge_layout(weights), tmp_path / "m2.pth")
    for name, options in (("m1.pth", {}), ("m2.pth", {"heads": heads})):
        with pytest.raises(InvalidValueError, match=r"number of heads.* must be a whole number >= 1"):
            headlapse.import_checkpoints(tmp_path / name, results=tmp_path / "results", **options)
    assert left_behind(tmp_path / "results") == []


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        ({"train_indices": [0, 49]}, "train_indices must be rows of the 49 inputs, 0 to 48; found 49"),
        ({"train_indices": [-1]}, "found -1"),
        ({"test_indices": torch.tensor([0.5])}, "found 0.5"),
        ({"test_indices": [None]}, "found None"),
        ({"train_losses": [[1.0, 2.0]]}, "train_losses must be a list of numbers"),
        ({"test_losses": 3.0}, "test_losses must be a list of numbers"),
        ({"test_losses": "none"}, "test_losses must be a list of numbers"),
    ],
)
def test_records_that_do_not_fit_are_refused(weights, tmp_path, recorded, reason):
    torch.save({"model": weights, "epoch": 1, **recorded}, tmp_path / "m1.pth")
    with pytest.raises(HeadlapseError, match=reason):
        headlapse.import_checkpoints(tmp_path / "m1.pth", results=tmp_path / "results")
    assert left_behind(tmp_path / "results") == []


def test_a_split_without_test_rows_has_no_test_accuracy(weights, tmp_path):
    split = {"train_indices": torch.arange(49), "test_indices": []}
    torch.save({"model": weights, "epoch": 1, **split}, tmp_path / "m1.pth")
    record = headlapse.import_checkpoints(tmp_path / "m1.pth", results=tmp_path / "results").variant.record(1)
    assert record["train_accuracy"] == record["accuracy"] and "test_accuracy" not in record


def test_an_epoch_that_nobody_states_is_asked_for(weights, tmp_path):
    torch.save(weights, tmp_path / "final.pth")
    with pytest.raises(InvalidValueError, match="give --epoch"):
        headlapse.import_checkpoints(tmp_path / "final.pth", results=tmp_path / "results")


def test_other_things_are_refused(weights, tmp_path):
    torch.save([1, 2], tmp_path / "list_1.pth")
    torch.save({"checkpoints": [weights], "checkpoint_epochs": [1, 2]}, tmp_path / "uneven_1.pth")
    torch.save({"some.weight": torch.zeros(3)}, tmp_path / "other_1.pth")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("epoch 3")
    for name, reason in (
        ("list_1.pth", "holds a list"),
        ("uneven_1.pth", "as many checkpoint_epochs"),
        ("other_1.pth", "in no known layout"),
        ("empty", "holds no files such as"),
        ("absent.pth", "does not exist"),
        ("notes.txt", "known formats, whatever the ending"),
    ):
        with pytest.raises(HeadlapseError, match=reason):
            headlapse.import_checkpoints(tmp_path / name, results=tmp_path / "results")


def test_the_published_model_answers_every_question(reference, tmp_path):
    file = reference / "nanda" / "mod_addition_no_wd.pth"
    imported = headlapse.import_checkpoints(file, results=tmp_path)
    assert imported.accuracy == {4999: 1.0}
    assert "accuracy 1.0000 over all inputs" in str(imported)
    assert len(imported.variant.metadata["train_losses"]) == 5000


def test_patterns_of_the_published_layout_equal_an_independent_computation(weights, tmp_path):
    torch.save({"model": as_nanda(weights), "epoch": 4999}, tmp_path / "run.pth")
    check_patterns(tmp_path / "run.pth", 7, tmp_path / "results")


def test_the_published_models_patterns_equal_an_independent_computation(reference, tmp_path):
    check_patterns(reference / "nanda" / "mod_addition_no_wd.pth", 113, tmp_path)


def check_patterns(file: Path, p: int, results: Path) -> None:
    """What `=` attends to, from the file's own tensors in float64."""
    from headlapse.analysis import AnalysisPipeline

    variant = headlapse.import_checkpoints(file, results=results).variant
    AnalysisPipeline(variant).run()
    patterns = variant.artifacts.load_epoch("attention_patterns", 4999)["patterns"]
    raw = {n: t.double().numpy() for n, t in torch.load(file, map_location="cpu", weights_only=True)["model"].items()}
    x = [raw["embed.W_E"][:, :p].T + raw["pos_embed.W_pos"][at] for at in range(2)]
    end = raw["embed.W_E"][:, p] + raw["pos_embed.W_pos"][2]
    for head in range(4):
        query = raw["blocks.0.attn.W_Q"][head] @ end
        keys = [rows @ raw["blocks.0.attn.W_K"][head].T @ query / np.sqrt(32) for rows in (*x, end[None])]
        grid = np.stack(np.broadcast_arrays(keys[0][:, None], keys[1][None, :], keys[2][0]))
        expected = np.exp(grid) / np.exp(grid).sum(axis=0)
        np.testing.assert_allclose(patterns[head, 2], expected, atol=1e-6)


def test_the_published_start_keeps_its_bits(tmp_path):
    buffers = {"blocks.0.attn.mask": torch.ones(3, 3, dtype=torch.bool).tril(), "blocks.0.attn.IGNORE": torch.tensor(-1e5)}
    save_file({**{name: torch.tensor(array) for name, array in start().items()}, **buffers}, tmp_path / "init.safetensors")
    check_bits(tmp_path / "init.safetensors", tmp_path / "results")


def test_the_reference_start_keeps_its_bits(reference, tmp_path):
    check_bits(reference / "hooked_transformer" / "p113_seed999_init.safetensors", tmp_path)


def check_bits(file: Path, results: Path) -> None:
    from safetensors.numpy import load_file

    variant = headlapse.import_checkpoints(file, epoch=0, results=results).variant
    theirs = load_file(file)
    for name, array in variant.checkpoint(0).weights.items():
        np.testing.assert_array_equal(array, theirs[name])
    assert set(weight_shapes(ModelConfig.of(variant.family, variant.settings))) <= set(theirs)


def test_the_command_prints_accuracy_and_what_to_do_next(trained, tmp_path, monkeypatch, capsys):
    from headlapse.cli import main

    options = ["--name", "theirs", "--results", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["headlapse", "import", str(trained.paths.root), *options])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr().out
    assert ended.value.code == 0
    assert "epoch 60: accuracy" in printed
    assert "next: headlapse analyze theirs" in printed
    assert json.loads((tmp_path / trained.family.name / "theirs" / "config.json").read_text())["origin"]["name"] == "theirs"


KILLED = """
import os, sys
import headlapse
from headlapse.importing import importer
from headlapse.results.records import write_config
importer.write_variant = lambda variant, *_: (write_config(variant, {}, {}), os._exit(9))
headlapse.import_checkpoints(sys.argv[1], name="once", results=sys.argv[2])
"""


def test_what_a_killed_import_left_goes_with_the_next(weights, tmp_path):
    results, file = tmp_path / "results", tmp_path / "model_40.pth"
    torch.save(weights, file)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(file), str(results)], check=False, timeout=SECONDS)
    assert killed.returncode == 9
    (left,) = orphans(results)
    with locked(left / ".lock", "import"):
        assert orphans(results) == [], "an import that is at work is not dead"
    assert headlapse.import_checkpoints(file, name="once", results=results).variant.epochs == [EPOCH]
    assert not left.exists() and orphans(results) == []
