"""Layouts: how some program names and shapes weights. One module per layout; a new one is a new file and touches nothing else.

The tensors' own shapes are not trusted to tell a matrix from its transpose (d_model is often heads * d_head): names and ranks
decide the layout, and the accuracy shows whether it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from headlapse.registry import Registry

Change = tuple[str, str | None]  # their name, and the change from their shape to ours as an einops pattern


@dataclass(frozen=True)
class Layout:
    """A state has this layout where it holds the tensor `anchor` with `rank` axes. `name` is that of the module.

    `translate` gives their name for a tensor that we call otherwise, and the change of its shape. `fused` layouts join the
    heads, so their number cannot be seen.
    """

    name: str
    title: str
    anchor: str
    rank: int
    translate: Callable[[str], Change]
    fused: bool = False

    def table(self, names: Iterable[str]) -> dict[str, Change]:
        """Their name for each of our `names`: (our name, change of shape)."""
        return {theirs: (ours, pattern) for ours in names for theirs, pattern in [self.translate(ours)]}


class LayoutRegistry(Registry[Layout]):
    """Layouts in modules of `headlapse.importing.layouts`, entry points `headlapse.layouts`, and registered ones."""

    kind = "layout"
    package = "headlapse.importing.layouts"
    group = "headlapse.layouts"


def layouts() -> list[Layout]:
    """All known layouts, by name."""
    return [LayoutRegistry.get(name) for name in LayoutRegistry.names()]
