"""The process and its machine: CPUs, threads, the allocator, free memory."""
