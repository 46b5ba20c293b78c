"""The native bridge of TransformerLens 4: heads joined, `[out, in]`."""

from headlapse.importing.layouts import Change, Layout, LayoutRegistry
from headlapse.models.layouts import bridge_name


def _translate(name: str) -> Change:
    theirs, pattern = bridge_name(name)
    return theirs, None if pattern is None else " -> ".join(reversed(pattern.split(" -> ")))


LayoutRegistry.register(
    Layout(
        name="bridge",
        title="bridge (TransformerLens 4)",
        anchor="blocks.0.attn.q.weight",
        rank=2,
        translate=_translate,
        fused=True,
    )
)
