"""Training: one loop, its checkpoint schedule, and the state that lets a run continue exactly."""

from headlapse.training.session import train

__all__ = ["train"]
