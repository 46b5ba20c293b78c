"""Weights are found wherever a file keeps them and whatever their names begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file, save_model

from headlapse.errors import IncompatibleFileError, InvalidValueError, UnknownNameError
from headlapse.models.bridge import build_bridge
from headlapse.models.config import ModelConfig
from tests.importing.models import D_MODEL, HEADS, P, Weights, as_bridge, as_nanda, assert_weights, model, take, without_biases

PREFIXES = [
    *("module.", "_orig_mod.", "model.", "transformer.", "net.", "_forward_module.", "0."),
    *("module._orig_mod.", "model._orig_mod.", "_orig_mod.module.", "module.model.transformer."),
    *("_fsdp_wrapped_module._checkpoint_wrapped_module.", "module.module.module.", "encoder.my_net."),
]


def prefixed(prefix: str, weights: Weights) -> Weights:
    return {prefix + name: tensor for name, tensor in weights.items()}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefixes_are_taken_off_and_named(prefix: str, tmp_path: Path) -> None:
    torch.save(prefixed(prefix, model()), tmp_path / "epoch_5.pt")
    imported = take(tmp_path / "epoch_5.pt", tmp_path)
    assert_weights(imported, 5, model())
    assert f"prefix {prefix!r} taken off all names" in imported.notes


@pytest.mark.parametrize("change", [as_bridge, as_nanda], ids=["bridge", "progress_measures"])
def test_prefixes_of_other_layouts(change: Any, tmp_path: Path) -> None:
    torch.save({"state_dict": prefixed("module._orig_mod.", change(without_biases(model())))}, tmp_path / "epoch_5.pt")
    assert_weights(take(tmp_path / "epoch_5.pt", tmp_path, heads=HEADS), 5, without_biases(model()))


def test_wrappers_in_the_middle_of_names(tmp_path: Path) -> None:
    inside = {name.replace("attn.", "_orig_mod.attn._checkpoint_wrapped_module."): t for name, t in model().items()}
    torch.save(prefixed("_fsdp_wrapped_module.", inside), tmp_path / "epoch_5.pt")
    assert_weights(take(tmp_path / "epoch_5.pt", tmp_path), 5, model())


@pytest.mark.parametrize(
    "key", ["model", "state_dict", "model_state_dict", "net", "model_state", "weights", "params", "module", "généré"]
)
def test_the_only_dictionary_of_weights_whatever_its_key(key: Any, tmp_path: Path) -> None:
    optimizer = {"state": {0: {"exp_avg": torch.ones(3)}}, "param_groups": [{}]}
    torch.save({"step": 100, key: model(), "optimizer_state_dict": optimizer}, tmp_path / "a.pt")
    imported = take(tmp_path / "a.pt", tmp_path)
    assert_weights(imported, 100, model())
    assert "not used: optimizer_state_dict" in imported.notes


@pytest.mark.parametrize(
    "content",
    [
        {"trainer": {"module": {"model": model()}, "step": 9}},
        {**model(), "epoch": 9, "train_losses": [1.0] * 9, "optimizer": {"a": torch.ones(2)}},
        {"epoch": 9, "state": {"embed": {"W_E": 0}, "net": model()}},
        {"info": {"epoch": 9}, "net": {**dict(list(model().items())[1:]), "embed": {"W_E": model()["embed.W_E"]}}},
    ],
    ids=["deep", "among other things", "beside numbers", "partly nested"],
)
def test_places(content: Any, tmp_path: Path) -> None:
    torch.save(content, tmp_path / "a.pt")
    assert_weights(take(tmp_path / "a.pt", tmp_path), 9, model())


def test_a_lightning_checkpoint(tmp_path: Path) -> None:
    content = {
        "epoch": 3,
        "global_step": 300,
        "pytorch-lightning_version": "2.4.0",
        "state_dict": {**prefixed("model.", model()), "train_acc.total": torch.tensor(3), "criterion.weight": torch.ones(2)},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.5), "best_model_path": "/x"}},
        "optimizer_states": [{"state": {}, "param_groups": []}],
        "lr_schedulers": [],
        "loops": {"fit_loop": {"epoch_progress": {"current": {"completed": 3}}}},
        "hyper_parameters": {"learning_rate": 0.01, "wd": 0.5},
    }
    torch.save(content, tmp_path / "epoch=3-step=300.ckpt")
    imported = take(tmp_path / "epoch=3-step=300.ckpt", tmp_path)
    assert_weights(imported, 3, model())
    assert imported.variant.settings == {"prime": P, "lr": 0.01, "weight_decay": 0.5}
    assert "epoch 3 is used, not global_step 300" in "\n".join(imported.notes)


def test_a_nanogpt_like_checkpoint(tmp_path: Path) -> None:
    content = {
        "model": prefixed("_orig_mod.", model()),
        "optimizer": {"state": {}, "param_groups": [{"lr": 0.1}]},
        "model_args": {"n_layer": 1, "n_head": HEADS},
        "iter_num": 400,
        "best_val_loss": torch.tensor(1.5),
        "config": {"learning_rate": 0.002, "dataset": "add"},
    }
    torch.save(content, tmp_path / "ckpt.pt")
    imported = take(tmp_path / "ckpt.pt", tmp_path)
    assert_weights(imported, 400, model())
    assert imported.variant.settings["lr"] == 0.002
    assert imported.variant.record(400)["test_loss"] is None, "the best loss is not that of these weights"


def test_copies_are_left_out_by_name(tmp_path: Path) -> None:
    torch.save({"model": model(), "ema": model(1), "best_model": model(2), "epoch": 5}, tmp_path / "a.pt")
    imported = take(tmp_path / "a.pt", tmp_path)
    assert_weights(imported, 5, model())
    for place in ("ema", "best_model"):
        assert f"a.pt: the weights under {place} are left out" in imported.notes
    assert_weights(take(tmp_path / "a.pt", tmp_path, weights="ema", name="ema"), 5, model(1))


@pytest.mark.parametrize("place", ["opt_state.mu", "optimizer.exp_avg", "grads", "state.momentum", "nu", "model_gradients"])
def test_moments_and_gradients_are_no_weights(place: str, tmp_path: Path) -> None:
    *around, key = place.split(".")
    moments: Any = {key: model(1)}
    for name in around:
        moments = {name: moments}
    torch.save({"params": model(), **moments, "epoch": 5}, tmp_path / "a.pt")
    imported = take(tmp_path / "a.pt", tmp_path)
    assert_weights(imported, 5, model())
    assert f"a.pt: the weights under {place} are left out" in imported.notes
    torch.save({**moments, "epoch": 5}, tmp_path / "b.pt")
    with pytest.raises(IncompatibleFileError, match=rf"holds tensors under '{place}', which are hardly weights; .* --weights"):
        take(tmp_path / "b.pt", tmp_path)
    assert_weights(take(tmp_path / "b.pt", tmp_path, weights=place), 5, model(1))


def test_of_several_the_one_that_is_meant_must_be_said(tmp_path: Path) -> None:
    torch.save({"generator": model(), "critic": prefixed("module.", model(1)), "epoch": 5}, tmp_path / "a.pt")
    with pytest.raises(InvalidValueError, match=r"holds weights under 'generator', 'critic.module'; say which .* --weights"):
        take(tmp_path / "a.pt", tmp_path)
    with pytest.raises(UnknownNameError, match="no weights under 'actor'; it has them under 'generator'"):
        take(tmp_path / "a.pt", tmp_path, weights="actor")
    assert_weights(take(tmp_path / "a.pt", tmp_path, weights="critic"), 5, model(1))
    torch.save(model(), tmp_path / "plain_5.pt")
    with pytest.raises(UnknownNameError, match="no weights under 'actor'; leave out --weights: it has only one set"):
        take(tmp_path / "plain_5.pt", tmp_path, weights="actor")


def test_the_same_dictionary_under_two_keys_is_one(tmp_path: Path) -> None:
    state = model()
    torch.save({"model": state, "state_dict": state, "epoch": 5}, tmp_path / "a.pt")
    assert_weights(take(tmp_path / "a.pt", tmp_path), 5, state)


class Wrapped(torch.nn.Module):
    def __init__(self, inner: torch.nn.Module) -> None:
        super().__init__()
        self.module = inner
        self.register_buffer("n_averaged", torch.tensor(0))


@pytest.mark.parametrize("how", ["state_dict", "wrapped", "save_model"])
def test_a_bridge_in_another_module_names_its_tensors_twice(how: str, family: Any, tmp_path: Path) -> None:
    """`torch.nn.Module.state_dict` of a bridge, which DDP calls, gives each tensor up to four names."""
    shape = {"n_heads": HEADS, "d_model": D_MODEL, "d_head": 5, "d_mlp": 28}
    bridge = build_bridge(ModelConfig.of(family, {"prime": P}, shape), model())
    whole = Wrapped(bridge)
    if how == "save_model":
        save_model(whole, str(tmp_path / "epoch_5"))
    else:
        torch.save(whole.state_dict() if how == "wrapped" else torch.nn.Module.state_dict(bridge), tmp_path / "epoch_5")
    assert_weights(take(tmp_path / "epoch_5", tmp_path, heads=HEADS), 5, model())


def test_names_that_mean_a_tensor_already_read(tmp_path: Path) -> None:
    weights = model()
    more = {"tok_embed.W_E": weights["embed.W_E"], "blocks.0.attn.O": weights["blocks.0.attn.W_O"]}
    torch.save({**weights, **more}, tmp_path / "epoch_5.pt")
    imported = take(tmp_path / "epoch_5.pt", tmp_path)
    assert_weights(imported, 5, weights)
    assert "tok_embed.W_E is embed.W_E once more" in imported.notes
    save_file({**weights, **{name: tensor.clone() for name, tensor in more.items()}}, tmp_path / "epoch_6.pt")
    assert_weights(take(tmp_path / "epoch_6.pt", tmp_path), 6, weights)


def test_the_transpose_of_a_tensor_already_read(tmp_path: Path) -> None:
    weights = model()
    torch.save({**weights, "lm_head.weight": weights["unembed.W_U"].T.contiguous()}, tmp_path / "epoch_5.pt")
    imported = take(tmp_path / "epoch_5.pt", tmp_path)
    assert_weights(imported, 5, weights)
    assert "lm_head.weight is unembed.W_U once more" in imported.notes


def test_a_vector_of_zeros_is_no_copy_of_another(tmp_path: Path) -> None:
    weights = without_biases(model())
    torch.save({**weights, "blocks.0.ln1.b": torch.zeros(D_MODEL)}, tmp_path / "epoch_5.pt")
    with pytest.raises(IncompatibleFileError, match=r"has blocks.0.ln1.b, which this family's models do not have"):
        take(tmp_path / "epoch_5.pt", tmp_path)


@pytest.mark.parametrize("change", [lambda w: w, as_bridge, as_nanda], ids=["hooked", "bridge", "progress_measures"])
def test_a_tied_unembedding(change: Any, tmp_path: Path) -> None:
    weights = without_biases(model())
    weights |= {"unembed.W_U": weights["embed.W_E"].T.contiguous(), "unembed.b_U": torch.zeros(P + 1)}
    state = {name: t for name, t in change(weights).items() if not name.startswith("unembed")}
    torch.save({"model": {**state, "lm_head.weight": next(iter(state.values()))}}, tmp_path / "epoch_5.pt")
    imported = take(tmp_path / "epoch_5.pt", tmp_path, heads=HEADS)
    assert_weights(imported, 5, weights)
    assert "no unembedding in the file: taken as tied to the embedding" in imported.notes


def test_a_tied_unembedding_that_safetensors_left_out(tmp_path: Path) -> None:
    class Tied(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name, tensor in as_bridge(weights).items():
                module = self
                for part in name.split(".")[:-1]:
                    if not hasattr(module, part):
                        module.add_module(part, torch.nn.Module())
                    module = getattr(module, part)
                setattr(module, name.rsplit(".", 1)[-1], torch.nn.Parameter(tensor.contiguous()))
            self.unembed.weight = self.embed.weight

    weights = model()
    weights |= {"unembed.W_U": weights["embed.W_E"].T.contiguous(), "unembed.b_U": torch.arange(P + 1.0)}
    save_model(Tied(), str(tmp_path / "epoch_5.safetensors"))
    assert_weights(take(tmp_path / "epoch_5.safetensors", tmp_path, heads=HEADS), 5, weights)


def test_unknown_weights_are_refused_wherever_they_are(tmp_path: Path) -> None:
    second = {name.replace("blocks.0", "blocks.1"): t for name, t in model().items() if "blocks.0" in name}
    torch.save({"model": prefixed("module.", {**model(), **second})}, tmp_path / "epoch_5.pt")
    with pytest.raises(IncompatibleFileError, match=r"holds 2 layers, and the models of modulo_addition_1layer have 1"):
        take(tmp_path / "epoch_5.pt", tmp_path)


def test_two_tensors_that_wrappers_alone_tell_apart_are_refused(tmp_path: Path) -> None:
    torch.save({**model(), **prefixed("_orig_mod.", model(1))}, tmp_path / "epoch_5.pt")
    with pytest.raises(IncompatibleFileError, match=r"two different tensors that are called embed\.W_E"):
        take(tmp_path / "epoch_5.pt", tmp_path)


BESIDE = ("step_norm.w", "data_embed.W_E", "iter_gate.bias", "historyProj.weight", "config_bias.b")


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("wrap", ["", "net", "module."])
def test_a_part_of_a_model_is_no_bookkeeping(name: str, wrap: str, tmp_path: Path) -> None:
    """Its name only has a word of a training script in it."""
    weights = {**model(), name: torch.ones(D_MODEL)}
    content = {f"module.{key}": tensor for key, tensor in weights.items()} if wrap == "module." else weights
    torch.save({wrap: content} if wrap == "net" else content, tmp_path / "epoch_5.pt")
    with pytest.raises(IncompatibleFileError, match=f"has {name}, which this family's models do not have"):
        take(tmp_path / "epoch_5.pt", tmp_path)


def test_bookkeeping_among_weights_is_left_out(tmp_path: Path) -> None:
    moments = {"adam_optimizer.state.0.exp_avg": torch.ones(3), "lr_scheduler.base": torch.ones(1)}
    counts = {"step": torch.tensor(5.0), "val_loss_history": torch.ones(4), "data_ids": torch.arange(3)}
    torch.save({"net": {**model(), **moments, **counts}, "epoch": 5}, tmp_path / "a.pt")
    assert_weights(take(tmp_path / "a.pt", tmp_path), 5, model())


@pytest.mark.parametrize("name", ["blocks.0.attn.b_Q", "blocks.0.mlp.b_in", "unembed.W_U"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_state_that_lacks_a_tensor_of_the_others_is_refused(name: str, place: int, tmp_path: Path) -> None:
    states = [model(0), model(1)]
    del states[place][name]
    for epoch, state in zip((5, 6), states, strict=True):
        torch.save(state, tmp_path / f"epoch_{epoch}.pt")
    reason = rf"epoch_{5 + place}.pt: has no {name}, which epoch_{6 - place}.pt has; export it again whole"
    with pytest.raises(IncompatibleFileError, match=reason):
        take(tmp_path, tmp_path)
    torch.save([(0, states[0]), (9, states[1])], tmp_path / "one.pt")
    with pytest.raises(IncompatibleFileError, match=f"has no {name}, which epoch {9 - 9 * place} has"):
        take(tmp_path / "one.pt", tmp_path)


def test_a_bias_that_is_zero_in_the_others_may_be_missing(tmp_path: Path) -> None:
    torch.save(without_biases(model()), tmp_path / "epoch_5.pt")
    torch.save(as_nanda(model(1)), tmp_path / "epoch_6.pt")
    imported = take(tmp_path, tmp_path)
    assert_weights(imported, 6, without_biases(model(1)))
