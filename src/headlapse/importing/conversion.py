"""Convert weights of a known layout to the `HookedTransformer` layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from einops import EinopsError, rearrange
from torch import Tensor

from headlapse.errors import IncompatibleFileError
from headlapse.families import Family
from headlapse.importing.reading import StoredTensor
from headlapse.importing.reading.raw import check_room
from headlapse.importing.sources import State
from headlapse.importing.states import same_numbers
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import is_bias, weight_shapes

CONSTANTS = ("mask", "IGNORE")  # that some layouts store among the weights
EMBEDDING, QUERY, MLP, UNEMBEDDING = "embed.W_E", "blocks.0.attn.W_Q", "blocks.0.mlp.W_in", "unembed.W_U"


def convert(state: State, names: Iterable[str], n_heads: int) -> tuple[dict[str, Tensor], list[str]]:
    """The weights of `state` as float32 under our `names`, with biases if it has any, and the assumptions in words.

    Raises `IncompatibleFileError` if they do not fit.
    """
    table = state.layout.table(names)
    given = {name: tensor for name, tensor in state.tensors.items() if not _is_constant(name)}
    copies = _copies(given, table)
    given = {name: tensor for name, tensor in given.items() if name not in copies}
    notes = [f"{name} is {kept} once more" for name, kept in sorted(copies.items())]
    is_tied = _check_names(given, table, state)
    check_room(state.path, sum(tensor.size for tensor in given.values()), state.path.stat().st_size)
    weights = {}
    for name, tensor in given.items():
        ours, pattern = table[name]
        weights[ours] = _float32(_change(tensor.load(), pattern, n_heads, name, state), name, state)
    if is_tied:
        weights[UNEMBEDDING] = weights[EMBEDDING].T.contiguous()
        notes.append("no unembedding in the file: taken as tied to the embedding")
    return weights, notes


def weight_names(family: Family) -> list[str]:
    """Our names for the tensors of a family's models."""
    return list(weight_shapes(ModelConfig.of(family, family.resolve({}))))


def heads_seen(state: State) -> int | None:
    """The number of heads, if the layout has one matrix for each."""
    theirs, pattern = state.layout.translate(QUERY)
    axes = "head model k" if pattern is None else pattern.split(" -> ", maxsplit=1)[0]
    tensor = state.tensors.get(theirs)
    if tensor is None or "(" in axes or tensor.ndim != len(axes.split()):
        return None
    return tensor.shape[axes.split().index("head")]


def _check_names(given: Mapping[str, StoredTensor], table: Mapping[str, tuple[str, str | None]], state: State) -> bool:
    """Whether only the unembedding is missing. Raises `IncompatibleFileError` for other differences, except missing biases."""
    for name in sorted(state.unread.keys() & table.keys()):
        problem = f"holds {name} as an object of {state.unread[name]}, which is not read"
        raise IncompatibleFileError(state.path, problem, "save it as a plain tensor")
    unknown = sorted(given.keys() - table.keys())
    missing = sorted(theirs for theirs, (ours, _) in table.items() if theirs not in given and not is_bias(ours))
    is_tied = [table[name][0] for name in missing] == [UNEMBEDDING]
    if unknown or (missing and not is_tied):
        is_more = is_tied or not missing
        problem = f"has {unknown[0]}, which this family's models do not have" if is_more else f"has no {missing[0]}"
        raise IncompatibleFileError(state.path, problem, f"its layout looks like {state.layout.title}; choose another --family")
    return is_tied


def _copies(given: Mapping[str, StoredTensor], table: Mapping[str, object]) -> dict[str, str]:
    """Unknown names of matrices that also have a known name: {copy: known name}."""
    known = {name: tensor for name, tensor in given.items() if name in table}
    found: dict[str, str] = {}
    for name, tensor in given.items():
        if name not in table:
            of_layer = {other: one for other, one in known.items() if _layers(other) == _layers(name)}
            kept = next((other for other, one in of_layer.items() if _is_copy(tensor, one)), None)
            found |= {} if kept is None else {name: kept}
    return found


def _layers(name: str) -> list[str]:
    """The layer numbers in a name: layers that share their weights still count as several."""
    return [part for part in name.split(".") if part.isdigit()]


def _is_copy(one: StoredTensor, other: StoredTensor) -> bool:
    """Whether two names mean the same tensor or its transpose. Equal vectors prove nothing, because many are all zero."""
    if one.place == other.place:
        return True
    return one.ndim > 1 and (same_numbers(one, other) or _is_transpose(one, other)) and not _is_constant_matrix(one)


def _is_transpose(one: StoredTensor, other: StoredTensor) -> bool:
    return one.ndim == 2 and one.shape == other.shape[::-1] and torch.equal(one.load().T, other.load())


def _is_constant_matrix(one: StoredTensor) -> bool:
    numbers = one.load()
    return bool((numbers == numbers.flatten()[0]).all())


def _change(tensor: Tensor, pattern: str | None, n_heads: int, name: str, state: State) -> Tensor:
    if pattern is None:
        return tensor
    joined = "(head k)" in pattern.split(" -> ", maxsplit=1)[0]
    try:
        return rearrange(tensor, pattern, **({"head": n_heads} if joined else {}))
    except EinopsError as error:
        problem = f"{name} {tuple(tensor.shape)} does not split into {n_heads} heads as '{pattern}'"
        raise IncompatibleFileError(state.path, problem, "give the right number with --heads") from error


def _is_constant(name: str) -> bool:
    return name.rsplit(".", 1)[-1] in CONSTANTS


def _float32(tensor: Tensor, name: str, state: State) -> Tensor:
    if not tensor.is_floating_point():
        raise IncompatibleFileError(state.path, f"{name} holds {tensor.dtype}, not floating-point numbers", "export weights")
    weights = tensor.to(torch.float32).contiguous()
    if not torch.isfinite(weights).all():
        raise IncompatibleFileError(
            state.path, f"{name} contains NaN, infinity or numbers beyond float32", "choose an earlier epoch"
        )
    return weights
