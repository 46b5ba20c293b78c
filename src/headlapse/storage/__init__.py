"""Bytes on disk: written atomically, checked when read, held by one process. Nothing here knows of models."""
