"""Exports: images, time-lapses and offline pages of any view, drawn only from artifacts."""

from headlapse.export.api import Drawing, draw_view, export_view
from headlapse.export.comparison import draw_compared, export_compared
from headlapse.export.timelapse import select_epochs

__all__ = ["Drawing", "draw_compared", "draw_view", "export_compared", "export_view", "select_epochs"]
