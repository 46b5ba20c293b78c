"""Models of other people, each against what it says of its own attention. None has a line of code here."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import headlapse
from headlapse.dashboard.panels import panels
from headlapse.results.integrity import inspect
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant
from tests.recording.loops import opened

transformers = pytest.importorskip("transformers", reason="TransformerLens brings it; without it there are no such models")

WORDS, ROWS, POSITIONS = 41, 4, 9
SIZES = {"num_hidden_layers": 2, "hidden_size": 24, "intermediate_size": 20, "vocab_size": WORDS}
ENDS = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
GPT2 = {"n_layer": 2, "n_head": 3, "n_embd": 24, "vocab_size": WORDS, "n_positions": 16, **ENDS}
DECODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "GPT2": ("GPT2LMHeadModel", GPT2),
    "Llama": ("LlamaForCausalLM", {**SIZES, **ENDS, "num_attention_heads": 4, "num_key_value_heads": 2}),
    "GPTNeoX": ("GPTNeoXForCausalLM", {**SIZES, **ENDS, "num_attention_heads": 3}),
    "Bert": ("BertForMaskedLM", {**SIZES, "num_attention_heads": 3}),
}


def model_of(kind: str, implementation: str) -> Any:
    name, settings = DECODERS[kind]
    config = getattr(transformers, f"{kind}Config")(**settings)
    config._attn_implementation = implementation
    torch.manual_seed(0)
    return getattr(transformers, name)(config)


def inputs(positions: int = POSITIONS) -> dict[str, torch.Tensor]:
    """Rows of which the second ends in padding."""
    ids = torch.randint(3, WORDS, (ROWS, positions), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    return {"input_ids": ids, "attention_mask": mask}


@pytest.mark.parametrize("implementation", ["eager", "sdpa"])
@pytest.mark.parametrize("kind", DECODERS)
def test_recorded_is_what_output_attentions_says(kind: str, implementation: str, tmp_path: Path) -> None:
    model, given = model_of(kind, implementation).train(), inputs()
    headlapse.record(model, kind, given, results=tmp_path).finish()
    plain = model_of(kind, "eager").eval()
    with torch.no_grad():
        own = torch.cat(plain(**given, output_attentions=True).attentions, dim=1).permute(1, 2, 3, 0).numpy()
    run = opened(tmp_path, kind)
    attends = given["attention_mask"].bool().T.numpy()[None, :, None]  # what padding attends to differs between kernels
    np.testing.assert_allclose(run.patterns(0) * attends, own * attends, atol=1e-6)
    assert model.training and inspect(run) == []


@pytest.mark.parametrize("kind", ["T5ForConditionalGeneration", "BartModel"])
def test_an_encoder_with_a_decoder_is_recorded_by_two(kind: str, tmp_path: Path) -> None:
    settings = {
        "T5ForConditionalGeneration": {"num_layers": 2, "num_heads": 3, "d_model": 24, "d_kv": 8, "d_ff": 20},
        "BartModel": {
            **{f"{side}_layers": 2 for side in ("encoder", "decoder")},
            **{f"{side}_attention_heads": 3 for side in ("encoder", "decoder")},
            **{f"{side}_ffn_dim": 20 for side in ("encoder", "decoder")},
            "d_model": 24,
        },
    }[kind]
    config_kind = getattr(transformers, "T5Config" if kind.startswith("T5") else "BartConfig")
    model = getattr(transformers, kind)(config_kind(**settings, vocab_size=WORDS, decoder_start_token_id=0, **ENDS))
    given = inputs() | {"decoder_input_ids": torch.randint(3, WORDS, (ROWS, 6))}
    with pytest.raises(headlapse.HeadlapseError, match=r"several kinds of attention: .*layers=\[2, 4\].*; positions 6"):
        headlapse.record(model, "undecided", given, results=tmp_path)
    options = {"results": tmp_path, "from_position_labels": [f"source {place}" for place in range(POSITIONS)]}
    headlapse.record(model, "cross", given, layers=[3, 5], **options).finish()
    headlapse.record(model, "encoder", given, layers=[0, 1], results=tmp_path).finish()
    with torch.no_grad():
        model.set_attn_implementation("eager")
        own = model.eval()(**given, output_attentions=True).cross_attentions
    run = opened(tmp_path, "cross")
    np.testing.assert_allclose(run.patterns(0), torch.cat(own, dim=1).permute(1, 2, 3, 0).numpy(), atol=1e-6)
    assert run.patterns(0).shape == (6, 6, POSITIONS, ROWS) and run.labels.from_position_labels[0] == "source 0"
    assert run.labels.head_labels[0] == "L3H0" and inspect(run) == []
    assert opened(tmp_path, "encoder").patterns(0).shape == (6, POSITIONS, POSITIONS, ROWS)


def test_patches_of_an_image_are_positions(tmp_path: Path) -> None:
    config = transformers.ViTConfig(
        num_hidden_layers=1, num_attention_heads=2, hidden_size=8, intermediate_size=8, image_size=28, patch_size=2
    )
    patches = [f"{row}, {column}" for row in range(14) for column in range(14)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = transformers.ViTModel(config)
    images = torch.rand(2, 3, 28, 28)
    headlapse.record(model, "vit", images, position_labels=["class", *patches], results=tmp_path).finish()
    run = opened(tmp_path, "vit")
    assert run.patterns(0).shape == (2, 197, 197, 2) and run.labels.position_labels[-1] == "13, 13"
    assert run.labels.head_labels == ("Head 0", "Head 1") and inspect(run) == []
    arrays = run.artifacts.open_lazy("attention_patterns", 0)
    picture = ViewRegistry.get("attention_patches").draw(arrays, 0, run.labels, to_position=0)
    expected = run.patterns(0)[:, 0, 1:].mean(axis=-1, dtype=np.float64).reshape(2, 14, 14)
    np.testing.assert_allclose(picture.values, expected, atol=1e-12)
    assert picture.subject == "class attending to patches, mean over all inputs" and "attention_patches" in run.views
    cells = {panel["view"]: panel.get("cells") for panel in panels(run)}
    assert cells["attention_positions"] == 197, "so that a page asks for no more than it has room for"


def test_a_bridge_of_transformer_lens_is_seen_as_the_analysis_sees_it(trained: Variant, tmp_path: Path) -> None:
    bridge = headlapse.to_bridge(trained, 60)
    probe = torch.from_numpy(trained.probe)
    recorder = headlapse.record(bridge, "bridge", probe, axes={"a": 7, "b": 7}, results=tmp_path)
    recorder.finish()
    np.testing.assert_allclose(opened(tmp_path, "bridge").patterns(0), trained.patterns(60), atol=1e-6)
