"""Controls of a view that replaces heads: the heads, and their replacement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from headlapse import checks
from headlapse.models.heads import head_layers
from headlapse.results.run import RunLabels
from headlapse.visualization.format import epoch_in_words
from headlapse.visualization.views import EpochData, Option

FEW = 4  # number of heads of which all sets are offered
WORDS = {"zero": "nothing", "mean": "its mean over inputs", "uniform": "even attention"}


@dataclass(frozen=True)
class HeadsChoice:
    """Which heads are replaced; several are written '0,2'."""

    name: str = "replaced"
    label: str = "Heads"
    extra: ClassVar[bool] = True

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        return [Option(",".join(map(str, heads)), heads_in_words(heads, labels)) for heads in _offered(labels)]

    def arguments(self, value: str) -> dict[str, Any]:
        if not re.fullmatch(r"[0-9]{1,4}(,[0-9]{1,4})*", value):
            raise checks.wrong(self.name, "numbers of heads, as in '0' or '0,2'", value)
        return {"heads": [int(number) for number in value.split(",")]}


@dataclass(frozen=True)
class KindChoice:
    """The replacement of a head: a word, or 'epoch-500' for its attention at epoch 500."""

    name: str = "kind"
    label: str = "Replaced by"
    extra: ClassVar[bool] = True

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        words = [Option(kind, text.capitalize()) for kind, text in WORDS.items()]
        return words + [
            Option(f"epoch-{epoch}", kind_in_words("epoch", epoch).capitalize()) for epoch in epoch_data.get("epochs", ())
        ]

    def arguments(self, value: str) -> dict[str, Any]:
        at_epoch = re.fullmatch(r"epoch-([0-9]{1,12})", value)
        if at_epoch:
            return {"kind": "epoch", "from_epoch": int(at_epoch[1])}
        if value not in WORDS:
            raise checks.wrong(self.name, f"{', '.join(WORDS)} or epoch-N, as in 'epoch-500'", value)
        return {"kind": value}


def heads_in_words(heads: Sequence[int], labels: RunLabels) -> str:
    """Their labels, or words for all of them together."""
    known, layers = labels.head_labels, head_layers(labels.head_labels)
    chosen = set(heads)
    if len(chosen) > 1 and len(chosen) == len(known):
        return "all heads"
    if len(chosen) == len(known) - 1 > 2:
        return f"all but {next(label for head, label in enumerate(known) if head not in chosen)}"
    if len(chosen) > 1 and len(set(layers)) > 1 and chosen == _of_layer(layers, heads[0]):
        return f"all heads of layer {layers[heads[0]]}"
    return ", ".join(known[head] if head < len(known) else str(head) for head in heads)


def kind_in_words(kind: str, from_epoch: int | None = None) -> str:
    """The replacement of a head, in words."""
    return f"its attention at {epoch_in_words(from_epoch)}" if from_epoch is not None else WORDS[kind]


def _offered(labels: RunLabels) -> list[tuple[int, ...]]:
    """Each head, and sets of heads: all sets if there are few heads, otherwise all but one, all of a layer, and all."""
    heads, layers = range(len(labels.head_labels)), head_layers(labels.head_labels)
    if len(heads) <= FEW:
        return [chosen for count in heads for chosen in combinations(heads, count + 1)]
    single = [(head,) for head in heads]
    layer = [tuple(sorted(_of_layer(layers, layers.index(each)))) for each in sorted(set(layers))]
    but_one = [tuple(other for other in heads if other != head) for head in heads]
    return [*single, *(layer if len(layer) > 1 else []), *but_one, tuple(heads)]


def _of_layer(layers: Sequence[int], head: int) -> set[int]:
    return {other for other, layer in enumerate(layers) if layer == layers[head]}
