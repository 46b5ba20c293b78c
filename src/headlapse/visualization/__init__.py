"""Arrays to figures. Renderers see arrays, never a model, and import neither torch nor transformer_lens."""
