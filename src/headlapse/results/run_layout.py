"""The sizes and kinds that the artifacts of one run share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from headlapse.errors import HeadlapseError
from headlapse.families.tasks import TaskRegistry, axes_of
from headlapse.results.array_rule import RowSums
from headlapse.results.paths import VariantPaths
from headlapse.storage.atomic import RECORD_BYTES, read_json


@dataclass(frozen=True)
class RunLayout:
    """What analyzers build the rules of their arrays from.

    `heads` counts those of all layers. `axes` are the sizes of the probe's axes, e.g. (113, 113) for all pairs. `positions`
    attend; those that are attended to are as many, or `sources` of another sequence. `to_positions` and `from_positions` say
    which positions are stored, where not all are; `rows_may_be_empty` that some attend to nothing, such as padding.
    """

    heads: int
    positions: int
    axes: tuple[int, ...]
    dtype: str = "float32"
    to_positions: Sequence[int] | None = None
    from_positions: Sequence[int] | None = None
    rows_may_be_empty: bool = False
    sources: int | None = None

    @classmethod
    def of(cls, model: Mapping[str, Any], settings: Mapping[str, Any]) -> Self:
        """From what a variant says of its model and settings, as they stand in its config.json."""
        task = TaskRegistry.get(model["task"])
        positions = int(model.get("n_ctx", task.vocabulary(settings).n_ctx))
        heads = int(model.get("n_layers", 1)) * int(model["n_heads"])
        return cls(heads=heads, positions=positions, axes=tuple(axis.size for axis in axes_of(task, settings)))

    @classmethod
    def stated(cls, content: Mapping[str, Any]) -> Self:
        """From the fields as they stand in a config.json. Raises `TypeError` for any others."""
        lists = ("axes", "to_positions", "from_positions")
        fields: dict[str, Any] = {
            key: tuple(value) if key in lists and value is not None else value for key, value in content.items()
        }
        return cls(**fields)

    @classmethod
    def beside(cls, artifacts: Path) -> Self | None:
        """That of the run whose folder of artifacts this is, by its config.json; None where nothing tells."""
        try:
            config = read_json(VariantPaths(artifacts.parent).config, "", RECORD_BYTES)
            if "layout" in config:
                return cls.stated(config["layout"])
            return cls.of(config["model"], config["settings"])
        except (HeadlapseError, KeyError, TypeError, ValueError, AttributeError):  # an old config, or none
            return None

    @property
    def n_to(self) -> int:
        """How many positions that attend are stored."""
        return self.positions if self.to_positions is None else len(self.to_positions)

    @property
    def n_from(self) -> int:
        """How many positions that are attended to are stored."""
        return self.attended if self.from_positions is None else len(self.from_positions)

    @property
    def attended(self) -> int:
        """How many positions there are to attend to, stored or not."""
        return self.positions if self.sources is None else self.sources

    @property
    def pattern_bytes(self) -> int:
        """Bytes of the attention patterns of one epoch, as they stand in memory."""
        cells = self.heads * self.n_to * self.n_from * math.prod(self.axes)
        return cells * int(self.dtype.removeprefix("float")) // 8

    def row_sums(self, axis: int) -> RowSums:
        """The sum of attention along `axis`, which runs over `from`."""
        return RowSums(axis, whole=self.from_positions is None, may_be_empty=self.rows_may_be_empty)
