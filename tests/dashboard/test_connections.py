"""Clients that are slow, idle or many keep nobody else waiting."""

from __future__ import annotations

import http.client
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from headlapse.dashboard import connections
from headlapse.dashboard.connections import MOST_CONNECTIONS, most_connections, open_server
from tests.dashboard.runs import make_variant
from tests.waiting import SECONDS, until

CROWD = 500
HALF = b"GET /data/variants HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
ANSWER = bytes(range(256)) * 2**16  # more than systems keep for a client that takes nothing
Ask = Callable[[], int]


@pytest.fixture
def crowd() -> Iterator[ExitStack]:
    """Whatever is put there is closed."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def dashboard(serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of a dashboard on which no time runs out: nobody gets in because others were waited for long enough."""
    for setting in ("SECONDS_BETWEEN_REQUESTS", "SECONDS_FOR_A_REQUEST", "SECONDS_FOR_AN_ANSWER"):
        monkeypatch.setattr(connections, setting, 10 * SECONDS)
    make_variant(tmp_path, [0, 100])
    return int(serve(tmp_path).rpartition(":")[2])


@pytest.fixture
def run() -> Iterator[Callable[..., int]]:
    """`run(application)` serves it; the port."""
    servers: list[Any] = []

    def start(application: Any, **options: Any) -> int:
        server = open_server(application, "127.0.0.1", 0, **options)
        servers.append(server)
        threading.Thread(target=server.run, daemon=True).start()
        return int(server.effective_port)

    yield start
    for server in servers:
        server.close()


def hello(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"hello"]


def large(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [ANSWER]


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def status(port: int, path: str = "/data/variants") -> int:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        answer.read()
        return answer.status
    finally:
        client.close()


def is_closed(client: socket.socket, seconds: float) -> bool:
    """Whether the server closes the connection in that time; what it sends before is read."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        readable, _, _ = select.select([client], [], [], left)
        try:
            if readable and client.recv(2**16) == b"":
                return True
        except ConnectionError:
            return True
    return False


def test_idle_connections_lock_nobody_out(dashboard: int, crowd: ExitStack) -> None:
    for _ in range(CROWD):
        crowd.enter_context(connect(dashboard))
    assert [status(dashboard) for _ in range(20)] == [200] * 20


def test_a_connection_that_was_open_before_the_crowd_is_opened_again(dashboard: int, crowd: ExitStack) -> None:
    """As browsers do where the server has closed one that waited."""
    browser = http.client.HTTPConnection("127.0.0.1", dashboard, timeout=SECONDS)
    crowd.callback(browser.close)
    for _ in range(3):
        for _ in range(CROWD // 2):
            crowd.enter_context(connect(dashboard))
        try:
            browser.request("GET", "/data/variants")
            assert browser.getresponse().read()
        except (ConnectionError, http.client.RemoteDisconnected):
            browser.close()
            browser.request("GET", "/data/variants")
            assert browser.getresponse().read()


def test_half_requests_that_go_on_for_ever_lock_nobody_out(dashboard: int) -> None:
    """A byte at a time, and a new connection for each that is dropped."""
    stop, sent = threading.Event(), [0]

    def trickle() -> None:
        clients: list[socket.socket] = []
        while not stop.is_set():
            while len(clients) < CROWD // 2:
                clients.append(connect(dashboard))
                clients[-1].sendall(HALF)
            stop.wait(0.05)
            for client in [*clients]:
                try:
                    client.sendall(b"x")
                    sent[0] += 1
                except OSError:
                    clients.remove(client)
                    client.close()
        for client in clients:
            client.close()

    crowd = [threading.Thread(target=trickle) for _ in range(2)]
    for thread in crowd:
        thread.start()
    try:
        until(lambda: sent[0] >= 2 * CROWD)
        assert [status(dashboard) for _ in range(20)] == [200] * 20
    finally:
        stop.set()
        for thread in crowd:
            thread.join()


def test_who_asks_for_much_and_takes_nothing_keeps_no_thread(run: Callable[..., int], crowd: ExitStack) -> None:
    port = run(large, threads=2)
    for _ in range(8):
        client = crowd.enter_context(connect(port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
    assert [status(port) for _ in range(5)] == [200] * 5


def test_answers_that_nobody_takes_make_room(
    run: Callable[..., int], crowd: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 8)
    port = run(large)
    for _ in range(24):
        crowd.enter_context(connect(port)).sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [status(port) for _ in range(5)] == [200] * 5


def test_an_answer_that_is_taken_slowly_arrives_whole(run: Callable[..., int], crowd: ExitStack) -> None:
    client = crowd.enter_context(connect(run(large)))
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    received = bytearray()
    while part := client.recv(2**17):
        received += part
        time.sleep(0.01)
    assert received.endswith(b"\r\n\r\n" + ANSWER)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("SECONDS_BETWEEN_REQUESTS", b""),
        ("SECONDS_BETWEEN_REQUESTS", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("SECONDS_FOR_A_REQUEST", HALF),
        ("SECONDS_FOR_A_REQUEST", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"),
    ],
    ids=["silent", "kept alive", "half a header", "half a body"],
)
def test_a_connection_that_waits_too_long_is_closed(
    setting: str, said: bytes, run: Callable[..., int], crowd: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = crowd.enter_context(connect(run(hello)))
    client.sendall(said)
    assert not is_closed(client, 1.5)
    monkeypatch.setattr(connections, setting, 0.2)
    assert is_closed(client, SECONDS)


def test_an_answer_that_is_not_taken_is_given_up(
    run: Callable[..., int], crowd: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SECONDS_FOR_AN_ANSWER", 0.2)
    client = crowd.enter_context(connect(run(large)))
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    poll = select.poll()
    poll.register(client, 0)  # nothing but the end: what was sent before it is not read
    assert poll.poll(1000 * SECONDS)


def test_work_on_an_answer_may_take_longer_than_any_wait(
    run: Callable[..., int], crowd: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in ("SECONDS_BETWEEN_REQUESTS", "SECONDS_FOR_A_REQUEST", "SECONDS_FOR_AN_ANSWER"):
        monkeypatch.setattr(connections, setting, 0.2)
    asked, may_end = threading.Event(), threading.Event()

    def slow(environ: Any, start_response: Any) -> list[bytes]:
        asked.set()
        may_end.wait(SECONDS)
        return hello(environ, start_response)

    client = crowd.enter_context(connect(run(slow)))
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert asked.wait(SECONDS) and not is_closed(client, 2.5)
    may_end.set()
    assert client.makefile("rb").read().endswith(b"hello")


def test_few_files_mean_few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    for files, most in ((256, 64), (1_048_576, MOST_CONNECTIONS), (resource.RLIM_INFINITY, MOST_CONNECTIONS), (10, 8)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, files=files: (files, files))
        assert most_connections() == most


def test_a_name_of_several_addresses_has_one_port(run: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("127.0.0.1", "127.0.0.2", "127.0.0.1")]
    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", lambda *_: found)
        port = run(hello)
    for address in ("127.0.0.1", "127.0.0.2"):
        client = http.client.HTTPConnection(address, port, timeout=SECONDS)
        client.request("GET", "/")
        assert client.getresponse().read() == b"hello"
        client.close()
