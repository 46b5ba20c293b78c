"""The server as a process of its own, with nothing around it."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.waiting import SECONDS

SERVER = """
import sys
from headlapse.dashboard import serve
serve(sys.argv[1], port=0, on_ready=lambda address: print(address, flush=True))
"""
THREADS, REQUESTS = 32, 256


def test_many_requests_at_once_are_answered_without_a_word(tmp_path: Path) -> None:
    program = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()

            def ask(_: int) -> int:
                with urllib.request.urlopen(address, timeout=SECONDS) as answer:
                    return int(answer.status)

            with ThreadPoolExecutor(THREADS) as clients:
                assert set(clients.map(ask, range(REQUESTS))) == {200}
        finally:
            server.terminate()
            _, errors = server.communicate(timeout=SECONDS)
    assert errors == ""
