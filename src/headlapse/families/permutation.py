"""The random order in which splits are made, without torch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from headlapse.extras import need

MOST = 2**32 // 20  # elements, above which torch draws other numbers


def random_order(count: int, seed: int) -> Int[np.ndarray, " count"]:
    """`torch.randperm(count, generator=torch.Generator().manual_seed(seed))`, number by number.

    Both draw 32-bit numbers of the Mersenne Twister, seeded with the last 32 bits of the seed, and exchange each place with
    one of those from it on. Above `MOST` elements, torch draws larger numbers; then this calls torch.
    """
    if count > MOST:
        return _of_torch(count, seed)
    drawn = np.random.RandomState(seed % 2**32).randint(0, 2**32, size=max(count - 1, 0), dtype=np.uint32)
    order = list(range(count))
    for place, number in enumerate(drawn.tolist()):
        other = place + number % (count - place)
        order[place], order[other] = order[other], order[place]
    return np.array(order, dtype=np.int64)


def _of_torch(count: int, seed: int) -> Int[np.ndarray, " count"]:
    need("torch")
    import torch

    order: np.ndarray = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).numpy()
    return order
