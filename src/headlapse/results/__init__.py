"""Results on disk: which run is where, and how its files are written, read and verified."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.results.loader import ArtifactLoader as ArtifactLoader
    from headlapse.results.variant import Variant as Variant

__all__, __getattr__ = exports(__name__)
