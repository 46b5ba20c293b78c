"""Bytes on disk: written atomically, verified when read, owned by one process. Nothing here depends on models."""
