"""SVG and PDF of a plotly figure, through kaleido and the installed Chrome or Chromium."""

from __future__ import annotations

from html import escape
from typing import Any

from headlapse.errors import HeadlapseError
from headlapse.extras import need

REMEDY = "install Chrome or Chromium and pip install 'headlapse[vector]'; .png, .gif, .webp and .html need neither"


def vector(figure: Any, kind: str) -> bytes:
    """`figure` as "svg" or "pdf". Raises `HeadlapseError` with the remedy if kaleido or its browser is missing."""
    need("kaleido", otherwise="or export .png, .gif, .webp or .html")
    try:
        content: bytes = figure.to_image(format=kind)
    except (ImportError, ValueError, RuntimeError) as error:
        raise HeadlapseError(f"{kind.upper()} cannot be drawn ({_first_line(error)}); {REMEDY}") from error
    return content


def with_description(svg: bytes, words: str) -> bytes:
    """The image with `words` as its metadata."""
    start, tag, rest = svg.partition(b"<svg")
    inside, end, drawn = rest.partition(b">")
    return start + tag + inside + end + f"<metadata>{escape(words)}</metadata>".encode() + drawn


def _first_line(error: Exception) -> str:
    said = error.args[0] if error.args and isinstance(error.args[0], tuple) else [error]  # choreographer raises tuples of lines
    lines = [line.strip() for each in said for line in str(each).splitlines()]
    return next(filter(None, lines), type(error).__name__)
