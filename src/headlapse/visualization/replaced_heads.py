"""The answers of a model with heads replaced, at the shown epoch: which inputs break, or the loss of each.

The arrays are computed from the checkpoint on demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from headlapse import checks
from headlapse.families.axes import Axis
from headlapse.models.answers import Answers
from headlapse.models.replacement import Answering, Kind, Questions
from headlapse.results.replaced_heads import PATTERNS, answering_at, model_of, questions_of, replacement_of
from headlapse.results.run import Run, RunLabels
from headlapse.system.allocator import keep_freed_memory
from headlapse.system.blas_threads import one_blas_thread
from headlapse.system.cpus import usable_cpus
from headlapse.visualization.arrays import array_of
from headlapse.visualization.controls import Choice
from headlapse.visualization.format import loss_in_words
from headlapse.visualization.heads import sizes_of
from headlapse.visualization.pictures import Grids, grids
from headlapse.visualization.planes import At, elsewhere, plane, plane_controls
from headlapse.visualization.replacement_controls import HeadsChoice, KindChoice, heads_in_words, kind_in_words
from headlapse.visualization.views import Controls, EpochData, Option, View, ViewRegistry

KEPT = 4  # checkpoints whose models stay in memory, 50 MB each at p = 113: the shown ones and their neighbours
KEPT_ANSWERS = 16  # of models with heads replaced, 0.2 MB each at p = 113
BREAKS, LOSS = "breaks", "loss"
_threads = cache(usable_cpus)


@dataclass(frozen=True)
class _Checkpoint:
    """A checkpoint of a run, the same one until its file changes."""

    path: Path
    changed: int
    run: Run = field(compare=False)
    epoch: int = field(compare=False)

    @classmethod
    def of(cls, run: Run, epoch: int) -> _Checkpoint:
        path = run.paths.checkpoint(epoch)
        return cls(path, _changed(path), run, epoch)


@dataclass(frozen=True)
class _Replaced:
    """Heads of a checkpoint, and their replacement; `changed` is when the patterns of `from_epoch` were written."""

    checkpoint: _Checkpoint
    heads: tuple[int, ...]
    kind: Kind
    from_epoch: int | None
    changed: int

    @classmethod
    def of(cls, run: Run, epoch: int, heads: Sequence[int], kind: Kind, from_epoch: int | None) -> _Replaced:
        patterns = None if from_epoch is None else run.artifacts.file(PATTERNS, from_epoch)
        changed = 0 if patterns is None else _changed(patterns)
        return cls(_Checkpoint.of(run, epoch), tuple(heads), kind, from_epoch, changed)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=KEPT)
def _prepared(checkpoint: _Checkpoint) -> tuple[Questions, Answering, Answers]:
    """The questions, the model in float32, and its answers when intact."""
    keep_freed_memory()
    questions, threads = questions_of(checkpoint.run), _threads()
    with one_blas_thread:  # between the blocks of our threads, its idle threads would take their time
        model = answering_at(checkpoint.run, checkpoint.epoch, questions, np.float32, threads)
        return questions, model, Answers.of(model, questions, threads=threads)


@lru_cache(maxsize=KEPT_ANSWERS)
def _answers(replaced: _Replaced) -> Answers:
    """Cached, because other pictures of the same answers, such as the loss of each input, need them again."""
    run, (questions, model, _) = replaced.checkpoint.run, _prepared(replaced.checkpoint)
    instead = replacement_of(run, replaced.heads, replaced.kind, replaced.from_epoch)
    with one_blas_thread:
        return Answers.of(model, questions, instead, _threads())


def replaced_answers(
    run: Run, epoch: int, *, heads: Sequence[int] = (0,), kind: Kind = "zero", from_epoch: int | None = None
) -> EpochData:
    """The answers of the intact model and of the one with heads replaced, in this order.

    They are `input_loss[2, *axes]` in nats, `input_right[2, *axes]`, 0 or 1, and over all answers `mean_loss[2]`,
    `accuracy[2]`. Scores and values are float64, later arithmetic is float32: a mean loss is exact to about a millionth of
    itself. Raises as `interventions.ablate` does.
    """
    asked = _Replaced.of(run, epoch, heads, kind, from_epoch)
    _, _, intact = _prepared(asked.checkpoint)
    both, shape = (intact, _answers(asked)), [2, *(axis.size for axis in run.axes)]
    return {
        "input_loss": np.stack([answers.loss_by_input() for answers in both]).reshape(shape),
        "input_right": np.stack([answers.right_by_input() for answers in both]).reshape(shape).astype(np.uint8),
        "mean_loss": np.array([answers.loss for answers in both]),
        "accuracy": np.array([answers.accuracy for answers in both]),
        "n_answers": np.array(model_of(run).d_vocab_out),
    }


def picture_replaced_heads(
    epoch_data: EpochData,
    epoch: int | None,
    run: RunLabels,
    *,
    heads: Sequence[int] = (0,),
    kind: Kind = "zero",
    from_epoch: int | None = None,
    show: str = BREAKS,
    shown: Sequence[str] | None = None,
    at: At | None = None,
    order: str | None = None,
) -> Grids:
    """Which inputs break and which become right, or the loss before and after, over two axes (see `planes.plane`).

    The colours of the loss end at the loss of even guessing. The arguments describe `epoch_data`.
    """
    checks.one_of("show", show, (BREAKS, LOSS))
    axes = sizes_of(run.axis_names)
    if show == LOSS:
        values, names = np.asarray(array_of(epoch_data, "input_loss", f"two {axes}")), ("intact", "with heads replaced")
        label, limits = "loss", (0.0, float(np.log(epoch_data["n_answers"])))
    else:
        before, after = np.asarray(array_of(epoch_data, "input_right", f"two {axes}")) > 0
        values, names = np.stack([before & ~after, after & ~before]).astype(np.float64), ("breaks", "becomes right")
        label, limits = "changes", (0.0, 1.0)
    if len(run.axes) == 1:
        values, drawn = values[:, :, None], (run.axes[0], Axis("answer", 1))
    else:
        values, drawn = plane(values, run.axes, shown, at, order)
    change = f"{kind_in_words(kind, from_epoch)}: {_change(epoch_data)}"
    subject = f"{heads_in_words(heads, run)} replaced by {change}{elsewhere(run.axes, drawn, at)}"
    return grids(
        values,
        names,
        drawn,
        subject=subject,
        epoch=epoch,
        value_label=label,
        panel_label="inputs:",
        limits=limits,
        may_be_nan=show == LOSS,
    )


def _change(epoch_data: EpochData) -> str:
    (right, then), (loss, rises) = epoch_data["accuracy"], epoch_data["mean_loss"]
    return f"accuracy {100 * right:.1f} to {100 * then:.1f} %, loss {loss_in_words(loss)} to {loss_in_words(rises)}"


SHOW = Choice(
    "show",
    "Show",
    ((Option(BREAKS, "Which inputs break"), {"show": BREAKS}), (Option(LOSS, "Loss of each input"), {"show": LOSS})),
)


def _controls(labels: RunLabels) -> Controls:
    return (HeadsChoice(), KindChoice(), SHOW, *plane_controls(labels))


ViewRegistry.register(
    View(
        name="replaced_heads",
        title="Replace heads",
        analyzer="attention_patterns",
        picture=picture_replaced_heads,
        computes=replaced_answers,
        controls=_controls,
    )
)
