"""How long the threads of a process wait for each other before they sleep.

torch computes with OpenMP threads, which meet at a barrier after every operation. By default, a thread that arrives early spins
for milliseconds. If another program uses the CPU of the late thread, the spinning takes the time that the late one needs: two
small trainings at once take 15 times as long as one. If threads sleep immediately, an idle machine loses a tenth of its speed,
because waking takes longer than most waits. A spin about as long as the usual wait is a good compromise.

The OpenMP library reads its variables once, when torch loads it. They must be set before.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

# sources: libgomp's manual (GOMP_SPINCOUNT, turns of a loop); reference of LLVM's OpenMP runtime (KMP_BLOCKTIME, milliseconds)
ALONE = {"GOMP_SPINCOUNT": "5000", "KMP_BLOCKTIME": "1"}
SHARED = {"OMP_WAIT_POLICY": "passive"}
CHOICES = frozenset({*ALONE, *SHARED, "KMP_LIBRARY"})  # each decides how threads wait
_ours: dict[str, str] = {}


def limit_spinning(*, shared: bool = False) -> bool:
    """Let threads spin briefly, or not at all if the machine is known to be `shared`; False if torch is already loaded.

    Variables in `CHOICES` that the user has set are not changed. Child processes inherit the setting.
    """
    if "torch" in sys.modules:
        return False
    chosen = choice(_without_ours(), shared=shared)
    for name in _ours:
        os.environ.pop(name, None)
    _ours.clear()
    _ours.update(chosen)
    os.environ.update(chosen)
    return True


def choice(environment: Mapping[str, str], *, shared: bool = False) -> dict[str, str]:
    """The variables to set in addition to those in `environment`: none if one of those already decides how to wait."""
    if CHOICES & environment.keys():
        return {}
    return SHARED if shared else ALONE


def _without_ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if _ours.get(name) != value}
