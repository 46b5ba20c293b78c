"""Kinds of files beside weights, by name: facts, states of trainers, and files that are not read."""

from __future__ import annotations

import re

from headlapse.importing.words import listed, words_in

ENDINGS = (".safetensors", ".pt", ".pth", ".bin", ".ckpt", ".npz")  # of files that should contain weights, even if damaged
_COMPANION = re.compile(
    r"(training_state|(opt|optim|optimizers?|schedulers?|sched|lr_sched\w*|rng|grad_scaler|scaler)(_\w+)?[.-]|random_states"
    r"|training_args|sampler|custom_checkpoint|events\.out|.*optim_states|dataloader|tokenizer)",
)
_SETTINGS = r"((model_|run_)?config|hparams|hyper_?parameters|((train|training|model)_)?(args|settings|params|parameters))"
_RECORDS = (
    r"(metadata|trainer_state|(data_)?split"
    r"|((train|training|test|val|eval)_)?(history|loss|losses|metrics|log|logs|stats|results))"
)
_OF_SETTINGS = listed(
    "config configuration cfg conf hparams hyperparameters args settings params parameters opts hps experiment"
)
_OF_OTHERS = listed(
    "tokenizer generation preprocessor processor adapter feature image deepspeed ds accelerate quantize quantization"
)
_OF_PARTS = listed("data dataset datasets dataloader eval evaluation test probe probes sae sweep plot log logging env package")
_UNREAD_SETTINGS = re.compile(rf"{_SETTINGS}\.(ya?ml|toml|ini|cfg|pt|pth|pkl|pickle|py)")
_TOLD = re.compile(rf"({_SETTINGS}|{_RECORDS})\.jsonl?")
_TOLD_SETTINGS = re.compile(rf"{_SETTINGS}\.json")
_UNREAD = re.compile(
    rf"({_SETTINGS}|{_RECORDS})\.(ini|cfg|csv|tsv|txt|log)|.*\.(ya?ml|toml|h5|hdf5|onnx|gguf|msgpack|keras|tflite|distcp)"
    r"|.*\.(safetensors|pt|pth|bin|ckpt|npz|npy|pkl)\.(gz|zip|7z|xz|bz2|zst)"
)
_OF_TEXTS = re.compile(r"(vocab|merges|special_tokens_map|added_tokens|.*\.index)\.json")  # beside language models


def is_companion(name: str) -> bool:
    """Whether a trainer stores it beside weights in order to continue: an optimizer, a scheduler, random states."""
    return _COMPANION.match(name) is not None


def is_told(name: str) -> bool:
    """Whether it is JSON with settings, losses or a split."""
    return _TOLD.fullmatch(name) is not None or is_settings(name)


def is_settings(name: str) -> bool:
    """Whether it is JSON with settings, which several variants may share."""
    words = words_in(name)
    is_named = name.endswith(".json") and bool(words & _OF_SETTINGS) and words.isdisjoint(_OF_OTHERS | _OF_PARTS)
    return is_named or _TOLD_SETTINGS.fullmatch(name) is not None


def is_json(name: str) -> bool:
    """Whether it is JSON that may be about weights."""
    is_other = _OF_TEXTS.fullmatch(name) or is_companion(name) or not words_in(name).isdisjoint(_OF_OTHERS)
    return name.endswith((".json", ".jsonl")) and not is_other


def is_unread_settings(name: str) -> bool:
    """Whether its name suggests settings that are not read if only the weights beside it are named."""
    return _UNREAD_SETTINGS.fullmatch(name) is not None


def is_unread(name: str) -> bool:
    """Whether its name suggests facts or weights in a format that headlapse does not read."""
    return _UNREAD.fullmatch(name) is not None
