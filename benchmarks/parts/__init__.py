"""Parts of the benchmarks, one module each with `main(folder)`, which measures in an empty folder and prints; found by name."""
