"""Side-by-side timings against plain TransformerLens 4; never part of the tests. Run them with `make bench`."""
