"""Results on disk: who is where, how it is written, and how it is read back without doubt."""

from typing import TYPE_CHECKING

from headlapse.lazy import names_from

if TYPE_CHECKING:
    from headlapse.results.artifacts import ArtifactLoader
    from headlapse.results.variant import Variant

__all__ = ["ArtifactLoader", "Variant"]

__getattr__ = names_from(
    __name__, {"ArtifactLoader": "headlapse.results.artifacts", "Variant": "headlapse.results.variant"}
)
