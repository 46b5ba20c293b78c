"""Attention that a model computes part by part: heads one by one are put together, and parts of a sequence are refused."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import takewhile

import torch

from headlapse.errors import InvalidValueError
from headlapse.recording.readings import Raw
from headlapse.recording.steps import in_steps
from headlapse.recording.tensors import INSTEAD


def joined(raws: Sequence[Raw], rows: int) -> list[Raw]:
    """The layers of a forward pass on `rows` inputs, in which heads that were computed one by one are one layer.

    Raises `InvalidValueError` for attention that is computed for one part of the positions after the other.
    """
    groups: list[list[Raw]] = []
    for raw in in_steps(raws):
        beside = next((group for group in reversed(groups) if _are_parts(group, raw)), None)
        if beside is None:
            groups.append([raw])
        else:
            beside.append(raw)
    for group in groups:
        _check_whole(group, rows)
    layers = [layer for group in groups for layer in _layers_in(group, rows)]
    return [raw for layer in layers for raw in _of_layer(layer)]


def _are_parts(group: Sequence[Raw], raw: Raw) -> bool:
    """Whether attention was computed beside that of the group: in the same call, or by similar modules from the same input."""
    one, other = group[0].call, raw.call
    is_beside = one.given == other.given != frozenset() and _similar(one.name) == _similar(other.name)
    is_alike = group[0].how == raw.how and one.is_cross == other.is_cross
    return is_alike and (is_beside or one.number == other.number) and raw.builds_on.isdisjoint(each.place for each in group)


def _check_whole(group: Sequence[Raw], rows: int) -> None:
    lengths = group[0].call.lengths - {rows, 1}
    sizes = [raw.arranged.shape[-2:] for raw in group]
    for each in zip(*sizes, strict=True):
        is_part = any(sum(each) % length == 0 for length in lengths if max(each) < length)
        if (len(group) > 1 and is_part and not lengths.issuperset(each)) or any(_is_cut(raw, rows) for raw in group):
            to, from_ = sizes[0]
            raise InvalidValueError(
                f"the attention of {_name(group) or 'the model'} cannot be read: it is computed in parts of {to} positions "
                f"that attend to {from_}; {INSTEAD}"
            )


def _is_cut(raw: Raw, rows: int) -> bool:
    """Whether an axis beside those of inputs and heads counts chunks or windows of the positions."""
    to, others = raw.arranged.shape[-2], _without_inputs(raw, rows)
    lengths = raw.call.lengths
    may_be = to > 1 and len(others) > 1 and to not in lengths
    return may_be and any(each * to in lengths - {rows} for each in others if each > 1)


def _layers_in(group: Sequence[Raw], rows: int) -> list[list[Raw]]:
    """The group by layers. Heads of one layer have the same sources; modules that have several heads each are layers."""
    layers: dict[object, list[Raw]] = {}
    for raw in group:
        module = raw.call.number if _has_heads(raw, rows) else None
        layers.setdefault((raw.sources, raw.builds_on, module), []).append(raw)
    return list(layers.values())


def _has_heads(raw: Raw, rows: int) -> bool:
    """Whether there are several heads beside the inputs."""
    return math.prod(_without_inputs(raw, rows)) > 1


def _without_inputs(raw: Raw, rows: int) -> list[int]:
    others = list(raw.others)
    if rows in others:
        others.remove(rows)
    return others


def _of_layer(group: list[Raw]) -> list[Raw]:
    """One layer, if all parts have the same shape; its heads are in the order in which they were computed."""
    first = group[0]
    if len(group) == 1 or any(raw.arranged.shape != first.arranged.shape for raw in group):
        return group
    values = [raw.values for raw in group if raw.values is not None]
    return [
        first._replace(
            call=first.call._replace(name=_name(group)),
            weights=torch.stack([raw.arranged for raw in group]),
            to=-2,
            from_=-1,
            values=torch.stack(values) if len(values) == len(group) else None,
            is_exact=all(raw.is_exact for raw in group),
            is_broken=any(raw.is_broken for raw in group),
            is_changed=any(raw.is_changed for raw in group),
            is_joined=True,
        )
    ]


def _name(group: Sequence[Raw]) -> str:
    """The part of the names that all modules of the group share."""
    parts = zip(*(raw.call.name.split(".") for raw in group), strict=False)
    return ".".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, parts))


def _similar(name: str) -> str:
    """The name without numbers: that of one head among others."""
    return re.sub(r"\d+", "", name)
