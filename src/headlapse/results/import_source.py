"""The source of an imported variant: everything that cannot be derived from its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from headlapse.errors import InvalidValueError, shown
from headlapse.frozen import FrozenMapping

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,119}", re.ASCII)


@dataclass(frozen=True)
class ImportSource:
    """An imported variant's name, the files it was read from, their layout, and the shape its weights have.

    `shape` overrides fields of the family's architecture and vocabulary, e.g. `{"n_heads": 4, "d_vocab_out": 114}`. `losses`
    are train and test loss (nats, None if unknown) of the weights at each imported epoch.
    """

    name: str
    source: str
    layout: str
    shape: Mapping[str, int] = field(default_factory=dict)
    losses: Mapping[str, Sequence[float | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", FrozenMapping(self.shape))
        object.__setattr__(self, "losses", FrozenMapping({epoch: tuple(pair) for epoch, pair in self.losses.items()}))

    @classmethod
    def parse(cls, content: Mapping[str, Any]) -> Self:
        """From config.json. Raises `InvalidValueError` for anything that `to_json` did not write."""
        try:
            origin = cls(**content)
        except (TypeError, ValueError, AttributeError) as error:
            raise InvalidValueError(
                f"origin must state name, source, layout, shape and losses, got {shown(content)}"
            ) from error
        check_name(origin.name)
        return origin

    def to_json(self) -> dict[str, Any]:
        """Its entry in config.json."""
        return vars(self) | {"shape": dict(self.shape), "losses": {epoch: list(pair) for epoch, pair in self.losses.items()}}


def check_name(name: object) -> str:
    """`name` if it can be a folder. Raises `InvalidValueError` otherwise."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        allowed = "1 to 120 letters, digits or any of . _ + - that begin with a letter or digit"
        raise InvalidValueError(f"a name must be {allowed}, got {shown(name)}")
    return name
