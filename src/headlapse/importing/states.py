"""Find the dictionaries of weights in the content of a file, at any place and with any common prefix of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from headlapse.errors import CorruptFileError, IncompatibleFileError
from headlapse.importing.layouts import Layout, layouts
from headlapse.importing.reading import StoredTensor
from headlapse.importing.reading.raw import REMEDY
from headlapse.importing.reading.standins import StandIn, fields, is_opaque, kind
from headlapse.importing.words import listed, words_in

# modules that wrap others: torch.compile, FSDP, activation checkpoints, DeepSpeed and the bridge, in this order
WRAPPERS = frozenset(
    ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module", "_original_component")
)
TRAINERS = ("optim", "sched")  # parts of names
BOOKKEEPING = ("loss", "indices", "epoch", "step", "iter", "rng", "seed", "accura", "config", "history", "data")
OF_BOOKKEEPING = listed(  # in names with another word, such as step_norm, a part of a model may be meant
    "loss losses scale scaler fn function curve index indices idx epoch epochs step steps iter iters iteration iterations "
    "rng seed seeds accuracy accuracies accura acc config configs configuration history histories data dataset dataloader "
    "loader sampler metadata meta info train training test testing val valid validation eval state states dict dicts random "
    "python numpy torch cuda cpu generator global current num n total count counter list of the per all batch batches log "
    "logs logging stats best last inputs labels targets split lr rate time times"
)
MOST_DEEP, MOST_PARTS = 40, 2_000_000
Keys = tuple[Any, ...]


@dataclass(frozen=True)
class Candidate:
    """Weights that a layout recognises. `keys` is the path to their part of the file, and all names in it share the `prefix`.

    `place` combines both, without wrappers. `unread` are the classes of objects among the tensors that are none here.
    """

    place: str
    keys: Keys
    prefix: str
    tensors: Mapping[str, StoredTensor]
    layout: Layout
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The place in words: the keys and prefixes, without the last dot."""
        return self.place.removesuffix(".")


def find_states(content: Any, path: Path) -> list[Candidate]:
    """Every state in `content`, in its order.

    Raises `CorruptFileError` for endless content, `IncompatibleFileError` if wrapped names mean two tensors.
    """
    named = _by_name(content, path)
    unread = {".".join(segments(keys)): kind(leaf) for keys, leaf in _leaves(content) if is_opaque(leaf)}
    found = {place: (keys, layout) for place, keys, layout in _anchors(named)}
    states: list[Candidate] = []
    for place, (of_anchor, layout) in found.items():
        inner = [other for other in found if other != place and other.startswith(place)]
        tensors = {
            name.removeprefix(place): tensor
            for name, (tensor, keys) in named.items()
            if name.startswith(place)
            and not name.startswith(tuple(inner))
            and not _is_bookkeeping(name.removeprefix(place), tensor, is_alone=keys == (name,) and "." not in name)
        }
        inside = _keys_of(place, of_anchor)
        prefix = ".".join(map(str, of_anchor[len(inside) :])).removesuffix(layout.anchor)
        own = {name.removeprefix(place): kind_ for name, kind_ in unread.items() if name.startswith(place)}
        states.append(Candidate(place, inside, prefix if prefix.endswith(".") else "", tensors, layout, own))
    return states


def walk(content: Any) -> Iterator[tuple[Keys, StoredTensor]]:
    """Every array in `content` with the path of keys to it. Raises `RecursionError` if the content is endless."""
    return ((keys, leaf) for keys, leaf in _leaves(content) if isinstance(leaf, StoredTensor))


def _leaves(content: Any) -> Iterator[tuple[Keys, StoredTensor | StandIn]]:
    """Every array in `content`, and every object that only its class can read, with the path of keys to it."""
    budget = iter(range(MOST_PARTS))

    def parts(content: Any, keys: Keys) -> Iterator[tuple[Keys, StoredTensor | StandIn]]:
        if len(keys) > MOST_DEEP or next(budget, None) is None:
            raise RecursionError(f"nested more than {MOST_DEEP} deep, or in more than {MOST_PARTS:,} parts")
        if isinstance(content, StoredTensor) or is_opaque(content):
            yield keys, content
        if not isinstance(content, StoredTensor):
            for name, value in _children(content):
                key = int(name) if isinstance(name, float) and name.is_integer() else name
                if isinstance(value, StoredTensor | list | tuple | Mapping | StandIn):
                    yield from parts(value, (*keys, key))

    return parts(content, ())


def segments(keys: Keys) -> Iterator[str]:
    """The parts of the dotted name that `keys` make, without wrappers."""
    parts = chain.from_iterable(str(key).split(".") for key in keys)
    return (part for part in parts if part not in WRAPPERS)


def same_numbers(one: StoredTensor, other: StoredTensor) -> bool:
    """Whether two arrays hold the same numbers, which are read only if nothing else decides."""
    if one.place == other.place:
        return True
    return one.shape == other.shape and one.dtype == other.dtype and torch.equal(one.load(), other.load())


def is_same(one: Mapping[str, StoredTensor], other: Mapping[str, StoredTensor]) -> bool:
    """Whether two states are the same weights."""
    return one.keys() == other.keys() and all(same_numbers(tensor, other[name]) for name, tensor in one.items())


def _keys_of(place: str, keys: Keys) -> Keys:
    """Those of the `keys` to a tensor that stand before its name, in `place`."""
    left = place.count(".")
    inside = []
    for key in keys:
        left -= sum(1 for _ in segments((key,)))
        if left < 0:
            break
        inside.append(key)
    return tuple(inside)


def _by_name(content: Any, path: Path) -> dict[str, tuple[StoredTensor, Keys]]:
    """Every array by its dotted name. Arrays whose names differ only by wrappers must hold the same numbers."""
    named: dict[str, tuple[StoredTensor, Keys]] = {}
    try:
        for keys, tensor in walk(content):
            name = ".".join(segments(keys))
            if name in named and not same_numbers(named[name][0], tensor):
                raise IncompatibleFileError(path, f"holds two different tensors that are called {name}", REMEDY)
            named.setdefault(name, (tensor, keys))
    except RecursionError as error:
        raise CorruptFileError(path, f"holds {error}", REMEDY) from error
    return named


def _anchors(named: Mapping[str, tuple[StoredTensor, Keys]]) -> Iterator[tuple[str, Keys, Layout]]:
    """The path before every tensor by which a layout is recognised."""
    for layout in layouts():
        for name, (tensor, keys) in named.items():
            place = name.removesuffix(layout.anchor)
            if tensor.ndim == layout.rank and name.endswith(layout.anchor) and (not place or place.endswith(".")):
                yield place, keys, layout


def _children(content: Any) -> Iterator[tuple[Any, Any]]:
    """The members of a list, dictionary or object. A pickled module gives its tensors and modules, like its state dict."""
    if isinstance(content, list | tuple):
        yield from ((f"[{index}]", item) for index, item in enumerate(content))
        return
    attributes = content.attributes if isinstance(content, StandIn) else {}
    modules = attributes.get("_modules")
    if not isinstance(modules, Mapping):
        yield from (fields(content) or {}).items()
        return
    skipped = attributes.get("_non_persistent_buffers_set")
    skipped = skipped if isinstance(skipped, list) else []
    for part in (attributes.get("_parameters"), attributes.get("_buffers"), modules):
        yield from ((key, value) for key, value in (fields(part) or {}).items() if key not in skipped)


def _is_bookkeeping(name: str, tensor: StoredTensor, is_alone: bool) -> bool:
    """Whether training scripts use `name` for something else beside weights, such as an optimizer's moments.

    `is_alone` means that it is a value of the file itself; a line names these if they are not used.
    """
    first = name.split(".", maxsplit=1)[0]
    if any(word in first.lower() for word in TRAINERS):
        return True
    if not any(word in first.lower() for word in BOOKKEEPING):
        return False
    return is_alone or not tensor.dtype.is_floating_point or words_in(first) <= OF_BOOKKEEPING
