"""Decide what an import will be: settings, heads and shape, from the weights and what is told beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headlapse.errors import InvalidValueError
from headlapse.families import Family
from headlapse.importing.layouts import convert, recognise, weight_names
from headlapse.importing.shapes import differences, shape_of
from headlapse.importing.sources import Source
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes
from headlapse.results.import_source import ImportSource
from headlapse.workbench import Variant

Number = int | float


@dataclass(frozen=True)
class Plan:
    """The variant to write; `notes` say where its heads and settings come from."""

    variant: Variant
    layout: str
    n_heads: int
    notes: tuple[str, ...]


def make_plan(source: Source, family: Family, given: Mapping[str, Number], name: str, results: Path) -> Plan:
    """Decide on settings and shape from the first state and the facts beside it; what is `given` must agree."""
    first = source.states[0]
    tensors = first.read()
    layout = recognise(tensors, first.path)
    n_heads, whence = _heads(family, source.facts, given)
    weights = convert(tensors, layout, weight_names(family), n_heads, first.path)
    shape = shape_of(weights, first.path)
    if not layout.fused:
        whence = "from the shapes"
    if "n_heads" in given and given["n_heads"] != shape["n_heads"]:
        wrong = f"the shapes say {shape['n_heads']} heads, not {given['n_heads']}"
        raise InvalidValueError(f"{first.path}: {wrong}; leave --heads out")
    settings = _settings(family, source.facts, given, shape)
    overrides = differences(family, settings, shape, first.path)
    origin = ImportSource(name, ", ".join(sorted({state.path.name for state in source.states[:3]})), layout.title, overrides)
    notes = [f"{shape['n_heads']} heads ({whence})", ", ".join(f"{key} {value}" for key, value in settings.items())]
    zeros = sorted(weight_shapes(ModelConfig.of(family, settings, overrides)).keys() - weights.keys())
    notes += [f"not in the file, set to zero: {', '.join(zeros)}"] if zeros else []
    notes += family.notes(settings)
    return Plan(Variant(family, settings, results, origin), layout.title, shape["n_heads"], tuple(notes))


def _heads(family: Family, facts: Mapping[str, Any], given: Mapping[str, Number]) -> tuple[int, str]:
    for values, whence in ((given, "as given"), (facts, "from the config beside the weights")):
        if "n_heads" in values:
            return _count(values["n_heads"], f"the number of heads, {whence},"), whence
    return family.spec.architecture.n_heads, "the family's number"


def _count(value: Number, what: str) -> int:
    if isinstance(value, bool) or not value >= 1 or value % 1 != 0:  # written so that NaN is refused, too
        raise InvalidValueError(f"{what} must be a whole number >= 1, got {value!r}")
    return int(value)


def _settings(
    family: Family, facts: Mapping[str, Any], given: Mapping[str, Number], shape: Mapping[str, int]
) -> dict[str, Number]:
    """The settings that are known: given, told beside the weights, or seen in their shapes."""
    seen = {"prime": shape["d_vocab"] - 1} if "prime" in family.settings else {}
    known = {name: value for name, value in {**seen, **facts, **given}.items() if name in family.settings}
    return family.check({name: known[name] for name in family.settings if name in known})
