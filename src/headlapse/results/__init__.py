"""Results on disk: who is where, how it is written, and how it is read back without doubt."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.results.loader import ArtifactLoader as ArtifactLoader
    from headlapse.results.variant import Variant as Variant

__all__, __getattr__ = exports(__name__)
