"""The server's connections: any number of slow or idle clients does not keep the next one waiting.

Threads work only on complete requests, and never wait for a client to take its answer. A connection that keeps the server
waiting too long is closed; if there are too many, the one that has kept it waiting longest is closed.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from contextlib import suppress
from operator import itemgetter
from typing import Any, NamedTuple

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import close_all

from headlapse.system.interrupts import raise_if_one_was_lost

MOST_CONNECTIONS = 200  # a browser opens six
FILES_PER_CONNECTION = 4  # the socket, overflow files of request and answer, and a spare one
SECONDS_FOR_A_REQUEST = 20.0  # from its first byte to its last
SECONDS_FOR_AN_ANSWER = 30.0  # without a single byte being taken
SECONDS_BETWEEN_REQUESTS = 60.0
_ABORT = struct.pack("hh" if sys.platform == "win32" else "ii", True, 0)  # struct linger: for no seconds


class Wait(NamedTuple):
    """Since when a client has kept the server waiting, and for how many seconds it may."""

    since: float
    seconds: float


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One client: it sends a request, waits for a thread to answer it, takes the answer, and may send another."""

    _began = 0.0

    def received(self, data: bytes) -> bool:
        """Receive data from the client; the clock of a request starts at its first byte."""
        if self.request is None:
            self._began = time.time()
        return bool(super().received(data))

    @property
    def takes_an_answer(self) -> bool:
        """Whether part of an answer is still on its way to the client."""
        return bool(self.total_outbufs_len)

    def wait(self) -> Wait | None:
        """How long the client has kept the server waiting; None if it waits for the server, or is already dropped."""
        if self.requests or self.will_close:
            return None
        if self.takes_an_answer:
            return Wait(self.last_activity, SECONDS_FOR_AN_ANSWER)
        if self.request is not None:
            return Wait(self._began, SECONDS_FOR_A_REQUEST)
        return Wait(self.last_activity, SECONDS_BETWEEN_REQUESTS)

    def drop(self) -> None:
        """Close the connection, from any thread, whatever the client does; the loop then finds it at its end.

        Data that the client has not taken is discarded (RFC 9293, 3.9.1.5, ABORT); otherwise the system would keep it for
        minutes.
        """
        self.will_close, self.connected = True, False
        if (open_socket := self.socket) is not None:
            with suppress(OSError):
                if self.takes_an_answer:
                    open_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                open_socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):  # the server may be closed by now
            self.server.pull_trigger()

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Waitress lets the thread wait here; here, a client that requests much more than it takes is dropped instead."""
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            self.drop()


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Listens at one address. More than `most` connections are kept only while threads work for them."""

    channel_class = Connection
    most = MOST_CONNECTIONS

    def handle_accept(self) -> None:
        """Accept a connection, and close the idlest one if there are too many."""
        super().handle_accept()
        if len(self._map) > self.most:
            self._make_room()

    def maintenance(self, now: float) -> None:
        """Drop the connections that have kept the server waiting too long, and end the server if its end was ignored."""
        raise_if_one_was_lost()
        for connection in self._connections():
            wait = connection.wait()
            if wait is not None and now - wait.since > wait.seconds:
                connection.drop()

    def _make_room(self) -> None:
        """Drop the connection that has kept the server waiting longest, unless that is the newest."""
        waiting = [(wait.since, each) for each in self._connections() if (wait := each.wait())]
        if len(waiting) > 1:
            min(waiting, key=itemgetter(0))[1].drop()

    def _connections(self) -> list[Connection]:
        """The connections of all addresses."""
        return [channel for channel in self._map.values() if isinstance(channel, Connection)]


def open_server(application: Any, host: str, port: int, **options: Any) -> Any:
    """A server of `application`, at the same port of every address of `host`.

    It has `run`, `close` and `effective_port`. Raises `OSError` if it cannot listen, `ValueError` if there is no such host.
    """
    most = most_connections()
    limits = {"connection_limit": 2 * most, "cleanup_interval": 1, "asyncore_use_poll": True, "log_socket_errors": False}
    settings = Adjustments(host=host, port=port, **limits, **options)
    channels: dict[int, Any] = {}
    threads = ThreadedTaskDispatcher()
    servers: list[Server] = []
    try:
        for where in _addresses(settings):
            servers.append(Server(application, channels, dispatcher=threads, adj=settings, sockinfo=_at_port(where, servers)))
            servers[-1].most = most
    except OSError:
        close_all(channels)
        raise
    threads.set_thread_count(settings.threads)
    return servers[0] if len(servers) == 1 else _Several(servers, channels, settings, threads)


class _Several(MultiSocketServer):  # type: ignore[misc]  # waitress has no types
    """The servers of a host with several addresses."""

    def __init__(self, servers: list[Server], channels: dict[int, Any], settings: Any, threads: Any) -> None:
        super().__init__(channels, settings, [], threads)
        self.effective_port = servers[0].effective_port


def _addresses(settings: Any) -> list[Any]:
    """The addresses of `host`, each once: families, kinds, protocols and socket addresses."""
    return list({where[3][0]: where for where in settings.listen}.values())


def _at_port(where: Any, servers: list[Server]) -> Any:
    """The address with the port of the first server, which may have taken any free one."""
    *kind, (address, port, *rest) = where
    return (*kind, (address, int(servers[0].effective_port) if servers else port, *rest))


def most_connections() -> int:
    """How many connections are kept while some of them wait; fewer if the process may open only few files."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if files == resource.RLIM_INFINITY else max(8, min(MOST_CONNECTIONS, files // FILES_PER_CONNECTION))
