"""Kinds of files beside weights, by name: facts, states of trainers, and files that are not read."""

from __future__ import annotations

import re

ENDINGS = (".safetensors", ".pt", ".pth", ".bin", ".ckpt", ".npz")  # of files that should contain weights, even if damaged
DISTRIBUTED = ".distcp"
_COMPANION = re.compile(
    r"(training_state|(opt|optim|optimizers?|schedulers?|sched|lr_sched\w*|rng|grad_scaler|scaler)(_\w+)?[.-]|random_states"
    r"|training_args|sampler|custom_checkpoint|events\.out|.*optim_states|dataloader|tokenizer)",
)
_SETTINGS = r"((model_|run_)?config|hparams|hyper_?parameters|((train|training|model)_)?(args|settings|params|parameters))"
_RECORDS = (
    r"(metadata|trainer_state|(data_)?split"
    r"|((train|training|test|val|eval)_)?(history|loss|losses|metrics|log|logs|stats|results))"
)
_TOLD = re.compile(rf"({_SETTINGS}|{_RECORDS})\.jsonl?")
_TOLD_SETTINGS = re.compile(rf"{_SETTINGS}\.json")
_UNREAD = re.compile(
    rf"({_SETTINGS}|{_RECORDS})\.(ya?ml|toml|ini|cfg|csv|tsv|txt|log)|.*\.(h5|hdf5|onnx|gguf|msgpack|keras|tflite|distcp)"
)


def is_companion(name: str) -> bool:
    """Whether a trainer stores it beside weights in order to continue: an optimizer, a scheduler, random states."""
    return _COMPANION.match(name) is not None


def is_told(name: str) -> bool:
    """Whether it is JSON with settings, losses or a split."""
    return _TOLD.fullmatch(name) is not None


def is_settings(name: str) -> bool:
    """Whether it is JSON with settings, which several variants may share."""
    return _TOLD_SETTINGS.fullmatch(name) is not None


def is_unread(name: str) -> bool:
    """Whether its name suggests facts or weights in a format that headlapse does not read."""
    return _UNREAD.fullmatch(name) is not None
