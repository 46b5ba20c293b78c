"""What is said of a model beside its layers: what is not read, what is recorded once, and what is put together."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMED = 6  # modules in one line


def one_by_one(modules: Sequence[str]) -> str:
    """Attentions from the same sources may also be layers of their own."""
    return f"; taken for heads of one layer: attentions computed one by one (in {_named(modules)})" if modules else ""


def stepwise(modules: Sequence[str]) -> str:
    """Repeated attention from one position to the same sequence may also be several layers."""
    return (
        f"; taken for positions of one layer: attentions computed one after the other (in {_named(modules)})" if modules else ""
    )


def not_read(modules: Sequence[str]) -> str:
    """Softmaxes and products of scores that are not recorded, with the modules that compute them."""
    return f"; not read as attention and not recorded: {unread(modules)}" if modules else ""


def unread(modules: Sequence[str]) -> str:
    """The number of softmaxes and products of scores in these modules, and the modules."""
    count = "1 softmax or product of scores" if len(modules) == 1 else f"{len(modules)} softmaxes or products of scores"
    return f"{count} (in {_named(modules)})"


def read_once(modules: Sequence[str]) -> str:
    """Weights that multiply several values, e.g. those that a later layer takes from an earlier one."""
    if not modules:
        return ""
    times = "1 product uses" if len(modules) == 1 else f"{len(modules)} products use"
    return f"; recorded once: weights that {times} again (in {_named(modules)})"


def _named(modules: Sequence[str]) -> str:
    names = [name or "the model" for name in dict.fromkeys(modules)]
    return f"{', '.join(names[:MOST_NAMED])}{', ...' if len(names) > MOST_NAMED else ''}"
