"""Attention of a recurrent decoder, whose module attends once per step: the steps are the positions of one layer."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from headlapse.recording.readings import Raw


def in_steps(raws: Sequence[Raw]) -> list[Raw]:
    """The same, with the steps of a recurrent decoder put together along `to`, in the order in which they were computed."""
    series: list[list[Raw]] = []
    for raw in raws:
        before = next((each for each in reversed(series) if _follows(each[-1], raw)), None)
        if before is None:
            series.append([raw])
        else:
            before.append(raw)
    return [_together(steps) for steps in series]


def _follows(before: Raw, raw: Raw) -> bool:
    """Whether one module attends to the same sequence again, from one position that depends on what it attended to before."""
    shape = raw.arranged.shape
    is_alike = (before.how, before.call.name, before.arranged.shape) == (raw.how, raw.call.name, shape)
    is_one_position = shape[-2] == 1 < shape[-1]
    return is_alike and is_one_position and before.place in raw.builds_on and before.sources[-1:] == raw.sources[-1:]


def _together(steps: Sequence[Raw]) -> Raw:
    first = steps[0]
    if len(steps) == 1:
        return first
    return first._replace(
        weights=torch.cat([raw.arranged for raw in steps], dim=-2),
        to=-2,
        from_=-1,
        values=None,
        is_exact=all(raw.is_exact for raw in steps),
        is_broken=any(raw.is_broken for raw in steps),
        is_changed=any(raw.is_changed for raw in steps),
        is_stepwise=True,
    )
