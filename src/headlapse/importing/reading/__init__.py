"""Read files that other programs wrote, whatever they are called. Nothing in them is ever executed."""

from headlapse.importing.reading.content import read_content
from headlapse.importing.reading.tensors import StoredTensor

__all__ = ["StoredTensor", "read_content"]
