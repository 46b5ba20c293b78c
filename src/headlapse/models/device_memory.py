"""How much memory the device that computes has left."""

from __future__ import annotations

from headlapse.system.free_memory import free_memory


def memory_free(device: str) -> int | None:
    """Bytes a process may still take on `device`; None where the system does not say."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    return free_memory()
