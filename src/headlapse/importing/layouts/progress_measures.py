"""The code of "Progress measures for grokking via mechanistic interpretability" (Nanda et al., 2023): transposed matrices."""

from headlapse.importing.layouts import Layout, LayoutRegistry

_CHANGES = {
    "W_E": "model vocab -> vocab model",
    "W_Q": "head k model -> head model k",
    "W_K": "head k model -> head model k",
    "W_V": "head k model -> head model k",
    "W_O": "model (head k) -> head k model",
    "W_in": "mlp model -> model mlp",
    "W_out": "model mlp -> mlp model",
}

LayoutRegistry.register(
    Layout(
        name="progress_measures",
        title="progress measures (Nanda et al., 2023)",
        anchor="blocks.0.attn.W_O",
        rank=2,
        translate=lambda name: (name, _CHANGES.get(name.rsplit(".", 1)[-1])),
    )
)
