"""Read files of other programs, whatever their names. Nothing in them is ever executed."""

from headlapse.importing.reading.content import read_content
from headlapse.importing.reading.tensors import StoredTensor

__all__ = ["StoredTensor", "read_content"]
