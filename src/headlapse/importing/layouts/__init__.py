"""Layouts: the names and shapes of weights in other programs. One module per layout; a new layout only needs a new file.

Shapes cannot distinguish a matrix from its transpose, because d_model is often heads * d_head. Names and ranks decide the
layout, and the accuracy shows whether it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from headlapse.registry import Registry

Change = tuple[str, str | None]  # their name, and the conversion from their shape to ours as an einops pattern


@dataclass(frozen=True)
class Layout:
    """A state has this layout if it contains the tensor `anchor` with `rank` axes. `name` is the name of the module.

    `translate` gives their name for a tensor, if it differs from ours, and the conversion of its shape. `fused` layouts join
    the heads, so their number is not visible.
    """

    name: str
    title: str
    anchor: str
    rank: int
    translate: Callable[[str], Change]
    fused: bool = False

    def table(self, names: Iterable[str]) -> dict[str, Change]:
        """Their name for each of our `names`: (our name, conversion of the shape)."""
        return {theirs: (ours, pattern) for ours in names for theirs, pattern in [self.translate(ours)]}


class LayoutRegistry(Registry[Layout]):
    """Layouts in modules of `headlapse.importing.layouts`, entry points `headlapse.layouts`, and registered ones."""

    kind = "layout"
    package = "headlapse.importing.layouts"
    group = "headlapse.layouts"


def layouts() -> list[Layout]:
    """All known layouts, by name."""
    return [LayoutRegistry.get(name) for name in LayoutRegistry.names()]
