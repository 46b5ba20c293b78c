"""Recording: checkpoints and attention of a user's own training loop."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.recording.recorder import Recorder as Recorder
    from headlapse.recording.start import record as record

__all__, __getattr__ = exports(__name__, "torch")
