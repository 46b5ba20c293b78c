"""Places where a sweep runs: one module each, discovered by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.registry import Registry
from headlapse.sweep.driver import Tally
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.work import Work


class Place(Protocol):
    """A place to run a sweep. `options` maps the names of its options to their meanings."""

    name: ClassVar[str]
    options: ClassVar[Mapping[str, str]]

    def check(self, given: Mapping[str, str], recipe: Recipe, threads: int | None) -> None:
        """Raise `InvalidValueError` for an option value that no run of `recipe` can have, before anything is measured.

        `threads` is the number per run, None if that is chosen later.
        """
        ...

    def cpus(self) -> int:
        """The CPUs that the runs share, as far as known before anything starts."""
        ...

    def at_once(self, threads: int, memory: int, device: str) -> int | None:
        """The number of runs with this many threads and bytes that fit on `device` at once; None if unknown beforehand.

        Raises `InvalidValueError` if not even one fits.
        """
        ...

    def run(self, work: Work) -> Tally | None:
        """Run the pending work. None if it continues elsewhere after this returns."""
        ...


class PlaceRegistry(Registry[Place]):
    """Places by name."""

    kind = "place"
    package = "headlapse.sweep.places"
    group = "headlapse.sweep_places"


def check_options(place: Place, given: Mapping[str, str], recipe: Recipe, threads: int | None) -> None:
    """Raise `InvalidValueError` for an option that has no effect at `place`, or an impossible value of one that has."""
    for name in given:
        if name not in place.options:
            known = ", ".join(place.options) or "none"
            raise InvalidValueError(f"--on {place.name} has no option {checks.shown(name)}; it has {known}")
    place.check(given, recipe, threads)
