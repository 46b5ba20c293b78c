"""Places where a sweep runs: one module each, discovered by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.registry import Registry
from headlapse.sweep.driver import Tally
from headlapse.sweep.work import Work


class Place(Protocol):
    """Somewhere to run a sweep. `options` are the names it takes, with what each means."""

    name: ClassVar[str]
    options: ClassVar[Mapping[str, str]]

    def cpus(self) -> int:
        """CPUs that the runs share, as far as can be known without starting anything."""
        ...

    def at_once(self, threads: int, memory: int, device: str) -> int | None:
        """How many runs of so many threads and bytes go at once on `device`; None where that is not known beforehand.

        Raises `InvalidValueError` where none can.
        """
        ...

    def run(self, work: Work) -> Tally | None:
        """Do what is pending. None where it goes on elsewhere after this returns."""
        ...


class PlaceRegistry(Registry[Place]):
    """Places by name."""

    kind = "place"
    package = "headlapse.sweep.places"
    group = "headlapse.sweep_places"


def check_options(place: Place, given: Mapping[str, str]) -> None:
    """Raise `InvalidValueError` for an option that does nothing at `place`."""
    for name in given:
        if name not in place.options:
            known = ", ".join(place.options) or "none"
            raise InvalidValueError(f"{checks.shown(name)} is no option of --on {place.name}; its options: {known}")
