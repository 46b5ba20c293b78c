"""What is stated beside weights about the function they belong to is computed so, or refused by name."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from headlapse.analysis import AnalysisPipeline
from headlapse.errors import IncompatibleFileError
from headlapse.families.spec import ArchitectureSpec, parse_family_spec
from headlapse.importing.architecture_keys import STATED, UNKNOWN_HERE
from headlapse.models.config import ModelConfig
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant
from tests.importing.models import D_HEAD, D_MLP, D_MODEL, HEADS, P, Weights, as_bridge, as_nanda, model, take
from tests.models.numpy_transformer import Options, all_inputs, patterns_and_logits

REMEDY = "choose a --family that declares what is stated (docs/families.md), or correct the file if it is wrong"
FAMILY = "modulo_addition_1layer"
Declare = Callable[..., ModelFamily]


@pytest.fixture
def declare(family: ModelFamily) -> Declare:
    """The packaged family with other architecture fields."""

    def make(**architecture: object) -> ModelFamily:
        content = json.loads(family.path.read_text())
        content["architecture"] |= architecture
        return ModelFamily(parse_family_spec(content, family.path), family.path)

    return make


def with_facts(tmp_path: Path, facts: Any, weights: Weights | None = None) -> Path:
    torch.save({"model": weights or model(), "epoch": 5, "config": facts}, tmp_path / "a.pt")
    return tmp_path / "a.pt"


CONTRADICTIONS: list[tuple[dict[str, Any], str, str]] = [  # facts, the one that is named, and what there is instead
    ({"attention_dir": "bidirectional"}, "attention_dir 'bidirectional'", "have attention_dir 'causal'"),
    ({"causal": False}, "causal False", "have attention_dir 'causal'"),
    ({"is_causal": "False"}, "is_causal 'False'", "have attention_dir 'causal'"),
    ({"bidirectional": True}, "bidirectional True", "have attention_dir 'causal'"),
    ({"attn_mask": "bidirectional"}, "attn_mask 'bidirectional'", "have attention_dir 'causal'"),
    ({"autoregressive": False}, "autoregressive False", "have attention_dir 'causal'"),
    ({"softmax_scale": 0.25}, "softmax_scale 0.25", "divide scores by 2.23607"),
    ({"layer_norm": True}, "layer_norm True", "have normalization None"),
    ({"pre_norm": True}, "pre_norm True", "have normalization None"),
    ({"act": "gelu"}, "act 'gelu'", "have act_fn 'relu'"),
    ({"activation_type": torch.nn.SiLU()}, "activation_type 'SiLU'", "have act_fn 'relu'"),
    ({"use_attn_scale": False}, "use_attn_scale False", "have use_attn_scale True"),
    ({"scale_attn_weights": False}, "scale_attn_weights False", "have use_attn_scale True"),
    ({"attn_scale": 1.0}, "attn_scale 1.0", "divide scores by 2.23607"),
    ({"query_pre_attn_scalar": 16}, "query_pre_attn_scalar 16", "divide scores by 2.23607"),
    ({"normalization_type": "LN"}, "normalization_type 'LN'", "have normalization None"),
    ({"normalization_type": "LNPre"}, "normalization_type 'LNPre'", "have normalization None"),
    ({"norm_type": "rmsnorm"}, "norm_type 'rmsnorm'", "have normalization None"),
    ({"normalization": "LayerNorm"}, "normalization 'LayerNorm'", "have normalization None"),
    ({"use_ln": True}, "use_ln True", "have normalization None"),
    ({"act_fn": "gelu"}, "act_fn 'gelu'", "have act_fn 'relu'"),
    ({"act_type": "GeLU"}, "act_type 'GeLU'", "have act_fn 'relu'"),
    ({"activation": "torch.nn.functional.silu"}, "activation 'torch.nn.functional.silu'", "have act_fn 'relu'"),
    ({"hidden_act": "quick_gelu"}, "hidden_act 'quick_gelu'", "have act_fn 'relu'"),
    ({"n_layers": 2}, "n_layers 2", "the weights have n_layers 1"),
    ({"num_heads": 4}, "num_heads 4", f"the weights have n_heads {HEADS}"),
    ({"n_key_value_heads": 1}, "n_key_value_heads 1", f"the weights have n_heads {HEADS}"),
    ({"d_model": 128}, "d_model 128", f"the weights have d_model {D_MODEL}"),
    ({"d_head": 8}, "d_head 8", f"the weights have d_head {D_HEAD}"),
    ({"d_mlp": 512}, "d_mlp 512", f"the weights have d_mlp {D_MLP}"),
    ({"d_vocab": 114}, "d_vocab 114", f"the weights have d_vocab {P + 1}"),
    ({"d_vocab_out": 12}, "d_vocab_out 12", f"the weights have d_vocab_out {P}"),
    ({"n_ctx": 4}, "n_ctx 4", "the weights have n_ctx 3"),
    ({"positional_embedding_type": "rotary"}, "positional_embedding_type 'rotary'", "no family declares another than standard"),
    ({"use_rotary": True}, "use_rotary True", "no family declares it"),
    ({"rotary_dim": 4}, "rotary_dim 4", "no family declares it"),
    ({"attn_only": True}, "attn_only True", "no family declares it"),
    ({"parallel_attn_mlp": True}, "parallel_attn_mlp True", "no family declares it"),
    ({"gated_mlp": True}, "gated_mlp True", "no family declares it"),
    ({"attn_scores_soft_cap": 50.0}, "attn_scores_soft_cap 50.0", "no family declares it"),
    ({"final_logit_softcapping": 30}, "final_logit_softcapping 30", "no family declares it"),
    ({"qk_norm": True}, "qk_norm True", "no family declares it"),
    ({"num_experts": 4}, "num_experts 4", "no family declares it"),
    ({"attn_types": ["global", "local"]}, "attn_types ('global', 'local')", "attention reaches over all 3 positions"),
    ({"use_local_attn": True, "window_size": 2}, "use_local_attn True", "attention reaches over all 3 positions"),
    ({"window_size": 2}, "window_size 2", "attention reaches over all 3 positions"),
    ({"final_rms": True}, "final_rms True", "the last normalization is None like the others"),
    ({"scale_attn_by_inverse_layer_idx": True}, "scale_attn_by_inverse_layer_idx True", "no family declares it"),
    ({"causal": 0}, "causal 0", "have attention_dir 'causal'"),
    ({"use_mask": "no"}, "use_mask 'no'", "have attention_dir 'causal'"),
    ({"attn_mask": False}, "attn_mask False", "have attention_dir 'causal'"),
    ({"mask": "none"}, "mask 'none'", "have attention_dir 'causal'"),
    ({"no_mask": True}, "no_mask True", "have attention_dir 'causal'"),
    ({"encoder_only": True}, "encoder_only True", "have attention_dir 'causal'"),
    ({"attention": "bidirectional"}, "attention 'bidirectional'", "have attention_dir 'causal'"),
    ({"use_ln": 1}, "use_ln 1", "have normalization None"),
    ({"act": "tanh"}, "act 'tanh'", "have act_fn 'relu'"),
    ({"hidden_activation": "gelu_pytorch_tanh"}, "hidden_activation 'gelu_pytorch_tanh'", "have act_fn 'relu'"),
    ({"attn_logit_softcapping": 0.5}, "attn_logit_softcapping 0.5", "no family declares it"),
    ({"rotary_pct": 0.25}, "rotary_pct 0.25", "no family declares it"),
    ({"rotary_base": 10000}, "rotary_base 10000", "no family declares it"),
    ({"positional_encoding": "rope"}, "positional_encoding 'rope'", "no family declares another than standard"),
    ({"use_pos_embed": False}, "use_pos_embed False", "the family's models have it"),
    ({"use_mlp": 0}, "use_mlp 0", "the family's models have it"),
    ({"residual": False}, "residual False", "the family's models have it"),
    ({"softmax": False}, "softmax False", "the family's models have it"),
    ({"softmax_temperature": 2.0}, "softmax_temperature 2.0", "no family declares another than 1"),
    ({"logit_scale": 0.0625}, "logit_scale 0.0625", "no family declares another than 1"),
    ({"attention_type": "linear"}, "attention_type 'linear'", "no family declares it"),
    ({"attn_fn": "sigmoid"}, "attn_fn 'sigmoid'", "no family declares it"),
    ({"attn_scale": "d_model"}, "attn_scale 'd_model'", "no family declares it"),
    ({"add_zero_attn": True}, "add_zero_attn True", "no family declares it"),
    ({"attention_types": [[["local"], 1]]}, "attention_types ('local', 1)", "attention reaches over all 3 positions"),
    ({"attention_window": 2.0}, "attention_window 2.0", "attention reaches over all 3 positions"),
    ({"attn_coeff": 0.5}, "attn_coeff 0.5", "no family mixes attention with uniform attention"),
    ({"attention_coefficient": 0.0}, "attention_coefficient 0.0", "no family mixes attention with uniform attention"),
    ({"attn_rate": 1.0}, "attn_rate 1.0", "if this value means ordinary attention, remove it"),
    ({"uniform_attention": True}, "uniform_attention True", "no family declares it"),
    ({"ln": True}, "ln True", "have normalization None"),
    ({"mlp_residual": False}, "mlp_residual False", "the family's models have it"),
    ({"pos_emb": False}, "pos_emb False", "the family's models have it"),
    ({"pos_emb": "none"}, "pos_emb 'none'", "the family's models have it"),
]
AS_THEY_ARE: dict[str, dict[str, Any]] = {
    "TransformerLens 1 to 3": {
        **{"n_layers": 1, "n_heads": HEADS, "d_model": D_MODEL, "d_head": D_HEAD, "d_mlp": D_MLP, "d_vocab": P + 1, "n_ctx": 3},
        **{"d_vocab_out": P, "act_fn": "relu", "normalization_type": None, "attention_dir": "causal", "use_attn_scale": True},
        **{"attn_scale": D_HEAD**0.5, "positional_embedding_type": "standard", "attn_only": False, "parallel_attn_mlp": False},
        **{"use_attn_result": True, "use_local_attn": False, "window_size": None, "attn_types": None, "rotary_dim": None},
        **{"rotary_base": 10000, "final_rms": False, "gated_mlp": False, "eps": 1e-5, "attn_scores_soft_cap": -1.0},
        **{"output_logits_soft_cap": -1.0, "use_qk_norm": False, "n_key_value_heads": None, "num_experts": None, "seed": 999},
        **{"scale_attn_by_inverse_layer_idx": False, "init_mode": "gpt2", "device": "cpu", "model_name": "custom"},
    },
    "the code of the paper": {
        **{"num_layers": 1, "d_vocab": P + 1, "n_ctx": 3, "d_mlp": D_MLP, "num_heads": HEADS, "d_head": D_HEAD},
        **{"act_type": "ReLU", "use_ln": False, "causal": True, "scale_attn": True, "d_model": D_MODEL},
    },
    "sentinels": {"attn_scale": -1, "d_vocab_out": -1, "n_heads": -1, "d_mlp": None, "attention_types": ["full_attention"]},
    "a scale that is not used": {"use_attn_scale": True, "attn_scale": 0},
    "windows that hold all": {"sliding_window": 4096, "layer_types": ["full_attention"], "attn_types": ["global"]},
    "of the data": {"dataset": {"normalization": "LN", "bidirectional": True, "n_layers": 7}},
    "what leaves it open": {
        "attn_mask": "full",
        "act": 3,
        "pre_norm": False,
        "layer_norm": False,
        "softmax_scale": D_HEAD**-0.5,
    },
    "GPT-2 of Hugging Face": {
        **{"n_head": HEADS, "n_embd": D_MODEL, "n_layer": 1, "n_positions": 3, "activation_function": "relu"},
        **{"attn_pdrop": 0.1, "scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False, "is_decoder": False},
        **{"reorder_and_upcast_attn": False, "add_cross_attention": False, "temperature": 0.7, "top_p": 1.0},
    },
    "usual words": {"attention_type": "scaled_dot_product", "attn_implementation": "sdpa", "pos_emb": "learned", "mask": True},
    "factors of 1": {"softmax_temperature": 1.0, "logit_scale": None, "rope_scaling": None, "alibi": False, "clip_qkv": None},
    "modules": {"activation": torch.nn.ReLU(), "norm": torch.nn.Identity()},
    "no mixture": {"attn_coeff": None, "attention_rate": "none", "ln": False, "equals_token": P},
    "of an optimizer": {"optimizer_args": {"eps": 1e-8, "normalization": "LN"}},
}


@pytest.mark.parametrize(("facts", "named", "instead"), CONTRADICTIONS)
def test_a_contradiction_is_refused_by_key_value_and_what_there_is_instead(
    facts: dict[str, Any], named: str, instead: str, tmp_path: Path
) -> None:
    with pytest.raises(IncompatibleFileError) as caught:
        take(with_facts(tmp_path, facts), tmp_path)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'a.pt'}: states ") and f"config.{named} (a.pt), where " in message
    assert instead in message and message.endswith(REMEDY)
    assert not (tmp_path / "results").exists() or not any((tmp_path / "results").iterdir())


@pytest.mark.parametrize(
    ("act", "named"), [(torch.nn.GELU(), "GELU"), (torch.nn.GELU(approximate="tanh"), "GELUtanh"), (torch.nn.SiLU(), "SiLU")]
)
def test_a_pickled_module_states_its_own_activation(act: torch.nn.Module, named: str, tmp_path: Path) -> None:
    whole = torch.nn.Module()
    for name, tensor in model().items():
        place = whole
        for part in name.split(".")[:-1]:
            if not hasattr(place, part):
                place.add_module(part, torch.nn.Module())
            place = getattr(place, part)
        place.register_parameter(name.rsplit(".", 1)[-1], torch.nn.Parameter(tensor))
    whole.add_module("drop", torch.nn.Dropout(0.5))
    block = whole.get_submodule("blocks.0.mlp")
    block.add_module("act", torch.nn.ReLU())
    torch.save({"net": whole, "epoch": 1}, tmp_path / "a.pt")
    imported = take(tmp_path / "a.pt", tmp_path)
    assert "assumed, because nothing states it: a causal mask, scores times 1/√d_head, no normalization" in imported.notes
    block.add_module("act", act)
    torch.save({"net": whole, "epoch": 1}, tmp_path / "b.pt")
    with pytest.raises(IncompatibleFileError, match=rf"states net.blocks.0.mlp.act '{named}' .* have act_fn 'relu'"):
        take(tmp_path / "b.pt", tmp_path, name="b")


def test_every_contradiction_is_named_at_once(tmp_path: Path) -> None:
    facts = {"attention_dir": "bidirectional", "act_fn": "gelu", "use_rotary": True}
    with pytest.raises(IncompatibleFileError, match=r"attention_dir 'bidirectional'.*; .*act_fn 'gelu'.*; .*use_rotary True"):
        take(with_facts(tmp_path, facts), tmp_path)


def test_a_part_of_a_feature_is_a_statement(tmp_path: Path) -> None:
    facts = {"rope_scaling": {"type": "yarn"}, "d_model": D_MODEL}
    with pytest.raises(
        IncompatibleFileError, match=r"states config.rope_scaling.type 'yarn' \(a.pt\), where no family declares it"
    ):
        take(with_facts(tmp_path, facts), tmp_path)


@pytest.mark.parametrize("stated", [{"post_norm": True}, {"norm_first": False}, {"norm_position": "post"}])
def test_a_normalization_after_each_part_is_refused(stated: dict[str, Any], declare: Declare, tmp_path: Path) -> None:
    with pytest.raises(IncompatibleFileError, match=f"states config.{next(iter(stated))} "):
        take(with_facts(tmp_path, stated), tmp_path, family=declare(normalization="LNPre"))


def test_what_may_be_about_attention_and_is_not_understood_is_named(tmp_path: Path) -> None:
    facts = {"attn_zeta": 0.3, "attn_dropout": 0.1, "attn_off": False, "rope_none": None}
    notes = take(with_facts(tmp_path, facts), tmp_path).notes
    assert "not understood, so compare it with what the family computes: config.attn_zeta 0.3 (a.pt)" in notes


UNKNOWN: list[dict[str, Any]] = [
    *({"query_scale": 3.0}, {"scale": "d_model"}, {"d_head_scale": 2}, {"normalize": True}, {"pos_emb": None}),
    *({"key_scale": 0.5}, {"residual_gain": 0.0}, {"position_offset": 1}, {"attn_zeta": 0.0}, {"head_temperature": 2.0}),
]
OF_TRAINING = {"max_grad_norm": 1.0, "api_key": "x", "init_scale": 8.0, "loss_scale": 2, "clip_norm": 1.0, "lr_scaling": 2}


@pytest.mark.parametrize("facts", UNKNOWN, ids=str)
def test_a_key_of_a_part_that_is_not_understood_is_named(facts: dict[str, Any], tmp_path: Path) -> None:
    ((key, value),) = facts.items()
    notes = take(with_facts(tmp_path, {**facts, **OF_TRAINING, "metrics": {"weight_scale": 3.0}}), tmp_path).notes
    assert f"not understood, so compare it with what the family computes: config.{key} {value!r} (a.pt)" in notes


def test_another_token_of_the_equals_sign_is_refused(tmp_path: Path) -> None:
    reason = f"states config.equals_token 0 .*, where all inputs of {FAMILY} end with token {P}"
    with pytest.raises(IncompatibleFileError, match=reason):
        take(with_facts(tmp_path, {"equals_token": 0}), tmp_path)


def test_every_field_of_a_model_can_be_stated_and_is_tried() -> None:
    of_models = {field.name for field in dataclasses.fields(ModelConfig)} - {"train_biases", "attn_scale"} | {"score_divisor"}
    assert {stated.field for stated in STATED} == of_models
    keys = {"".join(c for c in key.lower() if c.isalnum()) for facts, *_ in CONTRADICTIONS for key in facts}
    for stated in STATED:
        assert stated.field == "eps" or keys & set(stated.keys.split()), stated
    assert all(keys & set(names.split()) for names in UNKNOWN_HERE if "postembed" not in names)


@pytest.mark.parametrize("case", AS_THEY_ARE)
def test_what_agrees_or_says_nothing_is_no_obstacle(case: str, tmp_path: Path) -> None:
    assert take(with_facts(tmp_path, AS_THEY_ARE[case]), tmp_path).variant.epochs == [5]


def in_json(tmp_path: Path, facts: dict[str, Any]) -> Path:
    torch.save(model(), tmp_path / "epoch_5.pt")
    (tmp_path / "config.json").write_text(json.dumps({"model": facts}))
    return tmp_path


def in_an_object(tmp_path: Path, facts: dict[str, Any]) -> Path:
    """As a pickled configuration of TransformerLens, whose class is not there when it is read."""
    module = types.ModuleType("transformer_lens.HookedTransformerConfig")
    module.HookedTransformerConfig = type("HookedTransformerConfig", (), {"__module__": module.__name__})  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    try:
        config = module.HookedTransformerConfig()
        vars(config).update(facts)
        return with_facts(tmp_path, config)
    finally:
        del sys.modules[module.__name__]


PLACES: dict[str, Callable[[Path, dict[str, Any]], Path]] = {
    "config.json": in_json,
    "a configuration of TransformerLens": in_an_object,
    "a Namespace": lambda tmp_path, facts: with_facts(tmp_path, argparse.Namespace(**facts)),
    "deep inside": lambda tmp_path, facts: with_facts(tmp_path, {"experiment": {"model": facts}}),
}


@pytest.mark.parametrize("place", PLACES)
def test_facts_are_read_wherever_they_are_stated(place: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    path = PLACES[place](source, {"attention_dir": "bidirectional", "d_model": D_MODEL, "act_fn": "relu"})
    with pytest.raises(IncompatibleFileError, match=r"states .*attention_dir 'bidirectional'"):
        take(path, tmp_path)


DECLARED: list[tuple[dict[str, Any], dict[str, Any]]] = [  # by the family, and as others state it
    ({"attention_dir": "bidirectional"}, {"attention_dir": "bidirectional"}),
    ({"use_attn_scale": False}, {"use_attn_scale": False, "attn_scale": D_HEAD**0.5}),
    ({"attn_scale": 0.7}, {"attn_scale": 0.7}),
    ({"normalization": "LNPre"}, {"normalization_type": "LNPre", "eps": 1e-5}),
    ({"normalization": "RMSPre", "eps": 0.1}, {"normalization_type": "RMSPre", "eps": 0.1, "final_rms": True}),
    ({"act_fn": "gelu_new"}, {"activation_function": "gelu_new"}),
    ({"act_fn": "silu"}, {"act_fn": "swish"}),
    ({"act_fn": "solu"}, {"act_fn": "solu"}),
    ({"act_fn": "gelu"}, {"activation": "GELU(approximate='none')"}),
]


@pytest.mark.parametrize(("architecture", "facts"), DECLARED)
def test_a_family_that_declares_it_computes_it(
    architecture: dict[str, Any], facts: dict[str, Any], declare: Declare, tmp_path: Path
) -> None:
    """Patterns within 1e-6 of float64, and the accuracy that of the answers there."""
    path = with_facts(tmp_path, facts)
    with pytest.raises(IncompatibleFileError, match=" states "):
        take(path, tmp_path)
    imported = take(path, tmp_path, family=declare(**architecture))
    arrays = {name: tensor.numpy() for name, tensor in model().items()}
    rows = [patterns_and_logits(arrays, row, options=Options(**architecture)) for row in all_inputs(P)]
    right = [logits.argmax() == (a + b) % P for (_, logits), (a, b, _) in zip(rows, all_inputs(P), strict=True)]
    assert imported.accuracy == {5: pytest.approx(np.mean(right))}
    assert not AnalysisPipeline(imported.variant).run().failed
    expected = np.stack([pattern for pattern, _ in rows]).reshape(P, P, HEADS, 3, 3).transpose(2, 3, 4, 0, 1)
    np.testing.assert_allclose(imported.variant.patterns(5), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("architecture", "facts", "assumed"),
    [
        ({}, {}, "a causal mask, scores times 1/√d_head, no normalization, ReLU"),
        ({}, {"act_fn": "relu", "attention_dir": "causal"}, "scores times 1/√d_head, no normalization"),
        ({}, {"use_attn_scale": True, "normalization_type": None}, "a causal mask, ReLU"),
        ({"attention_dir": "bidirectional", "act_fn": "gelu"}, {"attn_scale": D_HEAD**0.5}, "no mask, no normalization, GELU"),
        ({"normalization": "LNPre", "use_attn_scale": False}, {"causal": True}, "scores that are not scaled, LNPre, ReLU"),
        ({}, AS_THEY_ARE["TransformerLens 1 to 3"], None),
    ],
)
def test_what_is_assumed_is_said(
    architecture: dict[str, Any], facts: dict[str, Any], assumed: str | None, declare: Declare, tmp_path: Path
) -> None:
    notes = take(with_facts(tmp_path, facts), tmp_path, family=declare(**architecture)).notes
    found = [note.removeprefix("assumed, because nothing states it: ") for note in notes if note.startswith("assumed")]
    assert found == ([] if assumed is None else [assumed])


def test_a_normalization_with_weights_is_not_assumed(declare: Declare, tmp_path: Path) -> None:
    more = {f"blocks.0.{norm}.{part}": torch.rand(D_MODEL) for norm in ("ln1", "ln2") for part in "wb"}
    weights = model() | more | {"ln_final.w": torch.rand(D_MODEL), "ln_final.b": torch.rand(D_MODEL)}
    notes = take(with_facts(tmp_path, {}, weights), tmp_path, family=declare(normalization="LN")).notes
    assert any(note == "assumed, because nothing states it: a causal mask, scores times 1/√d_head, ReLU" for note in notes)


def deep(weights: Weights) -> Weights:
    return weights | {name.replace("blocks.0", "blocks.1"): weight for name, weight in weights.items() if "blocks.0" in name}


@pytest.mark.parametrize("prefix", ["", "module."])
@pytest.mark.parametrize("layout", [lambda weights: weights, as_bridge, as_nanda])
def test_weights_of_two_layers_are_refused_as_such(layout: Callable[[Weights], Weights], prefix: str, tmp_path: Path) -> None:
    torch.save({f"{prefix}{name}": weight for name, weight in deep(layout(model())).items()}, tmp_path / "a_5.pt")
    message = rf"holds 2 layers, and the models of {FAMILY} have 1; it belongs to a family with n_layers 2"
    with pytest.raises(IncompatibleFileError, match=message):
        take(tmp_path / "a_5.pt", tmp_path)


@pytest.mark.parametrize(
    ("made", "read", "message"),
    [
        ({"attention_dir": "bidirectional"}, {}, "attention_dir 'bidirectional'.* have attention_dir 'causal'"),
        ({}, {"attention_dir": "bidirectional"}, "attention_dir 'causal'.* have attention_dir 'bidirectional'"),
        ({}, {"use_attn_scale": False}, "use_attn_scale True.* have use_attn_scale False"),
        ({}, {"attn_scale": 0.7}, "attn_scale .* divide scores by 0.7"),
        ({"act_fn": "gelu"}, {}, "act_fn 'gelu'.* have act_fn 'relu'"),
        ({"normalization": "LNPre"}, {"normalization": "LNPre", "eps": 0.1}, "eps 1e-05.* have eps 0.1"),
    ],
)
def test_runs_of_this_program_mean_the_default_where_they_say_nothing(
    made: dict[str, Any], read: dict[str, Any], message: str, declare: Declare, tmp_path: Path
) -> None:
    small = {"n_heads": 2, "d_model": 16, "d_head": 8, "d_mlp": 32}
    run = declare(**small, **made).variant(prime=5, train_fraction=0.6, results=tmp_path / "made")
    run.train(epochs=2, checkpoint_every=1, analyze=False, progress=Silent())
    with pytest.raises(IncompatibleFileError, match=rf"config\.json: states .*{message}"):
        take(run.paths.root, tmp_path, family=declare(**read))
    imported = take(run.paths.root, tmp_path, family=declare(**made))
    assert isinstance(imported.variant, Variant) and not any(note.startswith("assumed") for note in imported.notes)
    known = {"attention_dir", "use_attn_scale", "attn_scale", "eps", "act_fn", "d_mlp"}
    assert ArchitectureSpec.defaults().keys() == known


CAUSAL = torch.ones(3, 3).tril()
MASKS = {  # masks in a file, and what is said if the family cannot compute them
    "none": (torch.ones(3, 3), "attn.mask 'bidirectional' .* have attention_dir 'causal'"),
    "none, by head": (torch.ones(1, HEADS, 3, 3, dtype=torch.bool), "attn.mask 'bidirectional' .* have attention_dir 'causal'"),
    "none, as scores": (torch.zeros(3, 3), "attn.mask 'bidirectional' .* have attention_dir 'causal'"),
    "a window": (CAUSAL.triu(-1), "attn.mask 'local' .* attention reaches over all 3 positions"),
    "anti-causal": (CAUSAL.T.contiguous(), "attn.mask 'of another form' .* no family declares it"),
    "a prefix": (torch.tensor([[1, 1, 0], [1, 1, 0], [1, 1, 1]]), "attn.mask 'of another form' .* no family declares it"),
    "without itself": (1 - torch.eye(3), "attn.mask 'of another form' .* no family declares it"),
    "small scores": (-CAUSAL.T.triu(1), "attn.mask 'of another form' .* no family declares it"),
    "soft": (torch.full((3, 3), 0.5), "attn.mask 'of another form' .* no family declares it"),
    "one of two": (torch.stack([CAUSAL, torch.ones(3, 3)]), "attn.mask 'of another form' .* no family declares it"),
    "causal": (CAUSAL, None),
    "causal, of hidden ones": (torch.ones(3, 3, dtype=torch.bool).triu(1), None),
    "causal, as scores": (torch.full((1, 1, 3, 3), -torch.inf).triu(1), None),
}


@pytest.mark.parametrize("case", MASKS)
@pytest.mark.parametrize("layout", [lambda weights: weights, as_bridge, as_nanda])
def test_a_saved_mask_is_what_is_computed(layout: Callable[[Weights], Weights], case: str, tmp_path: Path) -> None:
    mask, message = MASKS[case]
    torch.save({**layout(model()), "blocks.0.attn.mask": mask}, tmp_path / "epoch_5.pt")
    if message is None:
        assert take(tmp_path / "epoch_5.pt", tmp_path, heads=HEADS).variant.epochs == [5]
    else:
        with pytest.raises(IncompatibleFileError, match=message):
            take(tmp_path / "epoch_5.pt", tmp_path, heads=HEADS)


def test_a_saved_mask_that_hides_nothing_is_that_of_a_bidirectional_family(declare: Declare, tmp_path: Path) -> None:
    torch.save({**model(), "blocks.0.attn.mask": torch.ones(3, 3, dtype=torch.bool)}, tmp_path / "epoch_5.pt")
    variant = take(tmp_path / "epoch_5.pt", tmp_path, family=declare(attention_dir="bidirectional")).variant
    assert not AnalysisPipeline(variant).run().failed
    arrays = {name: tensor.numpy() for name, tensor in model().items()}
    options = Options(attention_dir="bidirectional")
    exact = np.stack([patterns_and_logits(arrays, row, options=options)[0] for row in all_inputs(P)])
    np.testing.assert_allclose(variant.patterns(5), exact.reshape(P, P, HEADS, 3, 3).transpose(2, 3, 4, 0, 1), atol=1e-6)


@pytest.mark.parametrize(("score", "is_refused"), [(-1e5, False), (-torch.inf, False), (0.0, True), (-1.0, True)])
def test_a_saved_score_of_hidden_positions_hides_them(score: float, is_refused: bool, tmp_path: Path) -> None:
    torch.save({**model(), "blocks.0.attn.IGNORE": torch.tensor(score)}, tmp_path / "epoch_5.pt")
    if is_refused:
        with pytest.raises(IncompatibleFileError, match=r"attn.IGNORE 'of another form' .* no family declares it"):
            take(tmp_path / "epoch_5.pt", tmp_path)
    else:
        assert take(tmp_path / "epoch_5.pt", tmp_path).variant.epochs == [5]


def test_a_mask_of_many_states_is_named_once(tmp_path: Path) -> None:
    for epoch in (5, 6, 7):
        torch.save({**model(epoch), "blocks.0.attn.mask": torch.ones(3, 3)}, tmp_path / f"epoch_{epoch}.pt")
    with pytest.raises(IncompatibleFileError) as caught:
        take(tmp_path, tmp_path)
    assert str(caught.value).count("bidirectional") == 1
