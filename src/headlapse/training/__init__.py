"""Training: one loop, its checkpoint schedule, and the state that lets a run continue exactly."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.training.session import train as train

__all__, __getattr__ = exports(__name__, "torch")
