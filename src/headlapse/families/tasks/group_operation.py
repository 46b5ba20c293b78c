"""Products in a finite group: answer a b, a b a^-1 or a b a after reading [a, b, =].

Sources: Power et al., "Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets" (2022), which trains all
three on S5; Chughtai et al., "A Toy Model of Universality: Reverse Engineering how Networks Learn Group Operations" (2023).
"""

from __future__ import annotations

from typing import ClassVar

from headlapse.families.axes import Axis
from headlapse.families.groups import Group, group_of
from headlapse.families.pair_task import PairTask, PerInput
from headlapse.families.tasks import Settings, TaskRegistry

WORDS = {"compose": "a b", "conjugate": "a b a^-1", "aba": "a b a"}


class GroupOperation(PairTask):
    """All pairs of elements; both axes are labelled with the names of the elements, for permutations in cycle notation."""

    name: ClassVar[str] = "group_operation"
    needs: ClassVar[tuple[str, ...]] = ("group", "operation", "data_seed", "train_fraction")
    sized_by: ClassVar[str] = "take a larger group"

    def n_symbols(self, settings: Settings) -> int:
        return _group(settings).order

    def axes(self, settings: Settings) -> tuple[Axis, Axis]:
        elements = _group(settings).elements
        return Axis("a", len(elements), elements), Axis("b", len(elements), elements)

    def answers(self, a: PerInput, b: PerInput, settings: Settings) -> PerInput:
        group = _group(settings)
        answers: PerInput = group.product[a, b]
        if settings["operation"] != "compose":
            answers = group.product[answers, group.inverse[a] if settings["operation"] == "conjugate" else a]
        return answers

    def question(self, settings: Settings) -> str:
        return f"{WORDS[settings['operation']]} in {settings['group']}"


def _group(settings: Settings) -> Group:
    return group_of(settings["group"])


TaskRegistry.register(GroupOperation())
