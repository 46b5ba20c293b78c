"""The body of a request for a callback, as a page with the token of this launch posts it.

Every answer is valid JSON, a refusal or nothing; none is an error of the server. Callbacks that only read leave the results
folder as it was. Jobs are queued, but no process is started for them.
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import atheris
from tests.dashboard.callback_bodies import all_bodies
from tests.dashboard.runs import make_variant

from fuzz.oracle import FOLDER
from headlapse.dashboard import app as dashboard
from headlapse.dashboard import security
from headlapse.jobs import JobQueue
from headlapse.results.paths import JobPaths

RESULTS = FOLDER / "results"
TOKEN = "of this launch"
HEADERS = {"Host": "127.0.0.1:80", "Origin": "http://127.0.0.1:80", "Sec-Fetch-Site": "same-origin"}
PATH = "/_dash-update-component"


def _no_process(queue: JobQueue, paths: JobPaths) -> None:
    """In place of starting one."""


JobQueue._start = _no_process  # type: ignore[method-assign]
security.new_token = lambda: TOKEN
VARIANT = make_variant(RESULTS, [0, 100])
APP = dashboard.create_app(RESULTS)
CLIENT = APP.server.test_client()
BODIES = all_bodies(APP, f"{VARIANT.family.name}/{VARIANT.name}", TOKEN)
CHANGING = {
    output for output, entry in APP.callback_map.items() if getattr(entry.get("callback"), security.EFFECT, None) == "change"
}
WORDS = [None, True, 0, -1, 7, 2**70, 1.5, float("nan"), "", "..", "\x00", "\ud800", "x" * 300, [], {}, [[]]]


def seeds() -> list[bytes]:
    return [json.dumps(body).encode() for body in BODIES]


def check(content: bytes) -> None:
    before = _files()
    answer = CLIENT.post(PATH, data=content, content_type="application/json", headers=HEADERS)
    text = answer.get_data(as_text=True)
    assert answer.status_code in (200, 204, 400, 404, 409, 503), (answer.status_code, text)
    if answer.status_code != 204:
        assert ("response" if answer.status_code == 200 else "error") in json.loads(text), text
    if _files() != before:
        assert json.loads(content)["output"] in CHANGING, content
        shutil.rmtree(RESULTS / ".jobs", ignore_errors=True)


def mutate(content: bytes, max_size: int, seed: int) -> bytes:
    """Another value, type or identifier somewhere in the body; sometimes other bytes."""
    chance = random.Random(seed)
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = chance.choice(BODIES)
    if chance.random() < 0.1:
        return bytes(atheris.Mutate(content, max_size))
    changed = json.dumps(_with_one_change(body, chance)).encode()
    return changed if len(changed) <= max_size else content


def _with_one_change(node: Any, chance: random.Random) -> Any:
    """A copy of `node` in which one value was replaced, removed or doubled."""
    if not isinstance(node, dict | list) or not node or chance.random() < 0.1:
        return _other(node, chance)
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = chance.choice(keys)
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    match chance.randrange(12):
        case 0:
            del copy[key]
        case 1 if isinstance(copy, list):
            copy.append(copy[key])
        case 1:
            copy[str(chance.choice(WORDS))] = copy[key]
        case _:
            copy[key] = _with_one_change(copy[key], chance)
    return copy


def _other(value: Any, chance: random.Random) -> Any:
    """A value in the place of `value`: of the same kind a little changed, of another kind, or one the page has elsewhere."""
    match chance.randrange(4):
        case 0 if isinstance(value, str):
            return atheris.Mutate(value.encode(errors="replace"), len(value) + 8).decode(errors="replace")
        case 0 if isinstance(value, int | float):
            return value + chance.choice([-1, 1, 0.5, 10**9])
        case 1:
            return chance.choice(_leaves(BODIES))
        case _:
            return chance.choice(WORDS)


def _leaves(node: Any) -> list[Any]:
    if isinstance(node, dict | list) and node:
        return [leaf for child in (node.values() if isinstance(node, dict) else node) for leaf in _leaves(child)]
    return [node]


def _files() -> dict[Path, tuple[int, int]]:
    found = (path for path in RESULTS.rglob("*"))
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}
