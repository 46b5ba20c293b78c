"""The losses of every imported state: computed from its weights if the split is known, else taken from its source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from headlapse.importing.conventions import Convention
from headlapse.importing.loss_names import PARTS, Part
from headlapse.importing.placing import Placed
from headlapse.importing.sources import State

RELATIVE, ABSOLUTE = 1e-3, 1e-6  # tolerance between float32 losses of one model
Measured = Mapping[int, Mapping[str, float]]


@dataclass
class OfStates:
    """Losses by epoch, None if unknown, and lines about contradictions."""

    losses: dict[int, dict[str, float | None]]
    notes: list[str] = field(default_factory=list)


def losses_of(states: Sequence[State], measured: Measured, placed: Placed, convention: Convention) -> OfStates:
    """The losses of each state's own weights; `measured` are the computed ones, `placed` are the lists of the source."""
    found = OfStates({state.epoch: {} for state in states})
    taken: dict[Part, Convention] = {}
    for part in PARTS:
        name = f"{part}_loss"
        computed = {epoch: values[name] for epoch, values in measured.items() if name in values}
        used, said = _fitting(part, computed, placed, convention)
        listed = {state.epoch: _entry(placed.get(part), used.entry(part, state.epoch)) for state in states}
        stated = {state.epoch: state.losses[part] for state in states if part in state.losses}
        found.notes += said or _contradiction(f"{part}_losses", computed, listed)
        found.notes += _contradiction(name, computed, stated)
        for epoch, of_epoch in found.losses.items():
            of_epoch[name] = computed.get(epoch, stated.get(epoch, listed[epoch]))
        if part in placed and not found.losses.keys() <= computed.keys() | stated.keys():
            taken[part] = used
            found.notes += _none(part, used, [of_epoch[name] for of_epoch in found.losses.values()])
    return replace(found, notes=[*_said_of(taken), *found.notes])


def _said_of(taken: Mapping[Part, Convention]) -> list[str]:
    """A line about the entries of lists that are used without a comparison with the weights."""
    if not taken:
        return []
    entries = " and ".join(f"{part}_losses[{_index(getattr(used, part))}]" for part, used in taken.items())
    title = next(iter(taken.values())).title
    return [f"the split is not known, so weights N get the losses {entries} by convention: {title}"]


def _none(part: Part, used: Convention, losses: Sequence[float | None]) -> list[str]:
    """A line if no checkpoint has a loss although there is a list of them."""
    if any(loss is not None for loss in losses):
        return []
    index = _index(getattr(used, part))
    return [f"no checkpoint has a {part} loss: the {part} losses have no entry at {index} for any checkpoint's epoch N"]


def _fitting(part: Part, computed: Mapping[int, float], placed: Placed, convention: Convention) -> tuple[Convention, list[str]]:
    """The convention, or another one whose entries fit the weights if its own do not, and whether it is another."""
    if part not in placed or _fits(part, computed, placed, convention):
        return convention, []
    for shift in (-1, 0, 1):
        other = replace(convention, train=shift) if part == "train" else replace(convention, test=shift)
        if _fits(part, computed, placed, other):
            known = f"the losses computed from weights N are {part}_losses[{_index(shift)}]"
            return other, [f"{known}, not [{_index(getattr(convention, part))}]"]
    return convention, []


def _fits(part: Part, computed: Mapping[int, float], placed: Placed, convention: Convention) -> bool:
    """Whether there are entries and every one agrees with the weights."""
    entries = {epoch: _entry(placed.get(part), convention.entry(part, epoch)) for epoch in computed}
    known = [(computed[epoch], entry) for epoch, entry in entries.items() if entry is not None]
    return bool(known) and all(_agree(one, other) for one, other in known)


def _contradiction(name: str, computed: Mapping[int, float], said: Mapping[int, float | None]) -> list[str]:
    """One line, with the numbers of the first epoch, if the losses of a source contradict its weights."""
    both = [(epoch, loss, said[epoch]) for epoch, loss in computed.items() if said.get(epoch) is not None]
    wrong = [(epoch, loss, other) for epoch, loss, other in both if other is not None and not _agree(loss, other)]
    if not wrong:
        return []
    epoch, loss, other = wrong[0]
    count = f"{len(wrong):,} of {len(both):,} epochs"
    return [
        f"{name} contradicts the weights at {count}: at epoch {epoch:,} it says {other:.6g}, the weights give {loss:.6g}; "
        "the computed losses are kept"
    ]


def _agree(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _entry(losses: np.ndarray | None, index: int) -> float | None:
    if losses is None or not 0 <= index < len(losses) or not math.isfinite(losses[index]):
        return None
    return float(losses[index])


def _index(shift: int) -> str:
    return "N" if shift == 0 else f"N{shift:+d}"
