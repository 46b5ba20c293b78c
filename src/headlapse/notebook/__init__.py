"""For notebooks: a variant at an epoch, its views as they are shown and kept, and scrubbing through training."""

from headlapse.notebook.moment import Moment, Shown
from headlapse.notebook.scrub import scrub

__all__ = ["Moment", "Shown", "scrub"]
