"""The process and its machine: BLAS threads, the allocator, free memory."""
