"""Stand-ins for objects of unknown classes: the name of the class and the attributes in the file, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from headlapse.importing.reading.tensors import StoredTensor

STATE = "state"  # the form in which a class stores its values
Scalar = bool | int | float | str | None


class Name(NamedTuple):
    """A class or function that a file refers to. It is never looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class StandIn:
    """An object of the class `name`: its `args`, its attributes, and its entries or items if it is a collection."""

    name: Name
    args: tuple[Any, ...] = ()
    attributes: dict[Any, Any] = field(default_factory=dict)
    entries: dict[Any, Any] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)

    def build(self, state: Any) -> None:
        """Set a pickled state: attributes, or a pair of attributes and slots."""
        for part in state if isinstance(state, tuple) and len(state) == 2 else (state,):
            if isinstance(part, Mapping):
                self.attributes.update(part)
            elif part is not None:
                self.attributes[STATE] = part


def fields(value: Any) -> Mapping[Any, Any] | None:
    """`value` by key, if it is a dictionary or an object with content; else None."""
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, StandIn):
        return None
    if "_content" in value.attributes and isinstance(value.attributes["_content"], Mapping):  # omegaconf
        return value.attributes["_content"]
    return value.entries or value.attributes or None


def is_opaque(value: Any) -> bool:
    """Whether `value` is an object whose values have no names without its class, such as a namedtuple."""
    if not isinstance(value, StandIn) or value.entries or value.items or scalar(value)[0]:
        return False
    return bool(value.attributes.keys() == {STATE} or (value.args and not value.attributes))


def scalar(value: Any) -> tuple[bool, Scalar]:
    """Whether `value` is a number, text, boolean or None, and which; also from numpy, torch, an enumeration or a path."""
    match value:
        case None | bool() | int() | float() | str():
            return True, value
        case StoredTensor(count=1, ndim=0 | 1) if not value.dtype.is_complex:
            return True, value.load().reshape(()).item()
        case Name():
            return True, value.name.rpartition(".")[2]
        case StandIn():
            return _scalar_of(value)
    return False, None


def _scalar_of(value: StandIn) -> tuple[bool, Scalar]:
    """The path, the member of an enumeration or the node of a configuration in a stand-in."""
    match value:
        case StandIn(attributes={"_val": inner}):  # omegaconf
            return scalar(inner)
        case StandIn(name=Name(module="pathlib" | "pathlib._local", name=name), args=args) if "Path" in name:
            kind = PureWindowsPath if "Windows" in name else PurePosixPath
            return True, kind(*map(str, args)).as_posix()
        case StandIn(args=(inner,)) if fields(value) is None and not isinstance(inner, tuple | list):
            return scalar(inner)
    return False, None


def sequence(value: Any) -> list[Any] | None:
    """`value` as a list, if it is a list, tuple, range or array of numbers with one axis; else None."""
    match value:
        case list() | tuple():
            return list(value)
        case range():
            return list(value) if len(value) <= 10**7 else None
        case StoredTensor(ndim=1) if not value.dtype.is_complex:
            found: list[Any] = value.load().tolist()
            return found
        case StandIn(items=[_, *_]):
            return value.items
        case StandIn(attributes={"_content": list() as inner}):  # omegaconf
            return inner
    return None


def kind(value: Any) -> str:
    """The class of `value`, in words."""
    return str(value.name) if isinstance(value, StandIn) else str(value) if isinstance(value, Name) else type(value).__name__
