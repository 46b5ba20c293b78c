"""Import other people's checkpoints as variants: read, recognise the layout, check, write."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.importing.importer import Imported as Imported
    from headlapse.importing.importer import import_checkpoints as import_checkpoints
    from headlapse.importing.variants import Outcome as Outcome
    from headlapse.importing.variants import import_variants as import_variants

__all__, __getattr__ = exports(__name__, "torch")
