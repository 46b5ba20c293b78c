"""Other people's checkpoints become variants like any other: read, recognise the layout, check, write."""

from headlapse.importing.importer import Imported, import_checkpoints

__all__ = ["Imported", "import_checkpoints"]
