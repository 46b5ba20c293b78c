"""Find plug-ins by name: the modules of a package, plus the entry points of installed packages.

A registry subclass states where to look. Nothing is imported until a name is asked for, so listing names stays cheap.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, ClassVar, Generic, TypeVar

from headlapse import checks
from headlapse.errors import HeadlapseError, InvalidValueError, UnknownNameError

T = TypeVar("T")


class Registry(Generic[T]):
    """Named plug-ins of one kind.

    A built-in plug-in is a module of `package` that calls `register`; a foreign one is an entry point of `group`, or a call
    to `register` in a notebook. With `one_per_module` the module's name is the plug-in's name.
    """

    kind: ClassVar[str]
    package: ClassVar[str]
    group: ClassVar[str]
    one_per_module: ClassVar[bool] = True
    _items: ClassVar[dict[str, Any]]

    def __init_subclass__(cls) -> None:
        cls._items = {}

    @classmethod
    def register(cls, item: T) -> T:
        """Add `item` under `item.name`. Registering another item under a taken name is an error."""
        name: str = item.name  # type: ignore[attr-defined]
        known = cls._items.get(name)
        if known is not None and type(known) is not type(item):
            raise InvalidValueError(f"two {cls.kind}s are named {name!r}: {known!r} and {item!r}; rename one")
        cls._items[name] = item
        return item

    @classmethod
    def names(cls) -> list[str]:
        """All names, sorted: built in, installed and registered by hand."""
        return sorted({*cls._module_names(), *cls._items, *cls._entry_points()})  # modules first: they register items

    @classmethod
    def has(cls, name: str) -> bool:
        """Whether there is a plug-in called `name`."""
        if name in cls._items or name in cls._module_names():
            return True
        return name in cls._items or name in cls._entry_points()  # a module may just have registered it

    @classmethod
    def registered(cls) -> list[str]:
        """The names of those loaded so far."""
        return list(cls._items)

    @classmethod
    def source(cls, name: str) -> str:
        """Where the plug-in called `name` comes from: "headlapse", its package and version, or "registered by hand".

        For a registry with one plug-in per module. Raises `UnknownNameError` listing the known names.
        """
        if name in cls._module_names():
            return "headlapse"
        entry_point = cls._entry_points().get(name)
        if entry_point is not None:
            package = entry_point.dist
            return entry_point.module if package is None else f"{package.name} {package.version}"
        if name not in cls._items:
            raise UnknownNameError.among(cls.kind, name, cls.names())
        return "registered by hand"

    @classmethod
    def get(cls, name: str) -> T:
        """The plug-in called `name`. Raises `UnknownNameError` listing the known names."""
        checks.text(f"the name of a {cls.kind}", name)
        if name not in cls._items:
            cls._load(name)
        if name not in cls._items:
            raise UnknownNameError.among(cls.kind, name, cls.names())
        item: T = cls._items[name]
        return item

    @classmethod
    def _load(cls, name: str) -> None:
        if name in cls._module_names():
            importlib.import_module(f"{cls.package}.{name}")
        elif (entry_point := cls._entry_points().get(name)) is not None:
            cls._load_entry_point(entry_point)

    @classmethod
    def _load_entry_point(cls, entry_point: EntryPoint) -> None:
        try:
            loaded = entry_point.load()
            item = loaded() if isinstance(loaded, type) else loaded
            if item.name != entry_point.name:
                raise InvalidValueError(f"it calls itself {item.name!r}")
            cls.register(item)
        except Exception as error:  # foreign code may raise anything: name its origin
            raise HeadlapseError(f"{cls.kind} {entry_point.name!r} ({entry_point.value}) does not load: {error}") from error

    @classmethod
    def _module_names(cls) -> list[str]:
        search_path = importlib.import_module(cls.package).__path__
        modules = [m.name for m in pkgutil.iter_modules(search_path) if not m.name.startswith("_")]
        if cls.one_per_module:
            return modules
        for name in modules:
            importlib.import_module(f"{cls.package}.{name}")
        return []

    @classmethod
    def _entry_points(cls) -> dict[str, EntryPoint]:
        return {entry_point.name: entry_point for entry_point in _installed(cls.group, _places())}


Place = tuple[str, int | None]  # a folder of packages, and when something was last installed in it or removed


def _places() -> tuple[Place, ...]:
    return tuple((path, _changed(path or ".")) for path in sys.path)


def _changed(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 -- for every question
    except OSError:
        return None


@lru_cache(maxsize=32)
def _installed(group: str, _places: tuple[Place, ...]) -> EntryPoints:
    """The entry points of `group`; finding them among those of a hundred packages takes 10 ms, and they are asked for often."""
    return entry_points(group=group)
