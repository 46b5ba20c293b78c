"""Access to the server, and the sources that its pages may load.

The server listens on the loopback interface, but any web page the user visits can send requests there. So the Host must be a
known name (against DNS rebinding), a request must come from our own page or be a navigation to it, and starting or cancelling
jobs needs a token that only our page was given. On any other interface, every request needs the password of the launch, or the
session value that it was exchanged for. Browsers send a cookie to every port of a host, so it holds no password, and its name
has the port.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, redirect, request
from pydantic import ConfigDict, ValidationError, validate_call
from werkzeug.wrappers import Response as AnyResponse

from headlapse import checks
from headlapse.dashboard.password import check_password
from headlapse.dashboard.prefix import folder
from headlapse.errors import InvalidValueError

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
PAGES = ("/", "/compare", "/runs", "/jobs")  # that other sites may link to; only these pages request anything else
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PROGRAM = ("/assets/", "/_dash-component-suites/")  # the same for everybody, without data
EFFECT = "headlapse_effect"
_LOOPBACK_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(:([0-9]{1,5}))?", re.ASCII)
_Callback = TypeVar("_Callback", bound=Callable[..., Any])


def new_token() -> str:
    """A secret of one launch."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Access:
    """Further accepted `Host` headers, and the password that every request needs. Cookies hold `session`."""

    names: tuple[str, ...] = ()
    password: str = field(default="", repr=False)
    session: str = field(default_factory=new_token, repr=False)

    @classmethod
    def checked(cls, host: str, names: Sequence[str], password: str | None) -> Access:
        """Raises `InvalidValueError` for an address others can reach without a password, an empty password, or a wrong name."""
        check_password(password)
        checks.text("host", host)
        if host not in LOOPBACK and password is None:
            raise InvalidValueError(
                f"host {host} can be reached from other machines; give a password with --token, or listen on 127.0.0.1"
            )
        return cls(tuple(checks.several(_checked_name, "names", names, "hosts")), password or "")


def reads(callback: _Callback) -> _Callback:
    """Tag a callback that changes nothing."""
    return _tagged(callback, "read")


def changes(callback: _Callback) -> _Callback:
    """Tag a callback that starts, stops or writes something; it must check the token of the launch."""
    return _tagged(callback, "change")


def protect(server: Flask, script_hashes: Sequence[str], access: Access | None = None) -> None:
    """Check every request before it reaches a route, and set the headers of every answer."""
    headers = _headers(script_hashes)
    access = access or Access()
    server.before_request(lambda: _refuse_foreign_host(access.names))
    server.before_request(lambda: _refuse_foreign_page(access.names))
    server.before_request(lambda: _ask_password(access))

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        if access.password and not request.path.startswith(PROGRAM):
            response.headers["Cache-Control"] = "no-store"
        return response


def token_matches(given: Any, expected: str) -> bool:
    """Whether `given` is the password, compared in constant time."""
    return isinstance(given, str) and hmac.compare_digest(*(text.encode(errors="surrogatepass") for text in (given, expected)))


def _tagged(callback: _Callback, effect: str) -> _Callback:
    """The callback, which gets only values of the types it declares."""
    checked = validate_call(config=ConfigDict(strict=True))(callback)

    @wraps(callback)
    def call(*values: Any) -> Any:
        try:
            return checked(*values)
        except ValidationError as error:
            problem = error.errors()[0]
            raise InvalidValueError(f"{callback.__name__} was sent a wrong value: {problem['msg']}; reload the page") from error

    setattr(call, EFFECT, effect)
    return cast(_Callback, call)


def _checked_name(_: str, name: object) -> str:
    """`name` as browsers send it; they leave out the usual ports."""
    found = _NAME.fullmatch(name.lower()) if isinstance(name, str) else None
    if found is None or not 0 < int(found[4] or 80) < 2**16:
        allowed = "HOST or HOST:PORT as in the browser's address bar, without http:// and path, e.g. localhost:9000"
        raise checks.wrong("--name", allowed, name)
    return found[1] if found[4] in ("80", "443") else found[0]


def _refuse_foreign_host(names: Sequence[str]) -> None:
    host = request.headers.get("Host", "")
    if host.lower() in names or (_LOOPBACK_HOST.fullmatch(host) and _port_is_ours(host)):
        return
    asked = f"; to answer to {host!r}, start it with --name {host}" if _NAME.fullmatch(host.lower()) else ""
    abort(403, f"this server answers only to localhost on its own port, and to names given with --name{asked}")


def _port_is_ours(host: str) -> bool:
    _, _, port = host.rpartition("]")[2].partition(":")
    return int(port or 80) == int(request.environ["SERVER_PORT"])


def _refuse_foreign_page(names: Sequence[str]) -> None:
    """Allow only requests of our own page and navigations to it. Programs other than browsers send none of these headers."""
    host = request.headers["Host"].lower()
    own = [f"http://{host}", *([f"https://{host}"] if host in names else [])]  # a name may belong to a tunnel or a proxy
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    navigation = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate" and request.path in PAGES
    if request.headers.get("Origin", own[0]).lower() not in own or not (from_here or navigation):
        abort(403, "this request does not come from the dashboard's own page")
    if request.method not in SAFE_METHODS and request.mimetype != "application/json":
        abort(415, "send JSON")


def _ask_password(access: Access) -> AnyResponse | None:
    """Answer `/?token=...` with a cookie, which every other request must bring."""
    if not access.password or token_matches(request.cookies.get(_cookie()), access.session):
        return None
    if request.path == "/" and token_matches(request.args.get("token"), access.password):
        answer = redirect(folder())
        answer.set_cookie(_cookie(), access.session, path=folder(), httponly=True, samesite="Strict")
        return answer
    return abort(401, "open the address with ?token=... that the server was started with")


def _cookie() -> str:
    """Its name has the port in the browser's address, which may be that of a tunnel."""
    _, _, port = request.headers["Host"].rpartition("]")[2].partition(":")
    return f"headlapse_{port or request.environ['SERVER_PORT']}"


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
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
