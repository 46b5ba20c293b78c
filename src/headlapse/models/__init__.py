"""Models: shapes, initial weights, weight layouts, and the ways to run them."""
