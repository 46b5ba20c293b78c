"""Parse the names of variants: which part of a name belongs to which setting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from headlapse.families.spec import FamilySpec, ParameterSpec

SEEDS = {"seed": "s", "data_seed": "d"}
NUMBER = r"-?[0-9.]+(?:e[-+]?[0-9]+)?"


def short_names(spec: FamilySpec) -> dict[str, str]:
    """The abbreviations of settings in names of variants: `{"p": "prime", "seed": "seed", "wd": "weight_decay"}`."""
    of_pattern = {letters: name for _, letters, name in _fields(spec) if letters and name in spec.domain_parameters}
    return of_pattern | {(parameter.suffix or "").rstrip("_"): name for name, parameter in spec.training.settings.items()}


def pieces(spec: FamilySpec, name: str) -> list[str]:
    """The parts of a variant's name, without its family: `["p113", "seed999", "dseed598", "beta1_0.87"]`.

    A name that does not follow the pattern of the family is one piece.
    """
    found = re.fullmatch(_pattern(spec), name)
    if found is None:
        return [name.removeprefix(f"{spec.name}_")]
    *parameters, appended = found.groups()
    return [*parameters, *re.findall(rf"_({_suffixed(spec)})", appended)]


def label_of(spec: FamilySpec, name: str) -> str:
    """The pieces of a variant's name, for people: "p113 · seed999 · dseed598"."""
    return " · ".join(pieces(spec, name))


def short_label_of(spec: FamilySpec, name: str) -> str:
    """The pieces of a variant's name, shorter, for names of files: "p113_s999". A default data seed is left out."""
    letters = {setting: letters for _, letters, setting in _fields(spec)}
    usual = f"{letters.get('data_seed')}{spec.domain_parameters['data_seed'].default}" if "data_seed" in letters else ""
    seeds = {letters[setting]: short for setting, short in SEEDS.items() if setting in letters}
    return "_".join(_shorter(piece, seeds) for piece in pieces(spec, name) if piece != usual)


def _shorter(piece: str, seeds: dict[str, str]) -> str:
    letters = piece.rstrip("0123456789")
    return seeds.get(letters, letters) + piece.removeprefix(letters)


def _pattern(spec: FamilySpec) -> str:
    """A group for each parameter with its letters, and one for everything appended."""
    parts = []
    for separator, letters, name in _fields(spec):
        value = _value(spec.domain_parameters[name]) if name in spec.domain_parameters else re.escape(spec.name)
        group = "(%s)" if name in spec.domain_parameters else "%s"
        parts.append(re.escape(separator) + group % (re.escape(letters) + value))
    return "".join(parts) + rf"((?:_{_suffixed(spec)})*)"


def _suffixed(spec: FamilySpec) -> str:
    settings = spec.training.settings.values()
    return "(?:" + "|".join(re.escape(setting.suffix or "") + _value(setting) for setting in settings) + ")"


def _value(parameter: ParameterSpec) -> str:
    return "(?:" + "|".join(map(re.escape, parameter.choices)) + ")" if parameter.choices else NUMBER


def _fields(spec: FamilySpec) -> Iterator[tuple[str, str, str]]:
    """For each field of the pattern: the separator before it, the letters before its value, and its name."""
    for text, field, _, _ in Formatter().parse(spec.variant_pattern):
        letters = text.lstrip("_-. ")
        if field is not None:
            yield text.removesuffix(letters), letters, field
