"""For notebooks: scrubbing through training."""

from headlapse.notebook.scrub import scrub

__all__ = ["scrub"]
