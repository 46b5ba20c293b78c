"""Masks that are saved among weights, and what they say about attention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from headlapse.importing.facts import Fact
from headlapse.importing.reading import StoredTensor

HIDDEN = -1_000.0  # scores up to here leave nothing after a softmax
OTHER = "of another form"


def facts_of_masks(tensors: Mapping[str, StoredTensor], path: Path) -> Iterator[Fact]:
    """What the masks among weights state, unless they are causal, and scores of hidden positions that hide nothing.

    TransformerLens stores the causal mask for both directions, so that mask does not show the direction.
    """
    for name, tensor in tensors.items():
        where, _, key = name.rpartition(".")
        found = _of_mask(tensor) if key == "mask" else _of_score(tensor) if key == "IGNORE" else None
        if found is not None:
            yield Fact(key, found, path, where)


def _of_mask(tensor: StoredTensor) -> str | None:
    """`bidirectional`, `local` or another form; None if the mask is causal, as one or as several of the same size."""
    if tensor.ndim < 2 or tensor.shape[-1] != tensor.shape[-2] or not tensor.count:
        return OTHER
    masks = tensor.load().reshape(-1, *tensor.shape[-2:])
    found = {_form(mask) for mask in masks}
    return found.pop() if len(found) == 1 else OTHER


def _form(mask: Tensor) -> str | None:
    """The form of one mask, in whichever convention each position attends to some other."""
    forms = [_form_of_seen(seen) for seen in _readings(mask) if seen.any(dim=1).all()]
    return next((form for form in (None, "bidirectional", *forms) if form in forms), OTHER)


def _readings(mask: Tensor) -> Iterator[Tensor]:
    """The positions that each position sees: those that are marked, those that are not, or those without a low score."""
    if mask.dtype == torch.bool or ((mask == 0) | (mask == 1)).all():
        yield mask.bool()
        yield ~mask.bool()
    elif ((mask == 0) | (mask <= HIDDEN)).all():
        yield mask == 0


def _form_of_seen(seen: Tensor) -> str | None:
    if seen.equal(torch.ones_like(seen).tril()):
        return None
    if seen.all():
        return "bidirectional"
    return "local" if seen.equal(seen.tril()) and seen.diagonal().all() else OTHER


def _of_score(tensor: StoredTensor) -> str | None:
    return None if tensor.count == 1 and tensor.load().double().item() <= HIDDEN else OTHER
