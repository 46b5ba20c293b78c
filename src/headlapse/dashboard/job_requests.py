"""Requests of a page for training and analysis, outside the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.jobs import parameters, words_of
from headlapse.jobs import AnalyzeRequest, Request, TrainRequest
from headlapse.visualization.views import ViewRegistry


class AskedJob(BaseModel):
    """The request of a button: to `train` a variant of a family, `analyze` a variant, or do a job `again`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    kind: Literal["train", "analyze", "again"]
    family: str = ""
    texts: dict[str, str | int | float] = {}
    variant: str = ""
    view: str | None = None
    job: str = ""


def request_of(context: DashboardContext, asked: AskedJob) -> Request:
    """The request to the queue. Raises a `HeadlapseError` if it names something that does not exist."""
    if asked.kind == "train":
        return train_request(context, asked.family, {name: str(text) for name, text in asked.texts.items()})
    if asked.kind == "again":
        return context.jobs.get(asked.job).request
    family, _, name = asked.variant.partition("/")
    variant = context.variants.variant(family, name)
    analyzers = [] if asked.view is None else [ViewRegistry.get(asked.view).analyzer]
    return AnalyzeRequest(family, variant.name, dict(variant.settings), context.families, analyzers)


def train_request(context: DashboardContext, family_name: str, texts: Mapping[str, str]) -> TrainRequest:
    """The request for these values, and defaults for all others.

    Raises `InvalidValueError` for a value that is not allowed.
    """
    family = context.variants.families.get(family_name)
    specs = parameters(family.spec)
    values = {name: spec.parse(words_of(name), texts.get(name, str(spec.default))) for name, spec in specs.items()}
    epochs, every = int(values.pop("epochs")), int(values.pop("checkpoint_every"))
    settings = family.resolve(values)
    return TrainRequest(family.name, family.variant_name(settings), settings, epochs, every, context.families)
