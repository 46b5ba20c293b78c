"""Results on disk: who is where, how it is written, and how it is read back without doubt."""

from headlapse.results.artifacts import ArtifactLoader
from headlapse.results.variant import Variant

__all__ = ["ArtifactLoader", "Variant"]
