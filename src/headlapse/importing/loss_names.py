"""Names under which files store losses, the split and epochs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from headlapse.importing.loss_lists import is_finite
from headlapse.importing.reading.standins import fields, scalar
from headlapse.importing.words import listed, words_in

Part = Literal["train", "test"]
PARTS: Mapping[Part, frozenset[str]] = {
    "train": listed("train training tr"),
    "test": listed("test testing val valid validation eval dev"),
}
LOSS = listed("loss losses")
ROWS = listed("indices index idx idxs inds rows")
TOKENS = listed("data inputs tokens pairs")
AXIS = listed("epoch epochs step steps iter iters iterations")
SAVING = listed("checkpoint checkpoints ckpt save saved")
FILLING = listed("per epoch step history all list curve ce xent cross entropy mean avg values")
HISTORY = listed("history histories log logs metrics losses loss stats results records")
ABOUT_LOSSES = HISTORY | LOSS | PARTS["train"] | PARTS["test"] | listed("metric result current")
EPOCH_KEYS = (  # of a number that gives the epoch of the weights beside it, best first
    "epoch",
    "current_epoch",
    "checkpoint_epoch",
    "step",
    "global_step",
    "global_steps",
    "current_step",
    "training_step",
    "train_step",
    "iteration",
    "iter",
    "iter_num",
    "it",
    "num_updates",
    "epochs_trained",
    "trained_epochs",
    "epochs_done",
    "epochs_completed",
    "completed_epochs",
    "steps_trained",
    "steps_done",
    "steps_completed",
    "completed_steps",
)


def part_of(words: frozenset[str]) -> Part | None:
    """Whether `words` name the training or the test part; None for neither or both."""
    found = [part for part, names in PARTS.items() if words & names]
    return found[0] if len(found) == 1 else None


def part_of_losses(key: str, around: frozenset[str] = frozenset()) -> Part | None:
    """The part whose losses are under `key`, which may be inside a part named by the words `around`, such as losses."""
    words = words_in(key)
    part = part_of(words) or part_of(around) or "train"
    if not (words | around) & LOSS or (not words & LOSS and not part_of(words)):
        return None
    return part if words - LOSS - PARTS[part] <= FILLING else None


def names_only(words: frozenset[str], kinds: frozenset[str]) -> Part | None:
    """The part that `words` name if there are further words and all of them are in `kinds`."""
    part = part_of(words)
    rest = words - PARTS[part] if part is not None else frozenset()
    return part if rest and rest <= kinds else None


def epoch_numbers(content: Any) -> dict[str, Any]:
    """The values under keys for epochs, best first: whole numbers, or values that should be whole numbers."""
    named = {_snake_case(str(key)): value for key, value in (fields(content) or {}).items()}
    found = {}
    for key in EPOCH_KEYS:
        is_scalar, value = scalar(named.get(key))
        if is_scalar and value is not None:
            found[key] = whole(value)
    return found


def stated_losses(content: Any, around: frozenset[str] = frozenset(), depth: int = 4) -> dict[Part, float]:
    """Single losses, in nats, that a file states for its own weights, also in parts called metrics, test or the like.

    `around` are the words in the name of `content`, `depth` is the allowed nesting of parts. If a loss is stated several times,
    the outermost counts.
    """
    found: dict[Part, float] = {}
    inner: list[tuple[Any, frozenset[str]]] = []
    for key, value in (fields(content) or {}).items():
        words = words_in(key)
        part = part_of_losses(str(key), around)
        is_scalar, number = scalar(value) if part is not None else (False, None)
        if part is not None and is_scalar and isinstance(number, int | float) and not isinstance(number, bool):
            found |= {part: float(number)} if is_finite(number) else {}
        elif depth and words and words <= ABOUT_LOSSES and fields(value) is not None:
            inner.append((value, around | words))
    for value, words in inner:
        found = stated_losses(value, words, depth - 1) | found
    return found


def _snake_case(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-. ]", "_", key).lower()


def whole(value: Any) -> Any:
    """`value` as a whole number if it is one; 100.0 and "100" are."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
