"""Weights of another moment than the rest of their file, such as the best or the initial ones, and their epoch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from headlapse.importing.loss_names import whole
from headlapse.importing.reading.standins import fields, scalar
from headlapse.importing.words import listed, words_in

OTHER_MOMENTS = listed(
    "best init initial initialization initialisation untrained start old prev previous backup first early before pre "
    "reference ref earliest lowest highest min max grokked memorized memorised"
)
OF_WEIGHTS = listed(
    "model models net network state states dict weights params parameters module transformer checkpoint ckpt the"
)
AXES = (listed("epoch epochs ep"), listed("step steps iter iters iteration iterations it update updates"))
OF_COUNTS = listed("since patience no without num n total wait bad remaining left improvement improve every time loss acc")


def is_of_another_moment(name: str) -> bool:
    """Whether the name of weights says that they are not the newest ones of their file."""
    return not OTHER_MOMENTS.isdisjoint(words_in(name))


def stated_for(name: str, parts: Iterable[Any]) -> dict[str, Any]:
    """The epochs that `parts` of a file state for the weights called `name` by their words, as `best_epoch` does."""
    own = words_in(name) - OF_WEIGHTS
    moment = own & OTHER_MOMENTS
    found: dict[str, tuple[frozenset[str], int]] = {}
    for part in parts:
        for key, value in (fields(part) or {}).items():
            number = whole(scalar(value)[1])
            words = words_in(key)
            if type(number) is int and own and words & (moment or own) and not words & OF_COUNTS:
                found.setdefault(str(key), (words, number))
    for axis in AXES:
        of_axis = {key: (words - axis - OF_WEIGHTS, number) for key, (words, number) in found.items() if words & axis}
        exact = {key: number for key, (words, number) in of_axis.items() if words == own}
        wider = {key: number for key, (_, number) in of_axis.items()} if moment else {}
        for numbers in (exact, wider):
            if len(set(numbers.values())) == 1:
                return dict(list(numbers.items())[:1])
            if numbers:
                return {}
    return {}


def label_of(name: str) -> str:
    """`name` as a label that may give an epoch: only a number after a word for one."""
    axes = "|".join(sorted(AXES[0] | AXES[1], key=len, reverse=True))
    return name if re.search(rf"(?:{axes})[_=-]?[0-9]", name.lower()) else re.sub("[0-9]+", "", name)
