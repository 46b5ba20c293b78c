"""The attention layers found in a model, and the choice of those to record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Self

from headlapse import checks
from headlapse.errors import InvalidValueError, counted
from headlapse.recording.call_stack import Call
from headlapse.recording.readings import Weights

SELF, CROSS = "self", "cross"
TIMES = "×"  # noqa: RUF001 -- the sign of multiplication


class Seen(NamedTuple):
    """One attention layer, in the order of the forward pass: the kind of call, the module, and the weights."""

    how: str
    call: Call
    weights: Weights


class Shape(NamedTuple):
    """Properties shared by the layers of one recording: self or cross attention, `to` and `from` positions."""

    kind: str
    to: int
    from_: int

    def __str__(self) -> str:
        positions = f"positions {self.to}" if self.to == self.from_ else f"{self.to} positions to {self.from_}"
        return positions if self.kind == SELF else f"cross attention, {positions}"


@dataclass(frozen=True)
class Layer:
    """One attention layer: its place in the forward pass, the kind of call, the module, and the sizes."""

    place: int
    how: str
    name: str
    heads: int
    shape: Shape

    @classmethod
    def of(cls, place: int, seen: Seen) -> Self:
        """The layer at `place` in the order of attention calls, from the call `seen`."""
        _, heads, to, from_ = seen.weights.shape
        kind = CROSS if to != from_ or seen.call.is_cross else SELF
        return cls(place, seen.how, seen.call.name, heads, Shape(kind, to, from_))


def layers_of(seen: Sequence[Seen]) -> list[Layer]:
    """The attention layers seen in one forward pass, without the weights."""
    return [Layer.of(place, each) for place, each in enumerate(seen)]


def chosen_layers(found: Sequence[Layer], wanted: Sequence[int] | None) -> list[Layer]:
    """The layers at the places `wanted`; by default all layers of one shape, preferring self attention.

    Raises `InvalidValueError` listing the layers if the choice is ambiguous or a place does not exist.
    """
    if wanted is not None:
        places = checks.some(lambda name, place: checks.whole(name, place, most=len(found) - 1), "layers", wanted, "layer")
        chosen = [found[place] for place in sorted(set(places))]
        if len({layer.shape for layer in chosen}) > 1:
            raise InvalidValueError(f"layers must share one kind and size of attention; there are {in_words(found)}")
        return chosen
    shapes = {layer.shape for layer in found}
    own = {shape for shape in shapes if shape.kind == SELF and shape.from_ > 1} or shapes
    if len(own) > 1 or _has_pieces(found):
        raise InvalidValueError(f"there are several kinds of attention: {in_words(found)}; choose by layers=[...]")
    return [layer for layer in found if layer.shape in own]


def _has_pieces(found: Sequence[Layer]) -> bool:
    """Whether a module attends to other sequences of several lengths, as when it reads one token after the other."""
    crossed = {(layer.name, layer.shape) for layer in found if layer.shape.kind == CROSS and layer.name}
    return len({name for name, _ in crossed}) < len(crossed)


def in_words(layers: Sequence[Layer]) -> str:
    """`2 layers x 3 heads, scaled_dot_product_attention; positions 5`, one such phrase per kind and size."""
    by_kind: dict[tuple[str, Shape], list[Layer]] = {}
    for layer in layers:
        by_kind.setdefault((layer.how, layer.shape), []).append(layer)
    total = len(layers)
    return "; and ".join(_phrase(how, shape, group, len(group) < total) for (how, shape), group in by_kind.items())


def _phrase(how: str, shape: Shape, layers: Sequence[Layer], name_places: bool) -> str:
    counts = [f"{len(list(same)):,} {TIMES} {heads}" for heads, same in groupby(layers, key=lambda layer: layer.heads)]
    if len(counts) == 1:
        sizes = f"{counted(len(layers), 'layer')} {TIMES} {counted(layers[0].heads, 'head')}"
    else:
        sizes = f"{len(layers)} layers of {', '.join(counts)} heads"
    places = f" (layers={[layer.place for layer in layers]})" if name_places else ""
    return f"{sizes}{places}, {how}; {shape}"
