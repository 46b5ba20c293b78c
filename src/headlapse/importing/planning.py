"""Decide on the settings, heads and shape of an import, from the weights and the facts beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.families import Family
from headlapse.families.spec import Setting
from headlapse.importing.alike import check_alike
from headlapse.importing.architecture import check_architecture, check_layers
from headlapse.importing.conversion import MLP, QUERY, convert, heads_seen, weight_names
from headlapse.importing.facts import Fact
from headlapse.importing.settings import Settings, names_of, names_operation
from headlapse.importing.shapes import differences, shape_of
from headlapse.importing.sources import Source, State
from headlapse.importing.tokens import check_equals
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes
from headlapse.results.import_source import ImportSource
from headlapse.workbench import Variant


@dataclass(frozen=True)
class Plan:
    """The variant to write; `notes` state the sources of its heads and settings, and the assumptions."""

    variant: Variant
    layout: str
    n_heads: int
    notes: tuple[str, ...]


def make_plan(source: Source, family: Family, given: Mapping[str, Setting], name: str, results: Path) -> Plan:
    """Decide on settings and shape from the first state and the facts beside it; the `given` options must agree."""
    first = source.states[0]
    heads = {key: value for key, value in given.items() if key == "n_heads"}
    settings = Settings(family, source.facts, {key: value for key, value in given.items() if key not in heads})
    check_layers(first.tensors, family.spec.architecture.n_layers, first.path, family.name)
    n_heads, whence = _heads(family, source, heads)
    weights, assumed = convert(first, weight_names(family), n_heads)
    check_alike(source.states, weight_names(family))
    shape = shape_of(weights, first.path)
    if heads and heads["n_heads"] != shape["n_heads"]:
        wrong = f"the shapes say {shape['n_heads']} heads, not {heads['n_heads']}"
        raise InvalidValueError(f"{first.path}: {wrong}; leave --heads out")
    known = settings.complete(shape)
    _check_known(family, known, first.path)
    overrides = differences(family, known, shape, first.path, settings.in_words(known))
    files = ", ".join(dict.fromkeys(state.path.name for state in source.states[:3]))
    origin = ImportSource(name, files, first.layout.title, overrides)
    notes = [
        f"{shape['n_heads']} heads ({whence})",
        ", ".join(f"{key} {value}{settings.whence(key)}" for key, value in known.items()),
    ]
    config = ModelConfig.of(family, known, overrides)
    zeros = sorted(weight_shapes(config).keys() - weights.keys())
    notes += [f"not in the file, set to zero: {', '.join(zeros)}"] if zeros else []
    notes += check_architecture(source.facts, config, family.name, source.is_own)
    notes += [*assumed, *settings.notes, *_operations(source.facts, family.task.name)]
    variant = Variant(family, known, results, origin)
    check_equals(source.facts, variant)
    return Plan(variant, first.layout.title, shape["n_heads"], tuple(notes))


def _check_known(family: Family, known: Mapping[str, Setting], path: Path) -> None:
    """Raise `InvalidValueError` if models answer at several positions, or a setting is unknown that inputs or answers need."""
    if np.ndim(family.task.labels(family.resolve({}))) > 1:
        raise InvalidValueError(f"models of {family.name} answer at several positions; headlapse cannot import such runs")
    needed = _needed(family, known)
    if needed:
        ways = " and ".join(f"--set {name}=VALUE ({family.settings[name].allowed})" for name in needed)
        raise InvalidValueError(f"{path}: models of {family.name} need {', '.join(needed)}, which nothing states; give {ways}")


def _needed(family: Family, known: Mapping[str, Setting]) -> list[str]:
    """The unknown settings on which inputs or answers depend, in the order in which the task asks for them."""
    task = family.task
    try:
        for read in (task.vocabulary, task.probe, task.labels):
            read(known)
    except KeyError as error:
        name = str(error.args[0]) if error.args else ""
        if name in known or name not in family.settings:
            raise
        return [name, *_needed(family, {**known, name: family.settings[name].default})]
    return []


def _heads(family: Family, source: Source, given: Mapping[str, Setting]) -> tuple[int, str]:
    if "n_heads" in given:
        _count(given["n_heads"], "the number of heads, as given,")
    seen = heads_seen(source.states[0])
    if seen is not None:
        return seen, "from the shapes"
    if "n_heads" in given:
        return int(given["n_heads"]), "as given"
    for fact in source.facts:
        if "n_heads" in names_of(fact) and not isinstance(fact.value, tuple | str | None):
            return _count(fact.value, f"the number of heads, {fact},"), f"from {fact.path.name}, beside the weights"
    own = ModelConfig.of(family, family.resolve({}))
    if _has_width(source.states[0], own):
        return own.n_heads, "the family's number"
    problem = f"the layout {source.states[0].layout.title} joins the heads, and nothing states how many there are"
    raise InvalidValueError(f"{source.states[0].path}: {problem}; give the number with --heads")


def _has_width(state: State, config: ModelConfig) -> bool:
    """Whether queries and MLP are as wide as those of `config`: weights of other widths may have any number of heads."""
    widths = {QUERY: {config.d_model, config.n_heads * config.d_head}, MLP: {config.d_model, config.d_mlp}}
    found = {name: state.tensors.get(state.layout.translate(name)[0]) for name in widths}
    return all(tensor is None or set(tensor.shape) == widths[name] for name, tensor in found.items())


def _count(value: Setting, what: str) -> int:
    number = checks.as_number(value)
    if number is None or number < 1 or number % 1 != 0:
        raise InvalidValueError(f"{what} must be a whole number >= 1, got {checks.shown(value)}")
    return int(number)


def _operations(facts: Sequence[Fact], task: str) -> list[str]:
    """A note if the source states another operation than the family's `task`, which the accuracy is computed for."""
    texts = [fact for fact in facts if names_operation(fact) and isinstance(fact.value, str)]
    found = [fact for fact in texts if fact.value != task]
    return [f"stated: {fact}; compare it with the question that the accuracy answers" for fact in found]
