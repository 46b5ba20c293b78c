"""The path under which a reverse proxy serves the page. Requests may contain it or not; waitress removes it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import Flask, current_app, redirect, request
from werkzeug.wrappers import Response

from headlapse import checks
from headlapse.errors import InvalidValueError

_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~@%+=,:-]+)*/?", re.ASCII)


def check_prefix(prefix: object) -> str:
    """`prefix` without a slash at its end; empty for none. Raises `InvalidValueError`."""
    if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix):
        raise checks.wrong("--prefix", "a path such as /headlapse or /user/ann/proxy/8050", prefix)
    return prefix.rstrip("/")


def serve_under(server: Flask, prefix: str) -> None:
    """Make every address of the server begin with `prefix`.

    Raises `InvalidValueError` for an address of the page itself: requests with and without the prefix would look alike.
    """
    own = {rule.rule.split("/")[1] for rule in server.url_map.iter_rules()} | {"runs", "compare", "jobs"}
    if prefix and prefix.split("/")[1] in own:
        raise InvalidValueError(f"--prefix {prefix} begins like an address of the page itself; choose another, e.g. /headlapse")
    server.config["APPLICATION_ROOT"] = prefix
    server.before_request(_to_folder)


def folder() -> str:
    """The folder of the pages, as a browser writes it."""
    return f"{current_app.config['APPLICATION_ROOT']}/"


def waitress_prefix(pathname: str) -> str:
    """The prefix that waitress removes from paths; `pathname` is quoted and ends with a slash, as Dash has it."""
    return unquote(pathname.rstrip("/"))


def _to_folder() -> Response | None:
    """Addresses on the page are relative to the folder."""
    if request.environ["PATH_INFO"]:
        return None
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return redirect(folder() + query, 308)
