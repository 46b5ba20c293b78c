"""Published series: real models in a hub's layout, read by the real loading code, offline."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

import headlapse
from headlapse.cli.app import build_app
from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.recording.revisions import revision_of
from headlapse.recording.series import import_series
from headlapse.results.integrity import inspect
from tests.recording.loops import opened
from tests.recording.test_transformers import model_of

STEPS = {"step0": 0, "step1": 1, "step512": 512, "step1000-tokens4B": 1000}


def save(model: Any, folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save_pretrained(folder, max_shard_size="20KB")


def hub(cache: Path, kind: str, repository: str = "models--tiny--series") -> dict[str, Any]:
    """Four revisions as a hub's cache holds them; the third has the weights of the second. Returns their models."""
    models: dict[str, Any] = {}
    for place, revision in enumerate(STEPS):
        model = model_of(kind, "eager")
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.mul_(1 + min(place, 1) / 3 + (place == 3))
        models[revision] = model
        commit = f"{place + 1:040x}"
        save(model, cache / repository / "snapshots" / commit)
        reference = cache / repository / "refs" / revision
        reference.parent.mkdir(parents=True, exist_ok=True)
        reference.write_text(commit)
    return models


def patterns_of(model: Any, tokens: torch.Tensor) -> np.ndarray:
    with torch.no_grad():
        own = model.eval()(input_ids=tokens, output_attentions=True).attentions
    return torch.cat(own, dim=1).permute(1, 2, 3, 0).numpy()


@pytest.mark.parametrize("kind", ["GPTNeoX", "GPT2", "Llama"])
def test_every_revision_is_what_the_model_says_of_itself(kind: str, tmp_path: Path) -> None:
    models = hub(tmp_path / "cache", kind)
    tokens = torch.randint(41, (3, 7), generator=torch.Generator().manual_seed(2))
    options: dict[str, Any] = {"probe": tokens, "results": tmp_path, "cache": tmp_path / "cache", "offline": True}
    found = import_series("hf:tiny/series", list(STEPS)[:2], **options)
    assert found.looked_at == ["step0", "step1"] and not found.repeats and not found.present
    found = import_series("tiny/series", list(STEPS)[::-1], **options)
    assert found.looked_at == ["step512", "step1000-tokens4B"] and found.present == ["step0", "step1"]
    assert found.repeats == {"step512": "step1"} and "note: step512 has the same weights as step1" in str(found)
    run = opened(tmp_path, "series")
    assert run.epochs == list(STEPS.values()) and run.state == "analysed" and inspect(run) == []
    for revision, epoch in STEPS.items():
        np.testing.assert_allclose(run.patterns(epoch), patterns_of(models[revision], tokens), atol=1e-6)


def test_a_local_folder_of_checkpoints_and_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for step in (500, 1000):
        save(model_of("GPT2", "eager"), tmp_path / "trainer" / f"checkpoint-{step}")
    assert len(list((tmp_path / "trainer" / "checkpoint-500").glob("model-*.safetensors"))) > 1, "weights are in shards"
    with pytest.raises(SystemExit) as ending:
        code = build_app()(["import", f"hf:{tmp_path / 'trainer'}", "--results", str(tmp_path)], standalone_mode=False)
        raise SystemExit(code)
    assert not ending.value.code
    told = capsys.readouterr().out
    assert "trainer: 2 revisions imported" in told and "checkpoint-1000 has the same weights as checkpoint-500" in told
    run = opened(tmp_path, "trainer")
    assert run.epochs == [500, 1000]
    assert run.patterns(500).shape == (6, 16, 16, 8) and run.axes[0].name == "sequence"
    assert run.patterns(500).sum(axis=2) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("kind", "settings", "positions"),
    [
        ("Mpt", {"vocab_size": 41, "d_model": 24, "n_heads": 3, "n_layers": 2, "max_seq_len": 18}, 18),
        ("XLNet", {"vocab_size": 41, "d_model": 24, "n_head": 3, "n_layer": 2, "d_inner": 20}, 48),  # states -1 positions
    ],
)
def test_the_default_probe_fits_the_positions_of_the_model(
    kind: str, settings: dict[str, Any], positions: int, tmp_path: Path
) -> None:
    config = getattr(transformers, f"{kind}Config")(**settings)
    torch.manual_seed(0)
    name = "MptForCausalLM" if kind == "Mpt" else "XLNetLMHeadModel"
    model = getattr(transformers, name)(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.2)
    save(model, tmp_path / "trainer" / "checkpoint-500")
    run = import_series(f"hf:{tmp_path / 'trainer'}", results=tmp_path).run
    half = torch.randint(41, (8, positions // 2), generator=torch.Generator().manual_seed(0))
    expected = patterns_of(model, torch.cat([half, half], dim=1))
    np.testing.assert_allclose(run.patterns(500), expected, atol=1e-5)
    assert expected.max() > 0.4


def test_what_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    hub(tmp_path / "cache", "GPT2")
    options: dict[str, Any] = {"results": tmp_path, "cache": tmp_path / "cache", "offline": True}
    with pytest.raises(HeadlapseError, match="of tiny/series at revision step7 cannot be loaded"):
        import_series("tiny/series", ["step7"], **options)
    with pytest.raises(InvalidValueError, match="name the revisions of tiny/series"):
        import_series("tiny/series", **options)
    with pytest.raises(InvalidValueError, match="revisions main and step1 both are epoch 1"):
        import_series("tiny/series", ["main=1", "step1"], **options)
    assert not (tmp_path / "recorded").exists()


def test_a_model_without_all_of_its_weights_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    model = model_of("GPT2", "eager")
    model.save_pretrained(tmp_path / "series" / "checkpoint-1")
    path = tmp_path / "series" / "checkpoint-1" / "model.safetensors"
    weights = load_file(path)
    name = next(name for name in weights if "c_attn.weight" in name)
    save_file({key: tensor for key, tensor in weights.items() if key != name}, path, metadata={"format": "pt"})
    with pytest.raises(
        InvalidValueError, match=r"has no weights for transformer\.h\.0\.attn\.c_attn\.weight; they would be random"
    ):
        import_series(str(tmp_path / "series"), results=tmp_path)
    assert not (tmp_path / "recorded").exists()


def test_damaged_weights_and_probes_without_inputs_are_refused_in_one_line(tmp_path: Path) -> None:
    model, folder = model_of("GPT2", "eager"), tmp_path / "series" / "checkpoint-1"
    model.save_pretrained(folder)
    path, texts = folder / "model.safetensors", tmp_path / "texts"
    content = path.read_bytes()
    for kept in (0, 5, 200, len(content) // 2):
        path.write_bytes(content[:kept])
        with pytest.raises(HeadlapseError, match=r"^the model of .*checkpoint-1 cannot be loaded: [^\n]+$"):
            import_series(str(tmp_path / "series"), results=tmp_path)
    path.unlink()
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    (folder / "pytorch_model.bin").write_bytes((folder / "pytorch_model.bin").read_bytes()[:999])
    with pytest.raises(HeadlapseError, match=r"^the model of .*checkpoint-1 cannot be loaded: [^\n]+$"):
        import_series(str(tmp_path / "series"), results=tmp_path)
    texts.write_text("\n\n")
    with pytest.raises(InvalidValueError, match=r"texts has no text; put one on each line"):
        import_series(str(tmp_path / "series"), results=tmp_path, probe=texts)
    with pytest.raises(InvalidValueError, match=r"source must be ORG/MODEL, or a folder of checkpoints, got 'hf:'"):
        import_series("hf:", ["step0"], results=tmp_path)
    assert not (tmp_path / "recorded").exists()


def trainer(tmp_path: Path, changes: dict[str, Any] | None = None, kind: str = "GPT2", prefix: str = "") -> str:
    """A folder with one checkpoint, whose config.json has these changes and whose weights have this prefix."""
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "trainer" / "checkpoint-5"
    model_of(kind, "eager").save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | (changes or {})))
    weights = load_file(folder / "model.safetensors")
    save_file({prefix + name: each for name, each in weights.items()}, folder / "model.safetensors", metadata={"format": "pt"})
    return str(tmp_path / "trainer")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"n_layer": "two"}, r"the configuration of .* cannot be loaded: .*'n_layer' expected int, got str"),
        ({"activation_function": "nonsense"}, r"the model of .* cannot be loaded: KeyError: 'nonsense'"),
        ({"_attn_implementation": "flash_attention_2"}, r"the model of .* cannot be loaded: FlashAttention2"),
        ({"quantization_config": {"bits": 4, "quant_method": "gptq"}}, r"the model of .* cannot be loaded: .*GPTQ"),
        ({"vocab_size": 50}, r"transformer.wte.weight of the shape \(41, 24\), and its configuration asks for \(50, 24\)"),
        ({"n_layer": 3}, r"has no weights for transformer.h.2.attn.c_attn.bias, .* and 9 more; they would be random$"),
    ],
)
def test_what_cannot_be_computed_is_one_line(changes: dict[str, Any], reason: str, tmp_path: Path) -> None:
    with pytest.raises(HeadlapseError, match=reason) as refused:
        import_series(trainer(tmp_path, changes), results=tmp_path)
    assert "\n" not in str(refused.value) and not (tmp_path / "recorded").exists()


def test_weights_under_other_names_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"would be random; it has _orig_mod\.transformer.*, .* and \d+ more instead"):
        import_series(trainer(tmp_path, prefix="_orig_mod."), results=tmp_path)


def test_what_is_not_used_is_named_once_for_all_revisions(tmp_path: Path) -> None:
    folder = trainer(tmp_path, {"n_layer": 1, "architectures": ["MyGPT2"]})
    shutil.copytree(Path(folder) / "checkpoint-5", Path(folder) / "checkpoint-6")
    said = str(import_series(folder, results=tmp_path))
    assert "note: weights that GPT2Model does not use: transformer.h.1.attn.c_attn.weight, " in said
    assert "note: transformers does not know MyGPT2; it is computed as GPT2Model (in checkpoint-5, checkpoint-6)" in said


def test_weights_that_are_no_numbers_are_named(tmp_path: Path) -> None:
    for step in (5, 6):
        model = model_of("GPT2", "eager")
        with torch.no_grad():
            model.transformer.h[1].attn.c_attn.weight.fill_(float("nan") if step == 6 else 0.1)
        save(model, tmp_path / "trainer" / f"checkpoint-{step}")
    said = str(import_series(str(tmp_path / "trainer"), results=tmp_path))
    assert "note: attention of transformer.h.1.attn is not a number (NaN); such rows are zeros (in checkpoint-6)" in said


def test_a_folder_without_checkpoints_is_named_as_what_it_is(tmp_path: Path) -> None:
    folder = trainer(tmp_path)
    with pytest.raises(InvalidValueError, match=r"checkpoint-5 is one checkpoint; name the folder that contains it, as hf:"):
        import_series(f"{folder}/checkpoint-5", results=tmp_path)
    with pytest.raises(InvalidValueError, match=r"has no folders with a config\.json"):
        import_series(str(tmp_path), results=tmp_path)


@pytest.mark.parametrize("row", [0, 6])
@pytest.mark.parametrize(
    ("token", "positions", "lacking"),
    [
        (41, 8, r"transformer\.wte\.weight has 41 rows and is asked for row 41: "),
        (-1, 8, r"transformer\.wte\.weight has 41 rows and is asked for row -1: "),
        (3, 20, r"transformer\.wpe\.weight has 16 rows and is asked for row 19: "),
    ],
)
def test_tokens_and_positions_that_a_model_lacks_are_named(
    row: int, token: int, positions: int, lacking: str, tmp_path: Path
) -> None:
    tokens = torch.ones(7, positions, dtype=torch.int64)
    tokens[row] = token
    reason = (
        rf"does not run on the probe: IndexError: .*; {lacking}the probe is longer than the model's positions, or has tokens"
    )
    with pytest.raises(InvalidValueError, match=reason):
        import_series(trainer(tmp_path), probe=tokens, results=tmp_path)


def test_positions_that_begin_after_the_padding(tmp_path: Path) -> None:
    settings = {"num_hidden_layers": 1, "hidden_size": 24, "intermediate_size": 20, "num_attention_heads": 3}
    model = transformers.IBertForMaskedLM(transformers.IBertConfig(**settings, vocab_size=41, max_position_embeddings=18))
    save(model, tmp_path / "trainer" / "checkpoint-5")
    with pytest.raises(InvalidValueError, match=r"position_embeddings\.weight has 18 rows and is asked for row 19: "):
        import_series(str(tmp_path / "trainer"), results=tmp_path)


def test_a_decoder_without_its_sequence_is_named(tmp_path: Path) -> None:
    settings = {"num_layers": 1, "num_heads": 3, "d_model": 24, "d_kv": 8, "d_ff": 20, "vocab_size": 41}
    save(transformers.T5ForConditionalGeneration(transformers.T5Config(**settings)), tmp_path / "trainer" / "checkpoint-5")
    with pytest.raises(
        InvalidValueError, match=r"does not run on the probe: ValueError: .*; .* give input_ids and decoder_input_ids"
    ):
        import_series(str(tmp_path / "trainer"), results=tmp_path)


def test_the_linear_biases_of_falcon_count_once(tmp_path: Path) -> None:
    """transformers adds them twice in its eager implementation; the published models were trained with one."""
    settings = {"num_hidden_layers": 1, "hidden_size": 24, "num_attention_heads": 4, "vocab_size": 41, "alibi": True}
    torch.manual_seed(0)
    model = transformers.FalconForCausalLM(transformers.FalconConfig(**settings, new_decoder_architecture=False))
    save(model, tmp_path / "trainer" / "checkpoint-5")
    tokens = torch.randint(3, 41, (3, 7))
    run = import_series(str(tmp_path / "trainer"), probe=tokens, results=tmp_path).run
    queries: list[torch.Tensor] = []
    hook = model.transformer.h[0].self_attention.query_key_value.register_forward_hook(
        lambda _module, _inputs, output: queries.append(output)
    )
    with torch.no_grad():
        model.eval()(tokens)
    hook.remove()
    query, key = (part.double().numpy() for part in queries[0].unflatten(-1, (6, 6))[..., :5, :].split([4, 1], dim=2))
    slopes = np.array([2.0 ** (-2 * head) for head in range(1, 5)])
    scores = np.einsum("nthd,nfd->htfn", query, key[:, :, 0]) + slopes[:, None, None, None] * np.arange(7)[None, None, :, None]
    scores = np.where(np.tri(7)[None, :, :, None] == 1, np.exp(scores / 6**0.5), 0)
    np.testing.assert_allclose(run.patterns(5), scores / scores.sum(axis=2, keepdims=True), atol=1e-5)


def test_models_without_tokens_or_of_two_kinds_are_refused(tmp_path: Path) -> None:
    from transformers import ViTConfig, ViTModel

    options = ViTConfig(
        hidden_size=12, num_hidden_layers=1, num_attention_heads=3, intermediate_size=8, image_size=8, patch_size=4
    )
    ViTModel(options).save_pretrained(tmp_path / "images" / "checkpoint-1")
    with pytest.raises(InvalidValueError, match=r"checkpoint-1 reads no tokens, .*; give its inputs as probe="):
        import_series(str(tmp_path / "images"), results=tmp_path)
    assert not (tmp_path / "recorded").exists()
    import_series(str(tmp_path / "images"), results=tmp_path, probe={"pixel_values": torch.rand(2, 3, 8, 8)})
    for place, kind in enumerate(("GPT2", "Llama")):
        save(model_of(kind, "eager"), tmp_path / "mixed" / f"checkpoint-{place}")
    with pytest.raises(InvalidValueError, match=r"revision checkpoint-1 is a Llama\w*; the series begins with a GPT2"):
        import_series(str(tmp_path / "mixed"), results=tmp_path, probe=torch.randint(41, (3, 7)))


def test_a_series_that_does_not_fit_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(model_of("GPT2", "eager"), tmp_path / "series" / "checkpoint-1")
    monkeypatch.setattr("headlapse.recording.limits.free_bytes", lambda _: 1000)
    with pytest.raises(InvalidValueError, match="2 captures need at least"):
        import_series(str(tmp_path / "series"), results=tmp_path)
    assert not (tmp_path / "recorded").exists()


def test_a_recording_of_that_name_is_left_alone(tmp_path: Path) -> None:
    save(model := model_of("GPT2", "eager"), tmp_path / "series" / "checkpoint-1")
    headlapse.record(model, "series", torch.zeros(1, 4, dtype=torch.long), results=tmp_path).finish()
    with pytest.raises(InvalidValueError, match="recorded/series already exists"):
        import_series(str(tmp_path / "series"), results=tmp_path)


@pytest.mark.parametrize(
    ("name", "epoch"),
    [
        ("step0", 0),
        ("step143000", 143_000),
        ("step1000-tokens4B", 1000),
        ("checkpoint-500", 500),
        ("seed1-step64", 64),
        ("main=143000", 143_000),
        ("global_step12", 12),
        ("400", 400),
        ("checkpoint-20k", 20_000),
        ("stage1-step1000-tokens4B", 1000),
        ("model_1.3b_step_50", 50),
    ],
)
def test_epochs_are_told_by_names(name: str, epoch: int) -> None:
    assert revision_of(name).epoch == epoch


@pytest.mark.parametrize(
    "name",
    [
        *("main", "seed1-tokens4B", "step1-step2", "=3", "main=", "main=x", "main=-1"),
        *("4B", "tokens-100B", "step1e4", "step1,000", "step1.5k", "checkpoint_10M", "step1000.5"),
    ],
)
def test_what_tells_no_epoch_is_asked_for(name: str) -> None:
    with pytest.raises(InvalidValueError, match="revision"):
        revision_of(name)


def test_the_weights_of_every_revision_are_kept_in_the_records(tmp_path: Path) -> None:
    save(model_of("GPT2", "eager"), tmp_path / "series" / "checkpoint-1")
    run = import_series(str(tmp_path / "series"), results=tmp_path).run
    content = json.loads(run.paths.metadata.read_text())
    assert list(content["revisions"]) == ["checkpoint-1"] and len(content["revisions"]["checkpoint-1"]) == 64
