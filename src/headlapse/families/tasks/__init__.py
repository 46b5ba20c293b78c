"""Tasks on which a family's models are trained. One module per task; `family.json` names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from headlapse.families import task_files
from headlapse.families.axes import Axis, checked_axes
from headlapse.registry import Registry

if TYPE_CHECKING:
    import numpy as np

Settings = Mapping[str, Any]  # numbers and names, as the family's parameters declare them


class Vocabulary(NamedTuple):
    """Sizes the model takes from its task."""

    d_vocab: int
    d_vocab_out: int
    n_ctx: int


class Split(NamedTuple):
    """Row numbers of the training and test inputs in the probe: disjoint, and together all rows."""

    train: np.ndarray
    test: np.ndarray


NOT_COUNTED = -1  # the label of a position whose loss does not count


class Batch(NamedTuple):
    """The data of one step: tokens `(batch, positions)`, and the right answers.

    Labels are those of the last position, `(batch,)`, or of each position, `(batch, positions)`, with `NOT_COUNTED`.
    """

    tokens: np.ndarray
    labels: np.ndarray


class Task(Protocol):
    """Inputs, labels and split as functions of a variant's settings. Arrays are numpy; torch tensors are taken, too.

    A task may also have `axes(settings) -> tuple[Axis, ...]`, the axes that the rows of the probe enumerate in C order.
    Without it, the rows are one axis, `input`.

    A task may also list in `needs` the settings that it reads; a family without one of them is refused.

    A task may also have `question(settings) -> str`, the question its models answer, e.g. "(a + b) mod 113".
    """

    name: ClassVar[str]

    def vocabulary(self, settings: Settings) -> Vocabulary:
        """Vocabulary sizes and context length."""
        ...

    def n_inputs(self, settings: Settings) -> int:
        """The number of probe rows."""
        ...

    def probe(self, settings: Settings) -> np.ndarray:
        """Every possible input, int64 `(inputs, positions)`."""
        ...

    def labels(self, settings: Settings) -> np.ndarray:
        """The right answers, int64: of every probe row at its last position, `(inputs,)`, or `(inputs, positions)`.

        In the second form, `NOT_COUNTED` marks positions without loss.
        """
        ...

    def split(self, settings: Settings) -> Split:
        """Which probe rows are for training and which for the test."""
        ...

    def notes(self, settings: Settings) -> list[str]:
        """Remarks that a user should see before training."""
        ...


@runtime_checkable
class StreamTask(Task, Protocol):
    """A task that gives a new batch for each step: from the training rows of its probe, or of other inputs."""

    def batch(self, settings: Settings, step: int) -> Batch:
        """The batch of a step, counted from 0. It must be the same every time, so that a run can continue exactly."""
        ...


class TaskWithAxes(Task, Protocol):
    """A task that names the axes of its probe."""

    def axes(self, settings: Settings) -> tuple[Axis, ...]:
        """The coordinates of a probe row; the product of their sizes is `n_inputs`."""
        ...


def axes_of(task: Task, settings: Settings) -> tuple[Axis, ...]:
    """The axes of the task's probe; only `input` if it names none. Raises `InvalidValueError` if they do not fit it."""
    n_inputs = task.n_inputs(settings)
    named = getattr(task, "axes", None)
    return checked_axes(named(settings) if named else [Axis("input", n_inputs)], n_inputs)


class TaskRegistry(Registry[Task]):
    """Tasks in modules of `headlapse.families.tasks`, entry points `headlapse.tasks`, and registered ones."""

    kind = "task"
    package = "headlapse.families.tasks"
    group = "headlapse.tasks"

    @classmethod
    def source(cls, name: str) -> str:
        """Where a task comes from, as for any plug-in, or the user's file that registered it."""
        task_files.run_named(cls)
        return task_files.file_of(name) or super().source(name)

    @classmethod
    def _module_names(cls) -> list[str]:
        task_files.run_named(cls)
        return super()._module_names()
