"""Who may talk to the server, and what its pages may load.

The server listens on the loopback interface, but any web page the user visits can send requests there. So the Host must be a
loopback name (against DNS rebinding), a request that changes something must come from our own page, and starting or
cancelling jobs needs a token that only our page was given.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, abort, request

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TOKEN_HEADER = "X-Headlapse-Token"
_LOOPBACK_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


def new_token() -> str:
    """The token of one launch."""
    return secrets.token_urlsafe(24)


def protect(server: Flask, script_hashes: Sequence[str]) -> None:
    """Check every request before it reaches a route, and set the headers of every answer."""
    headers = _headers(script_hashes)
    server.before_request(_refuse_foreign_host)
    server.before_request(_refuse_foreign_page)

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        return response


def token_matches(given: Any, expected: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())


def _refuse_foreign_host() -> None:
    if not _LOOPBACK_HOST.fullmatch(request.headers.get("Host", "")) or not _port_is_ours():
        abort(403, "this server answers only to localhost")


def _port_is_ours() -> bool:
    _, _, port = request.headers["Host"].rpartition("]")[2].partition(":")
    return int(port or 80) == int(request.environ["SERVER_PORT"])


def _refuse_foreign_page() -> None:
    """A change is accepted from our own page only. Programs that are no browser send neither header."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", f"http://{request.headers['Host']}")
    if site != "same-origin" or origin.lower() != f"http://{request.headers['Host']}".lower():
        abort(403, "this request does not come from the dashboard's own page")
    if request.content_length and not request.is_json:
        abort(415, "send JSON")


def _headers(script_hashes: Sequence[str]) -> dict[str, str]:
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",  # Mantine and Plotly write style elements
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{key} {value}" for key, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
