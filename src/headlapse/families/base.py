"""A family: models that share architecture, task and training recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from headlapse.errors import BrokenFamilyError, InvalidValueError, shown
from headlapse.families.axes import Axis
from headlapse.families.spec import FamilySpec, ParameterSpec, Setting
from headlapse.families.tasks import Settings, TaskRegistry, axes_of

if TYPE_CHECKING:
    import numpy as np

    from headlapse.families.tasks import Task


@dataclass(frozen=True)
class Family:
    """A validated family.json together with the task it names."""

    spec: FamilySpec
    path: Path

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def position_labels(self) -> list[str]:
        """One label per token position, e.g. `["a", "b", "="]`."""
        return self.spec.position_labels

    @cached_property
    def task(self) -> Task:
        """Tokens, labels, split and probe. Raises `BrokenFamilyError` if the family lacks a setting that these need."""
        task = TaskRegistry.get(self.spec.task)
        missing = [name for name in getattr(task, "needs", ()) if name not in self.settings]
        if missing:
            problem = f"has no setting {', '.join(missing)}, which task {task.name} reads"
            raise BrokenFamilyError(f"{self.path}: {problem}; declare it under domain_parameters or training")
        return task

    def axes(self, settings: Settings) -> tuple[Axis, ...]:
        """The axes that the rows of the probe enumerate, in C order. Raises `InvalidValueError` if they do not fit the rows."""
        return axes_of(self.task, settings)

    def probe(self, settings: Settings) -> np.ndarray:
        """Every input, int64 `(inputs, positions)`."""
        import numpy as np

        return np.asarray(self.task.probe(settings), dtype=np.int64)

    @property
    def settings(self) -> dict[str, ParameterSpec]:
        """Everything `variant` accepts: domain parameters, then training settings."""
        return {**self.spec.domain_parameters, **self.spec.training.settings}

    def resolve(self, settings: Mapping[str, Setting | None]) -> dict[str, Setting]:
        """`settings` checked and completed with defaults; `None` means the default."""
        given = self.check({name: value for name, value in settings.items() if value is not None})
        defaults = {name: spec.check(name, spec.default) for name, spec in self.settings.items()}
        return {**defaults, **given}

    def check(self, settings: Mapping[str, Setting | None]) -> dict[str, Setting]:
        """`settings` checked, with nothing added."""
        unknown = sorted(settings.keys() - self.settings.keys())
        if unknown:
            raise InvalidValueError(f"{self.name} has no setting {shown(unknown[0])}; it has {', '.join(self.settings)}")
        return {name: self.settings[name].check(name, value) for name, value in settings.items()}

    def variant_name(self, settings: Settings) -> str:
        """The folder name: the pattern, then one suffix per non-default training setting."""
        parameters = {name: settings[name] for name in self.spec.domain_parameters}
        suffixes = [
            f"_{spec.suffix}{_label(settings[name])}"
            for name, spec in self.spec.training.settings.items()
            if settings[name] != spec.default
        ]
        return self.spec.variant_pattern.format(family=self.name, **parameters) + "".join(suffixes)

    def notes(self, settings: Settings) -> list[str]:
        """Remarks that a user should see before training, e.g. that a modulus is composite."""
        return self.task.notes(settings)

    def question(self, settings: Settings) -> str:
        """The question that the models answer, e.g. "(a + b) mod 113"; the task's name if the task states none."""
        in_words = getattr(self.task, "question", None)
        return str(in_words(settings)) if in_words is not None else self.task.name.replace("_", " ")

    def __hash__(self) -> int:
        return hash((self.name, self.path))

    def __repr__(self) -> str:
        parameters = ", ".join(f"{name}={spec.default}" for name, spec in self.spec.domain_parameters.items())
        return f"<Family {self.name} ({parameters})>"


def _label(value: Setting) -> str:
    """The shortest text that reads back as `value`: '0', '0.4', '1e-05'."""
    return value if isinstance(value, str) else repr(value).removesuffix(".0")
