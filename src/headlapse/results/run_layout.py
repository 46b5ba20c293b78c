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
    """The sizes from which analyzers build the rules of their arrays.

    `heads` counts the heads of all layers. `axes` are the sizes of the probe's axes, e.g. (113, 113) for all pairs. `positions`
    is the number of positions that attend; they attend to as many, or to the `sources` of another sequence. `to_positions` and
    `from_positions` list the stored positions if not all are stored. `rows_may_be_empty` means that some positions, such as
    padding, attend to nothing.
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
        """From the model and settings of a variant, as in its config.json."""
        task = TaskRegistry.get(model["task"])
        positions = int(model.get("n_ctx", task.vocabulary(settings).n_ctx))
        heads = int(model.get("n_layers", 1)) * int(model["n_heads"])
        return cls(heads=heads, positions=positions, axes=tuple(axis.size for axis in axes_of(task, settings)))

    @classmethod
    def stated(cls, content: Mapping[str, Any]) -> Self:
        """From the fields of a config.json. Raises `TypeError` for unknown fields."""
        lists = ("axes", "to_positions", "from_positions")
        fields: dict[str, Any] = {
            key: tuple(value) if key in lists and value is not None else value for key, value in content.items()
        }
        return cls(**fields)

    @classmethod
    def beside(cls, artifacts: Path) -> Self | None:
        """The layout of the run with this folder of artifacts, from its config.json; None if unknown."""
        try:
            config = read_json(VariantPaths(artifacts.parent).config, "", RECORD_BYTES)
            if "layout" in config:
                return cls.stated(config["layout"])
            return cls.of(config["model"], config["settings"])
        except (HeadlapseError, KeyError, TypeError, ValueError, AttributeError):  # an old config, or no config
            return None

    @property
    def n_to(self) -> int:
        """The number of stored positions that attend."""
        return self.positions if self.to_positions is None else len(self.to_positions)

    @property
    def n_from(self) -> int:
        """The number of stored positions attended to."""
        return self.attended if self.from_positions is None else len(self.from_positions)

    @property
    def attended(self) -> int:
        """The number of positions to attend to, stored or not."""
        return self.positions if self.sources is None else self.sources

    @property
    def pattern_bytes(self) -> int:
        """Bytes of the attention patterns of one epoch in memory."""
        cells = self.heads * self.n_to * self.n_from * math.prod(self.axes)
        return cells * int(self.dtype.removeprefix("float")) // 8

    def row_sums(self, axis: int) -> RowSums:
        """The sum of attention along `axis`, which runs over `from`."""
        return RowSums(axis, whole=self.from_positions is None, may_be_empty=self.rows_may_be_empty)
