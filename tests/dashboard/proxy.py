"""A small reverse proxy, as others put before the page: it shows a server under a path, which it keeps or strips."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


@contextmanager
def proxied(prefix: str, strips: bool, start: Callable[[str], str]) -> Iterator[tuple[str, list[str]]]:
    """The address of the proxy, and the paths it is asked for; `start(name)` starts a server that answers to that Host."""
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        name = f"127.0.0.1:{server.server_port}"
        server.RequestHandlerClass = _handler(start(name).removeprefix("http://"), prefix, strips, asked)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{name}", asked
        finally:
            server.shutdown()


def _handler(behind: str, prefix: str, strips: bool, asked: list[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            asked.append(self.path)
            if self.path.partition("?")[0] != prefix and not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = self.path.removeprefix(prefix) if strips else self.path
            with closing(HTTPConnection(behind)) as connection:
                connection.request(self.command, path if path.startswith("/") else f"/{path}", body, dict(self.headers))
                answer = connection.getresponse()
                content = answer.read()
            with suppress(ConnectionError):  # a browser that goes to another page waits for no answer
                self._give(answer.status, answer.getheaders(), content)

        def _give(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response_only(status)
            kept = [(key, value) for key, value in headers if key.lower() not in {*HOP_BY_HOP, "content-length"}]
            for key, value in [*kept, *([] if status in (204, 304) else [("Content-Length", str(len(content)))])]:
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _pass_on

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
