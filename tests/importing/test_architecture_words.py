"""What keys say about attention is recognised by their words, in whatever order and form programs write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import GPT2Config

from headlapse.errors import IncompatibleFileError
from headlapse.importing import architecture_words
from tests.importing.models import D_HEAD, D_MLP, D_MODEL, HEADS, P, model, take

REFUSED: list[dict[str, Any]] = [
    *({"use_rotary_pos_emb": True}, {"rotary_ndims": 4}, {"apply_rope": True}, {"rope_local_base_freq": 10000.0}),
    *({"pos_encoding_type": "rope"}, {"pos_emb_kind": "alibi"}, {"pe": "sinusoidal"}, {"alibi_bias_max": 8}, {"nope": True}),
    *({"num_kv_heads": 1}, {"num_query_groups": 1}, {"num_key_value_groups": 3}, {"multi_query": True}, {"gqa": True}),
    *({"attn_logits_soft_cap": 50.0}, {"tanh_cap": 10}, {"scoreCap": 20.0}, {"final_softcap": 30}),
    *({"swa_window": 2}, {"local_attn_size": 1}, {"attn_span": [2]}, {"causal_window": 2}, {"lookback": 1}, {"block_size": 2}),
    *({"q_norm": True}, {"use_qk_rmsnorm": True}, {"qk_norm_type": "rms"}, {"normalizeQueries": True}, {"qk_l2norm": "yes"}),
    *({"multiply_embed_by_sqrt_d": True}, {"embed_multiplier": 4.5}, {"mup_base_width": 64}, {"layer_scale": 0.1}),
    *({"attn_post_norm": True}, {"sub_ln": True}, {"norm_after": "attn"}, {"macaron": True}, {"parallel_mlp": True}),
    *(
        {"parallelAttnFF": True},
        {"entmax_alpha": 1.5},
        {"sigmoid_attention": True},
        {"attn_tanh": True},
        {"hard_attention": True},
    ),
    *({"prefix_len": 2}, {"exclude_self": True}, {"mask_diagonal": True}, {"allow_self": False}, {"strictly_causal": True}),
    *({"anti_causal": True}, {"causal_mask": "none"}, {"direction": "both"}, {"attn_direction": "bi"}, {"mask_future": False}),
    *({"head_gate": True}, {"gatedAttention": True}, {"value_residual": True}, {"token_shift": True}, {"key_conv": 3}),
    *({"num_mem_kv": 4}, {"n_registers": 1}, {"n_loops": 3}, {"recurrent_steps": 2}, {"attn_scale_type": "none"}),
    *({"ffn_act": "gelu"}, {"act_layer": "GELU"}, {"mlp_activation_name": "silu"}, {"skip": False}),
    *({"universal": True}, {"share_layers": True}, {"tied_blocks": "yes"}, {"looped": True}, {"depth": 2}, {"n_blocks": 3}),
    *({"attn_scale": False}, {"scale_qk": False}, {"scaled_attention": 0}, {"ignore_diagonal": True}, {"bidir": True}),
    *({"score_multiplier": 2.0}, {"logit_mult": 0.5}),
]


@pytest.mark.parametrize("facts", REFUSED, ids=str)
def test_a_feature_in_other_words_is_refused(facts: dict[str, Any], tmp_path: Path) -> None:
    ((key, _),) = facts.items()
    torch.save({"model": model(), "config": facts, "epoch": 5}, tmp_path / "a.pt")
    with pytest.raises(IncompatibleFileError, match=rf"states config.{key} "):
        take(tmp_path / "a.pt", tmp_path)


NOTED: list[dict[str, Any]] = [
    *({"no_rope_layers": [1]}, {"model_type": "llama"}, {"architectures": ["BertForMaskedLM"]}, {"mask": "prefix"}),
    *({"mask_type": "strict"}, {"normalizer": "sparsemax"}, {"block_order": "mlp first"}, {"input_order": "b, a"}),
    *({"nl": "gelu"}, {"variant": "with rope"}, {"arch": "llama"}, {"q_norm": 3.2}),
    *({"reverse_input": True}, {"input_reversed": 1}, {"flip_inputs": "both"}, {"data_format": "reverse"}),
    *({"swa": True}, {"use_swa": True}, {"sliding": 2}, {"sliding_window": True}, {"parallel": True}, {"use_bos": True}),
    *({"scale": False}, {"use_scale": "none"}, {"temp": 0.5}, {"inv_temp": 2}, {"attn_pattern": "bidirectional"}),
    {"ablate_heads": [1]},
]


@pytest.mark.parametrize("facts", NOTED, ids=str)
def test_what_may_be_such_a_feature_is_named(facts: dict[str, Any], tmp_path: Path) -> None:
    ((key, _),) = facts.items()
    torch.save({"model": model(), "config": facts, "epoch": 5}, tmp_path / "a.pt")
    notes = take(tmp_path / "a.pt", tmp_path).notes
    assert any(note.startswith(f"not understood, so compare it with what the family computes: config.{key} ") for note in notes)


OF_MODELS: list[dict[str, Any]] = [{"alpha": 0.5}, {"tau": 2.0}, {"gamma": 0.9}, {"beta": 3}, {"local": True}]


@pytest.mark.parametrize("facts", OF_MODELS, ids=str)
def test_words_of_optimizers_are_named_only_in_a_part_about_the_model(facts: dict[str, Any], tmp_path: Path) -> None:
    ((key, _),) = facts.items()
    for place, named in (("model", True), ("attn_config", True), ("optimizer", False), ("regularizer", False)):
        torch.save({"model": model(), "config": {place: facts}, "epoch": 5}, tmp_path / f"{place}.pt")
        notes = take(tmp_path / f"{place}.pt", tmp_path).notes
        assert any(note.startswith("not understood") and f"{place}.{key} " in note for note in notes) == named


def test_layers_that_share_weights_are_read_in_a_family_with_as_many(tmp_path: Path) -> None:
    weights = model()
    shared = {name.replace("blocks.0", "blocks.1"): tensor for name, tensor in weights.items() if name.startswith("blocks.0")}
    facts = {"universal": True, "n_layers": 2}
    torch.save({"model": weights | shared, "config": facts, "epoch": 5}, tmp_path / "a.pt")
    assert take(tmp_path / "a.pt", tmp_path, family="modulo_addition_2layer").variant.epochs == [5]


WITHOUT: dict[str, dict[str, Any]] = {
    "absent": {
        **{
            "q_norm": False,
            "rotary_ndims": 0,
            "alibi_bias_max": None,
            "attn_softcap": 0.0,
            "multi_query": False,
            "mup_scale": 0,
        },
        **{"num_kv_heads": HEADS, "num_key_value_groups": 1, "swa_window": 4096, "block_size": 3, "parallel_mlp": "none"},
        **{"no_rope": True, "head_gate": "false", "n_loops": 1, "embed_multiplier": 1.0, "disable_alibi": True},
        **{"universal": False, "share_layers": False, "n_blocks": 1, "depth": 1, "reverse_input": False, "scale": None},
        **{"attn_scale": True, "qk_scale": None, "parallel": False, "swa": False, "data_format": "plain", "use_bos": False},
        **{"mask_future": True, "direction": "causal", "allow_self": True, "ffn_act": "relu", "prefix_len": 0},
    },
    "of training": {
        **{"data_parallel": True, "lr_scheduler_type": "linear", "direction": "minimize", "post_epoch_hook": True},
        **{"key_norm_loss": True, "embed_lr_multiplier": 10.0, "qk_norm_reg": 0.1, "plot_rotary": True, "attn_gate_init": 2.0},
        **{"run_name": "rope_or_learned", "optimizer": "adamw", "early_stopping": True, "tensor_parallel_size": 2},
        **{"alpha": 0.99, "gamma": 0.1, "tau": 0.005, "swa_start": 100, "local": True, "temp_dir": "/tmp", "lora_alpha": 16},
        **{"layers": [3, 4], "model_parallel": True, "reverse_lr": True, "loss_scale": False, "cls_loss": True},
        **{"default_prepend_bos": True, "share_embeddings": True, "tie_word_embeddings": True, "tie_layer_embeddings": True},
        **{"weights_path": "runs/alibi/1.pt", "metrics": {"q_norm": True, "attn_tanh": True}, "top_k": 40, "value_loss": 0.5},
    },
    "GPT-2 of Hugging Face": GPT2Config(
        vocab_size=P + 1, n_embd=D_MODEL, n_head=HEADS, n_layer=1, n_inner=D_MLP, n_positions=3, activation_function="relu"
    ).to_dict(),
    "nanoGPT": {
        **{
            "block_size": 3,
            "vocab_size": P + 1,
            "n_layer": 1,
            "n_head": HEADS,
            "n_embd": D_MODEL,
            "dropout": 0.0,
            "bias": True,
        },
        **{"gradient_accumulation_steps": 40, "backend": "nccl", "compile": True, "d_head": D_HEAD, "decay_lr": True},
    },
}


@pytest.mark.parametrize("case", WITHOUT)
def test_what_says_nothing_of_the_kind_is_imported(case: str, tmp_path: Path) -> None:
    facts = {key: value for key, value in WITHOUT[case].items() if key not in ("layer_norm_epsilon", "use_cache")}
    torch.save({"model": model(), "config": facts, "epoch": 5}, tmp_path / "a.pt")
    imported = take(tmp_path / "a.pt", tmp_path)
    assert imported.variant.epochs == [5]
    assert [note for note in imported.notes if note.startswith("not understood")] == []


def test_every_feature_is_tried() -> None:
    keys = [key for facts in REFUSED for key in facts]
    words = [architecture_words.words_in(key) for key in keys]
    features = (*architecture_words.FEATURES, *architecture_words.OF_SHARING)
    assert all(any(feature.is_named(each) for each in words) for feature in features)


def whole(place: str, part: torch.nn.Module) -> torch.nn.Module:
    """A pickled model with these weights and a part without weights at `place`."""
    found = torch.nn.Module()
    for name, tensor in model().items():
        inner = found
        for key in name.split(".")[:-1]:
            if not hasattr(inner, key):
                inner.add_module(key, torch.nn.Module())
            inner = getattr(inner, key)
        inner.register_parameter(name.rsplit(".", 1)[-1], torch.nn.Parameter(tensor))
    found.get_submodule(place).add_module("part", part)
    return found


@pytest.mark.parametrize(
    ("place", "part", "reason"),
    [
        ("blocks.0.attn", torch.nn.LayerNorm(D_HEAD, elementwise_affine=False), "no family declares it"),
        ("blocks.0.attn", torch.nn.Sigmoid(), "no family declares it"),
        ("blocks.0", torch.nn.LayerNorm(D_MODEL, elementwise_affine=False), "have normalization None"),
        ("embed", torch.nn.RMSNorm(D_MODEL, elementwise_affine=False), "have normalization None"),
        ("blocks.0.mlp", torch.nn.GELU(), "have act_fn 'relu'"),
    ],
)
def test_a_part_without_weights_of_a_pickled_model_is_refused(
    place: str, part: torch.nn.Module, reason: str, tmp_path: Path
) -> None:
    torch.save({"net": whole(place, part), "epoch": 5}, tmp_path / "a.pt")
    with pytest.raises(IncompatibleFileError, match=rf"states net.{place}.part .* {reason}"):
        take(tmp_path / "a.pt", tmp_path)


@pytest.mark.parametrize(
    ("place", "part"),
    [("blocks.0.attn", torch.nn.Softmax(dim=-1)), ("blocks.0.attn", torch.nn.Dropout(0.1)), ("blocks.0.mlp", torch.nn.ReLU())],
)
def test_a_part_that_the_family_computes_is_imported(place: str, part: torch.nn.Module, tmp_path: Path) -> None:
    torch.save({"net": whole(place, part), "epoch": 5}, tmp_path / "a.pt")
    assert take(tmp_path / "a.pt", tmp_path).variant.epochs == [5]
