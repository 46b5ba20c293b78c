"""Losses and accuracy of imported weights, computed from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from headlapse.errors import InvalidValueError, shown
from headlapse.importing.loss_names import Part
from headlapse.importing.records import Records
from headlapse.models.config import ModelConfig
from headlapse.models.forward import forward_for
from headlapse.workbench import Variant


class Questions:
    """All inputs of a variant's task, the correct answers, and the rows for training and testing, if the source states them.

    Raises `InvalidValueError` for a row that does not exist.
    """

    def __init__(self, variant: Variant, records: Records) -> None:
        self.variant = variant
        self.config = ModelConfig.of(variant.family, variant.settings, variant.shape)
        self.probe = torch.as_tensor(variant.family.task.probe(variant.settings))
        self.labels = torch.as_tensor(variant.family.task.labels(variant.settings))
        self.notes: list[str] = []
        self.rows: dict[Part, list[int]] = {part: self._checked(part, rows) for part, rows in records.rows.items()}
        for part, tokens in records.tokens.items():
            if part not in self.rows:
                self._find(part, tokens)
        if self._is_shared(records):
            raise InvalidValueError("a row is in both train_indices and test_indices; repair or remove them")

    @torch.no_grad()
    def ask(self, weights: Mapping[str, Tensor]) -> dict[str, float]:
        """Accuracy over all inputs; accuracy and loss (nats, float64) over the known training and test rows."""
        exact = {name: tensor.double() for name, tensor in weights.items()}
        forward = forward_for(self.config, exact, self.probe)
        logits = forward.logits(exact, forward.prepare(self.probe)).double()
        right = (logits.argmax(dim=-1) == self.labels).double()
        losses = -logits.log_softmax(dim=-1).gather(dim=-1, index=self.labels[:, None])[:, 0]
        found = {"accuracy": right.mean().item()}
        for part, rows in self.rows.items():
            if rows:
                chosen = torch.tensor(rows)
                found |= {f"{part}_accuracy": right[chosen].mean().item(), f"{part}_loss": losses[chosen].mean().item()}
        return found

    def _checked(self, part: Part, values: Sequence[Any]) -> list[int]:
        count = len(self.probe)
        if _is_mask(values, count):
            return [row for row, value in enumerate(values) if value]
        if any(isinstance(value, bool) for value in values):
            raise InvalidValueError(f"{part}_indices are {len(values):,} booleans, but there are {count:,} inputs")
        for value in values:
            if value is None or not 0 <= value < count or value % 1:
                allowed = f"rows of the {count:,} inputs, 0 to {count - 1:,}"
                raise InvalidValueError(f"{part}_indices must be {allowed}; found {shown(value)}")
        rows = [int(value) for value in values]
        if len(set(rows)) < len(rows):
            raise InvalidValueError(f"{part}_indices name a row twice; repair or remove them")
        return rows

    def _is_shared(self, records: Records) -> bool:
        """Whether a source states one row for both parts by its number."""
        stated = [set(self.rows[part]) for part in records.rows]
        return len(stated) == 2 and not stated[0].isdisjoint(stated[1])

    def _find(self, part: Part, tokens: Sequence[Sequence[int]]) -> None:
        """The rows whose tokens a source lists, with or without the last tokens that all inputs share."""
        length = len(tokens[0])
        rows = [self._row_of.get(tuple(row)) for row in tokens] if length == self.probe.shape[1] else []
        if not rows and length < self.probe.shape[1]:
            shorter = {row[:length]: number for row, number in self._row_of.items()}
            rows = [shorter.get(tuple(row)) for row in tokens] if len(shorter) == len(self.probe) else []
        found = [row for row in rows if row is not None]
        if len(found) == len(tokens):
            self.rows[part] = found
        else:
            self.notes.append(f"{part} data: not all of its rows are inputs of the task; not used")

    @cached_property
    def _row_of(self) -> dict[tuple[int, ...], int]:
        return {tuple(row): number for number, row in enumerate(self.probe.tolist())}


def _is_mask(values: Sequence[Any], count: int) -> bool:
    """Whether `values` are booleans for all inputs, true for the chosen ones."""
    return len(values) == count > 2 and all(value in (0, 1) for value in values)
