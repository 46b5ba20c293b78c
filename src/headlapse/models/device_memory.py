"""Free memory of the device that computes."""

from __future__ import annotations

from headlapse.system.free_memory import free_memory


def memory_free(device: str) -> int | None:
    """Bytes that this process may still take on `device`; None if the system does not say."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0]) if torch.cuda.is_available() else None
    return free_memory()
