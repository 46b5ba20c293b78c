"""Training: one loop, its checkpoint schedule, and the state that lets a run continue exactly."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.training.trainer import train as train
    from headlapse.training.trainer import train_many as train_many

__all__, __getattr__ = exports(__name__, "torch")
