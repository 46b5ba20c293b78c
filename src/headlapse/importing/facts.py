"""Facts beside the weights: every number, boolean and text, with its key and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from headlapse.errors import shown
from headlapse.importing.reading import StoredTensor
from headlapse.importing.reading.standins import Scalar, StandIn, fields, is_opaque, kind, scalar, sequence

# parts of a file without statements about the model
BOOKKEEPING = ("optim", "sched", "loop", "callback", "rng", "random_state", "scaler", "log_history", "tokenizer", "environ")
MODULES = "torch.nn."
CONTAINERS = ("Module", "ModuleList", "ModuleDict", "Sequential", "Linear", "Embedding", "Dropout")  # they state no function
MOST_DEEP, MOST_FACTS, LONGEST_LIST = 6, 5_000, 8
Stated = Scalar | tuple[Scalar, ...]


class Fact(NamedTuple):
    """A `key` in the file's spelling, its `value`, and the file. `where` holds the keys around it, joined by dots."""

    key: str
    value: Stated
    path: Path
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where and self.where + '.'}{self.key} {shown(self.value)} ({self.path.name})"


def facts_in(content: Any, path: Path, where: str = "") -> Iterator[Fact]:
    """Every fact in `content`, outermost first. Weights, optimizers and the like are skipped."""
    inner = []
    for key, value in list(_parts(content).items())[:MOST_FACTS]:
        if any(word in str(key).lower() for word in BOOKKEEPING) and not scalar(value)[0]:
            continue
        if _parts(value):
            inner.append((key, value))
        found = _stated(value)
        if found is not None:
            yield Fact(str(key), found[0], path, where)
    for key, value in inner:
        if where.count(".") < MOST_DEEP and not holds_arrays(value):
            yield from facts_in(value, path, f"{where}.{key}" if where else str(key))


def _parts(content: Any) -> Mapping[Any, Any]:
    """The named parts of `content`; for a pickled module its attributes and submodules, for a torch module only submodules."""
    found = fields(content) or {}
    modules = found.get("_modules") if isinstance(content, StandIn) else None
    if not isinstance(modules, Mapping):
        return {} if _is_module(content) else found
    attributes = {} if _is_module(content) else {key: value for key, value in found.items() if not str(key).startswith("_")}
    return {**attributes, **modules}


def _is_module(value: Any) -> bool:
    return isinstance(value, StandIn) and value.name.module.startswith(MODULES)


def unreadable_in(content: Any, where: str = "", depth: int = MOST_DEEP) -> Iterator[str]:
    """Position and class of every object whose values have no names without its class."""
    for key, value in list(_parts(content).items())[:MOST_FACTS]:
        place = f"{where}.{key}" if where else str(key)
        if any(word in str(key).lower() for word in BOOKKEEPING):
            continue
        if is_opaque(value):
            yield f"{place} (an object of {kind(value)})"
        elif depth and _parts(value) and not holds_arrays(value):
            yield from unreadable_in(value, place, depth - 1)


def _stated(value: Any) -> tuple[Stated] | None:
    """A scalar, a torch module's class, or a tuple of a few scalars, in a tuple of one; None for anything else."""
    if _is_module(value):
        if value.name.name in CONTAINERS:
            return None
        form = str(value.attributes.get("approximate", "none"))  # of GELU
        return (value.name.name + ("" if form == "none" else form),)
    is_scalar, found = scalar(value)
    if is_scalar:
        return (found,)
    items = sequence(value) if isinstance(value, StoredTensor) else None
    if isinstance(value, list | tuple) and len(value) <= LONGEST_LIST:
        items = list(_flat(value))
    if items is None or len(items) > LONGEST_LIST:
        return None
    inside = [scalar(item) for item in items]
    return (tuple(found for _, found in inside),) if all(is_scalar for is_scalar, _ in inside) else None


def _flat(items: Iterable[Any], depth: int = 3) -> Iterator[Any]:
    """The items of a list and of the short lists in it, as in [[["global", "local"], 1]]."""
    for item in items:
        is_short = depth and isinstance(item, list | tuple) and len(item) <= LONGEST_LIST
        yield from _flat(item, depth - 1) if is_short else (item,)


def holds_arrays(value: Any) -> bool:
    """Whether it is a dictionary of weights."""
    found: Mapping[Any, Any] = fields(value) or {}
    return any(isinstance(item, StoredTensor) and item.ndim > 1 for item in found.values())
