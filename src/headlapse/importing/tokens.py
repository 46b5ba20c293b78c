"""Compare the token of the equals sign that files state with the inputs of the family's task."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from headlapse.errors import IncompatibleFileError
from headlapse.importing.architecture_keys import plain
from headlapse.importing.facts import Fact
from headlapse.importing.words import listed
from headlapse.workbench import Variant

OF_EQUALS = listed("equalstoken equaltoken eqtoken equalstokenid equaltokenid eqtokenid tokenequals equalsid equalsindex eqid")


def check_equals(facts: Iterable[Fact], variant: Variant) -> None:
    """Raise `IncompatibleFileError` if a fact states another last token than all inputs of the variant have."""
    stated = [fact for fact in facts if plain(fact.key) in OF_EQUALS and type(fact.value) is int and fact.value >= 0]
    if not stated:
        return
    last = np.unique(np.asarray(variant.family.task.probe(variant.settings))[:, -1])
    wrong = [fact for fact in stated if len(last) == 1 and fact.value != last[0]]
    if wrong:
        problem = f"states {wrong[0]}, where all inputs of {variant.family.name} end with token {last[0]}"
        raise IncompatibleFileError(wrong[0].path, problem, "choose a --family with these tokens (docs/families.md)")
