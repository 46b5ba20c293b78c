"""Epochs of a list of states that states none: the distance between two of them, given or stated beside the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from headlapse.errors import InvalidValueError
from headlapse.importing.architecture_keys import plain
from headlapse.importing.facts import Fact
from headlapse.importing.found import Found
from headlapse.importing.records import Records
from headlapse.importing.words import listed, words_in

OF_SAVING = listed(
    "saveevery savesteps saveinterval savefreq savefrequency saveeveryn saveeverynepochs saveeverynsteps checkpointevery "
    "checkpointinterval checkpointfreq checkpointfrequency checkpointeverynepochs ckptevery ckptinterval ckptfreq "
    "snapshotevery snapshotinterval savecheckpointevery savecheckpointsevery savemodelevery savemodelsevery"
)
PLAIN = listed("every interval")
OF_OTHERS = listed("log logs logging logger eval evaluation test metrics wandb print plot early stopping scheduler dataset")


@dataclass(frozen=True)
class Spacing:
    """Epochs between two states of a list, and their source in words."""

    every: int
    source: str


def with_spacing(
    found: Sequence[Found], given: Sequence[int], every: int | None, facts: Iterable[Fact], records: Records
) -> tuple[list[Found], list[str]]:
    """`found` with an epoch for each state of a list, and lines that say what was assumed.

    `given` are the epochs that the user gave: one is that of the first state of the list. `every` is the distance given.
    Raises `InvalidValueError` if the distance is known, and the first epoch is not.
    """
    bare = [state for state in found if _is_bare(state)]
    is_list = len(bare) > 1 and len({state.path for state in bare}) == 1
    if not is_list and every is not None:
        raise InvalidValueError("--epochs-every is for a list of states in one file that states no epochs; leave it out")
    if not is_list or len(given) > 1:
        return list(found), []
    spacing = _spacing(every, facts, bare[0].path)
    if spacing is None:
        return list(found), []
    first, reason = (given[0], "as given") if given else (0, _reason(spacing, len(bare), records, bare[0].path))
    epochs = iter(range(first, first + len(bare) * spacing.every, spacing.every))
    numbered = [replace(state, inside={"epoch": next(epochs)}) if _is_bare(state) else state for state in found]
    known = f"{spacing.every:,} epochs apart ({spacing.source}), from {first:,} on ({reason})"
    return numbered, [f"{len(bare):,} states in a list, {known}"]


def _is_bare(state: Found) -> bool:
    """Whether a state is an item of a list, without an epoch."""
    return not state.inside and not state.label


def _spacing(every: int | None, facts: Iterable[Fact], path: Path) -> Spacing | None:
    """The distance that is given, or the only one stated in or beside `path`. Raises `InvalidValueError` for several."""
    if every is not None:
        return Spacing(every, "as given")
    stated = [fact for fact in facts if type(fact.value) is int and fact.value > 0 and not words_in(fact.where) & OF_OTHERS]
    for names in (OF_SAVING, PLAIN):
        fitting = {fact.value: fact for fact in stated if plain(fact.key) in names}
        if len(fitting) > 1:
            known = " and ".join(map(str, fitting.values()))
            raise InvalidValueError(f"{path}: {known} differ; give --epochs-every, or --epoch once for each state")
        for value, fact in fitting.items():
            assert isinstance(value, int)
            return Spacing(value, str(fact))
    return None


def _reason(spacing: Spacing, count: int, records: Records, path: Path) -> str:
    """Why the first state is that of epoch 0: only then the states reach as far as the losses. Raises `InvalidValueError`."""
    last = (count - 1) * spacing.every
    lengths = {series.name: len(series.values) for series in records.series.values() if series.epochs is None}
    for name, length in lengths.items():
        if length in (last, last + 1):
            return f"{length:,} {name} fit the last, {last:,}"
    known = f"{count:,} states {spacing.every:,} epochs apart ({spacing.source}), but nothing says the epoch of the first"
    raise InvalidValueError(f"{path}: {known}; give it with --epoch, for example --epoch 0 or --epoch {spacing.every}")
