"""Other people's checkpoints become variants like any other: read, recognise the layout, check, write."""

from headlapse.importing.importer import Imported, import_checkpoints
from headlapse.importing.variants import Outcome, import_variants

__all__ = ["Imported", "Outcome", "import_checkpoints", "import_variants"]
