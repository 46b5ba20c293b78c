"""The schema of family.json. Every error names the file, the field, the value and what is allowed."""

from __future__ import annotations

import json
import re
import stat
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from headlapse import checks
from headlapse.errors import BrokenFamilyError

MAX_FILE_BYTES = 1_000_000
_NAME = re.compile(r'"name"\s*:\s*"([^"]*)"')
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
PositiveInt = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
ChoiceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]  # it is part of names of folders
Setting = int | float | str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ParameterSpec(_Strict):
    """One value a user can set: a number or one of a few names, its default and meaning. `suffix` marks it in variant names."""

    type: Literal["integer", "number", "choice"]
    default: Setting
    description: str
    choices: list[ChoiceName] | None = Field(default=None, min_length=1)
    minimum: int | float | None = None
    maximum: int | float | None = None
    exclusive_minimum: int | float | None = None
    exclusive_maximum: int | float | None = None
    suffix: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")

    @model_validator(mode="after")
    def _default_is_allowed(self) -> ParameterSpec:
        if (self.type == "choice") != (self.choices is not None):
            raise ValueError("a parameter of type choice needs choices, and no other type has them")
        if self.type == "choice" and any(bound is not None for _, bound in self._bounds):
            raise ValueError("a choice among names has no minimum and no maximum; leave them out")
        self.check("default", self.default)
        return self

    def check(self, name: str, value: object) -> Setting:
        """`value` as the declared type; numpy's types are accepted, and minus zero becomes zero.

        Raises `InvalidValueError` naming the value and what is allowed, also for a number given as an integer that no 64-bit
        float holds: another one would be stored.
        """
        if self.choices is not None:
            return _chosen(name, value, self.choices)
        found = checks.as_whole(value) if self.type == "integer" else checks.as_number(value)
        if found is None or not self._in_range(found):
            raise checks.wrong(name, self.allowed, value)
        return found if isinstance(found, int) else checks.exact(name, value, found)

    def parse(self, name: str, text: str) -> Setting:
        """`text` from a command line or form, converted and checked."""
        if self.choices is not None:
            return self.check(name, text)
        try:
            found = self.check(name, int(text) if self.type == "integer" else float(text))
        except (ValueError, TypeError) as error:
            raise checks.wrong(name, self.allowed, text) from error
        is_digits = isinstance(found, float) and "e" not in text.lower()  # 1e23 means the nearest float
        return checks.exact(name, Decimal(text), found) if is_digits and isinstance(found, float) else found

    @property
    def allowed(self) -> str:
        """The range in words: 'an integer >= 2 and <= 10', 'one of add, subtract'."""
        if self.choices is not None:
            return f"one of {', '.join(self.choices)}"
        limits = " and ".join(f"{sign} {bound}" for sign, bound in self._bounds if bound is not None)
        return f"{'an integer' if self.type == 'integer' else 'a number'} {limits}".strip()

    @property
    def _bounds(self) -> list[tuple[str, int | float | None]]:
        return [
            (">=", self.minimum),
            (">", self.exclusive_minimum),
            ("<=", self.maximum),
            ("<", self.exclusive_maximum),
        ]

    def _in_range(self, value: int | float) -> bool:
        return (
            (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.exclusive_minimum is None or value > self.exclusive_minimum)
            and (self.exclusive_maximum is None or value < self.exclusive_maximum)
        )


def _chosen(name: str, value: object, choices: list[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise checks.wrong(name, f"one of {', '.join(choices)}", value)
    return str(value)


class ArchitectureSpec(_Strict):
    """The transformer's sizes and computation. Vocabulary sizes and context length come from the task.

    A model without `d_mlp` has only attention. The fields after `train_biases` were added later: if a file leaves one out,
    the default applies.
    """

    n_layers: PositiveInt
    n_heads: PositiveInt
    d_model: PositiveInt
    d_head: PositiveInt
    d_mlp: PositiveInt | None = None
    act_fn: Literal["relu", "gelu", "gelu_new", "silu", "solu", "solu_ln"] | None = None
    normalization: Literal["LN", "LNPre", "RMS", "RMSPre"] | None
    init: Literal["hooked_transformer"]
    train_biases: bool
    attention_dir: Literal["causal", "bidirectional"] = "causal"
    use_attn_scale: bool = True
    attn_scale: Positive | None = None
    eps: Positive = 1e-5

    @model_validator(mode="after")
    def _nothing_stated_is_without_effect(self) -> ArchitectureSpec:
        if (self.d_mlp is None) != (self.act_fn is None):
            raise ValueError("act_fn needs an MLP of d_mlp; declare both, or neither for a model with only attention")
        if self.attn_scale is not None and not self.use_attn_scale:
            raise ValueError("attn_scale has no effect if use_attn_scale is false; leave one of them out")
        if self.normalization is None and self.eps != type(self).model_fields["eps"].default:
            raise ValueError("eps has no effect if normalization is null; leave eps out")
        if self.act_fn == "solu_ln" and self.normalization != "LN":
            raise ValueError("act_fn solu_ln needs normalization LN; declare that, too")
        return self

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """The fields that may be left out, and their defaults."""
        return {name: field.default for name, field in cls.model_fields.items() if not field.is_required()}


class TrainingSpec(_Strict):
    """Settings that shape the run's numbers; a non-default one is part of the variant's name.

    `train_fraction` is for tasks that split their inputs, `batch_size` for tasks that give a batch for each step.
    """

    train_fraction: ParameterSpec | None = None
    batch_size: ParameterSpec | None = None
    lr: ParameterSpec
    weight_decay: ParameterSpec
    beta1: ParameterSpec
    beta2: ParameterSpec

    @model_validator(mode="after")
    def _every_setting_has_a_suffix(self) -> TrainingSpec:
        suffixes = [spec.suffix for spec in self.settings.values()]
        if None in suffixes or len(set(suffixes)) < len(suffixes):
            raise ValueError("every training setting needs its own suffix, so that no run overwrites another")
        return self

    @property
    def settings(self) -> dict[str, ParameterSpec]:
        stated = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: spec for name, spec in stated.items() if spec is not None}


class ScheduleSpec(_Strict):
    """How long to train and how often to keep a checkpoint; may change when a run is continued."""

    epochs: ParameterSpec
    checkpoint_every: ParameterSpec


class FamilySpec(_Strict):
    """The content of a family.json."""

    name: Identifier
    title: str
    description: str
    task: Identifier
    architecture: ArchitectureSpec
    domain_parameters: dict[Identifier, ParameterSpec] = Field(min_length=1)
    training: TrainingSpec
    schedule: ScheduleSpec
    position_labels: list[str] = Field(min_length=1)
    variant_pattern: str
    analyzers: list[Identifier]
    cross_epoch_analyzers: list[Identifier] = []
    visualizations: list[Identifier]

    @model_validator(mode="after")
    def _pattern_names_every_parameter_once(self) -> FamilySpec:
        fields = [field for _, field, _, _ in Formatter().parse(self.variant_pattern) if field is not None]
        expected = ["family", *self.domain_parameters]
        if sorted(fields) != sorted(expected):
            raise ValueError(f"variant_pattern must use each of {expected} exactly once, got {self.variant_pattern!r}")
        return self


def read_family_spec(path: Path) -> FamilySpec:
    """The validated content of a family.json. Raises `BrokenFamilyError` with one line per file."""
    return parse_family_spec(_read_object(path), path)


def stated_name(path: Path) -> str | None:
    """The name that an unusable family.json gives its family; None if it cannot be found."""
    try:
        text = _read_text(path)
    except (OSError, ValueError, BrokenFamilyError):
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        found = _NAME.search(text)
        return found[1] if found else None
    name = content.get("name") if isinstance(content, dict) else None
    return name if isinstance(name, str) else None


def parse_family_spec(content: dict[str, Any], path: Path) -> FamilySpec:
    """`content` as a `FamilySpec`; `path` is only named in errors."""
    try:
        return FamilySpec.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(_in_words(problem) for problem in error.errors())
        raise BrokenFamilyError(f"{path}: {problems}") from error


def _read_object(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(_read_text(path))
    except OSError as error:
        raise BrokenFamilyError(f"{path}: cannot be read ({error.strerror})") from error
    except BrokenFamilyError:
        raise
    except (ValueError, RecursionError) as error:
        raise BrokenFamilyError(f"{path}: is not UTF-8 JSON ({error})") from error
    if not isinstance(content, dict):
        raise BrokenFamilyError(f"{path}: must hold one JSON object, got a {type(content).__name__}")
    return content


def _read_text(path: Path) -> str:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # reading a named pipe would wait
        raise BrokenFamilyError(f"{path}: is not a regular file")
    if status.st_size > MAX_FILE_BYTES:
        raise BrokenFamilyError(f"{path}: larger than {MAX_FILE_BYTES:,} bytes; a family.json is a few thousand")
    return path.read_text(encoding="utf-8")


def _in_words(problem: Any) -> str:
    field = ".".join(str(part) for part in problem["loc"]) or "family"
    if problem["type"] == "extra_forbidden":
        allowed = ", ".join(_allowed_keys(problem["loc"][:-1]))
        return f"{field}: unknown key (value {checks.shown(problem['input'])}); allowed: {allowed}"
    if problem["type"] == "missing":
        return f"{field}: is missing"
    return f"{field}: {problem['msg']} (value {checks.shown(problem['input'])})"


def _allowed_keys(place: tuple[str, ...]) -> list[str]:
    """The keys that the object at `place` of a family.json may have."""
    model: type[BaseModel] = FamilySpec
    for part in place:
        annotation = model.model_fields[part].annotation if part in model.model_fields else ParameterSpec
        model = annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else ParameterSpec
    return list(model.model_fields)
