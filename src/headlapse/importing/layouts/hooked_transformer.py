"""`HookedTransformer` of TransformerLens 1 to 3, and this program's checkpoints: one matrix per head, `[in, out]`."""

from headlapse.importing.layouts import Layout, LayoutRegistry

LayoutRegistry.register(
    Layout(
        name="hooked_transformer",
        title="HookedTransformer (TransformerLens 1 to 3)",
        anchor="blocks.0.attn.W_O",
        rank=3,
        translate=lambda name: (name, None),
    )
)
