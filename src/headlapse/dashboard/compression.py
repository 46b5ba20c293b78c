"""Responses are compressed for browsers that accept it. Scripts and styles are compressed once and kept."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request
from isal import igzip

from headlapse.dashboard.security import PROGRAM

COMPRESSIBLE = ("application/octet-stream", "application/json", "application/javascript", "text/")
LEAST = 1000  # bytes; anything smaller fits into one packet
FAST = 1  # of isal, for content made for one request
FOREVER = 31_536_000  # seconds in a year


def compress_answers(server: Flask) -> None:
    """Compress data, the page and its program; let the browser cache program files whose names have a version."""

    @server.after_request
    def compress(response: Response) -> Response:
        is_program = request.path.startswith(PROGRAM)
        if is_program and request.args and response.status_code == 200:
            response.cache_control.max_age = FOREVER
            response.cache_control.public = response.cache_control.immutable = True
        if _can_be(response, is_program):
            response.direct_passthrough = False
            content = response.get_data()
            response.set_data(_once(content) if is_program else igzip.compress(content, FAST))
            response.headers["Content-Encoding"] = "gzip"
            response.vary.add("Accept-Encoding")
        return response


def _can_be(response: Response, is_program: bool) -> bool:
    """Whether the response may be compressed.

    Other responses of Dash hold the token of the launch, which a length could reveal.
    """
    return (
        response.status_code == 200
        and (is_program or not request.path.startswith("/_dash-"))
        and request.accept_encodings.quality("gzip") > 0
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= LEAST
        and (response.mimetype or "").startswith(COMPRESSIBLE)
    )


@lru_cache(maxsize=64)
def _once(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
