"""Compare the tensors of the states of one run: a state with fewer of them is not whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from headlapse.errors import IncompatibleFileError
from headlapse.importing.sources import State


def check_alike(states: Sequence[State], names: Iterable[str]) -> None:
    """Raise `IncompatibleFileError` if a state lacks a tensor that another one has.

    A bias that is zero in the others may be missing: layouts without biases leave it out. `names` are our names.
    """
    for name in names:
        theirs = [(state, state.tensors.get(state.layout.translate(name)[0])) for state in states]
        lacking = [state for state, tensor in theirs if tensor is None]
        having = [(state, tensor) for state, tensor in theirs if tensor is not None]
        if lacking and any(bool(tensor.load().any()) for _, tensor in having):
            problem = f"has no {lacking[0].layout.translate(name)[0]}, which {_title(having[0][0], lacking[0])} has"
            raise IncompatibleFileError(lacking[0].path, problem, "export it again whole, or import the others without it")


def _title(state: State, beside: State) -> str:
    return f"epoch {state.epoch:,}" if state.path == beside.path else state.path.name
