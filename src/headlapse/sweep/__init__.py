"""Many runs from one command: expand a grid, compare it with the results folder, and train what is missing.

The results folder is the only state. `grid` expands, `plan` compares, `estimate` computes the cost, `driver` keeps runs going,
and a place (`places/`, discovered) starts them: on this machine, on a Ray cluster, on Slurm. The package can be called:
`headlapse.sweep(family, grid={"seed": range(8)})`, see `headlapse.sweep.api.sweep`.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.sweep.driver import Tally as Tally
    from headlapse.sweep.grid import Grid as Grid

__all__, __getattr__ = exports(__name__)


class _Sweep(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        from headlapse.sweep.api import sweep

        return sweep(*arguments, **options)


sys.modules[__name__].__class__ = _Sweep
