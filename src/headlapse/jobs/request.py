"""The request of a job, as request.json holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from headlapse.errors import InvalidValueError


@dataclass(frozen=True)
class TrainRequest:
    """Train a variant to `epochs`, continuing an earlier run."""

    kind: ClassVar[str] = "train"
    family: str
    variant: str
    settings: Mapping[str, Any]
    epochs: int
    checkpoint_every: int
    families: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AnalyzeRequest:
    """Compute the missing and stale artifacts of a variant: of `analyzers`, or of all its analyzers if none is named."""

    kind: ClassVar[str] = "analyze"
    family: str
    variant: str
    settings: Mapping[str, Any]
    families: list[str] = field(default_factory=list)
    analyzers: list[str] = field(default_factory=list)


Request = TrainRequest | AnalyzeRequest
_KINDS: dict[str, type[Request]] = {kind.kind: kind for kind in (TrainRequest, AnalyzeRequest)}


def to_json(request: Request) -> dict[str, Any]:
    """The request as JSON; `from_json` reads it."""
    return {"kind": request.kind, **asdict(request)}


def from_json(content: Mapping[str, Any]) -> Request:
    """The request in `content`. Raises `InvalidValueError` for content that no version of this program wrote."""
    fields = dict(content)
    try:
        return _KINDS[fields.pop("kind")](**fields)
    except (KeyError, TypeError) as error:
        raise InvalidValueError(f"not the request of a job: {error}") from error
