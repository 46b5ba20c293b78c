"""No web page the user happens to visit can reach the dashboard."""

from __future__ import annotations

import itertools
import json
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headlapse.cli.app import build_app
from headlapse.cli.commands import dashboard_
from headlapse.cli.errors import run_guarded
from headlapse.dashboard import security, server
from headlapse.dashboard.app import create_app
from headlapse.dashboard.pages import shell
from headlapse.errors import InvalidValueError
from tests.dashboard.callback_bodies import all_bodies
from tests.dashboard.runs import make_variant
from tests.waiting import SECONDS

PORT = 8050
OWN = f"127.0.0.1:{PORT}"
JOBS = "job-message.children"
VARIANT = "modulo_addition_1layer/modulo_addition_1layer_p7_seed999_dseed598"
TOKEN = "of another launch"
PATHS = ("/", "/_dash-layout", "/_dash-dependencies", "/data/variants")
CHANGES = ("/_dash-update-component", "/data/changes")  # which need the token of the launch

FOREIGN_HOSTS = (
    *("attacker.example", f"attacker.example:{PORT}", f"127.0.0.1.nip.io:{PORT}", f"localhost.attacker.example:{PORT}"),
    *(f"localhost.:{PORT}", f"127.0.0.1:{PORT}, attacker.example", "127.0.0.1:80", "127.0.0.1:8051", "127.0.0.1", ""),
    *(f"0.0.0.0:{PORT}", f"127.1:{PORT}", f"[::ffff:127.0.0.1]:{PORT}", f"user@127.0.0.1:{PORT}", "localhost:99999"),
    *(f"127.0.0.1:{PORT}\\@attacker.example", f"xlocalhost:{PORT}", "localhost:\uff18\uff10\uff15\uff10"),
)
OWN_HOSTS = (OWN, f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"LocalHost:{PORT}", f"[::1]:{PORT}")
FOREIGN_PAGES: tuple[dict[str, str], ...] = (
    {"Origin": "null"},
    {"Origin": "http://attacker.example"},
    {"Origin": "http://127.0.0.1:8051"},
    {"Origin": f"https://{OWN}"},
    {"Origin": f"http://{OWN}.attacker.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": f"http://{OWN}"},
)
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
TYPES = ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    results = tmp_path_factory.mktemp("results")
    make_variant(results, [0, 100])
    return create_app(results)


@pytest.fixture
def reached(app: Dash, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The endpoints that requests got through to."""
    reached: list[str] = []
    for endpoint, view in app.server.view_functions.items():
        monkeypatch.setitem(app.server.view_functions, endpoint, _noting(endpoint, view, reached))
    return reached


def _noting(endpoint: str, view: Callable[..., Any], reached: list[str]) -> Callable[..., Any]:
    def note(*arguments: Any, **named: Any) -> Any:
        reached.append(endpoint)
        return view(*arguments, **named)

    return note


def send(client: FlaskClient, method: str, path: str, host: str = OWN, **options: Any) -> Any:
    headers = {"Host": host, **options.pop("headers", {})}
    answer = client.open(path, method=method, headers=headers, environ_overrides={"SERVER_PORT": str(PORT)}, **options)
    answer.get_data()
    answer.close()
    return answer


def hostile() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(method, path, host, options) of requests that a foreign page or name can make."""
    for host, method, path in itertools.product(FOREIGN_HOSTS, ("GET", "POST", "OPTIONS"), PATHS):
        yield method, path, host, {"json": {}} if method == "POST" else {}
    for headers, method, path in itertools.product(FOREIGN_PAGES, ("GET", *CHANGING), (*CHANGES, *PATHS)):
        yield method, path, OWN, {"headers": headers, "json": {}}
    for site, path in itertools.product(("cross-site", "same-site"), (*PATHS[1:], f"/export/{VARIANT}?ending=.gif")):
        for target in ("document", "iframe", "image"):
            headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": target}
            yield "GET", path, OWN, {"headers": headers}
    for kind, method, path in itertools.product(TYPES[1:], CHANGING, CHANGES):
        yield method, path, OWN, {"data": json.dumps({"output": JOBS}), "content_type": kind}
    for upgrade in ({"Upgrade": "websocket", "Connection": "Upgrade", "Origin": "http://attacker.example"},):
        yield "GET", "/_dash-update-component", OWN, {"headers": upgrade}


def test_no_hostile_request_reaches_anything(app: Dash, reached: list[str]) -> None:
    client = app.server.test_client()
    requests = list(hostile())
    answers = [send(client, method, path, host, **options) for method, path, host, options in requests]
    assert len(requests) >= 200
    assert reached == []
    assert {answer.status_code for answer in answers} <= {403, 405, 415}
    assert all(answer.headers["X-Content-Type-Options"] == "nosniff" for answer in answers)


def test_own_requests_are_never_refused(app: Dash, reached: list[str]) -> None:
    client = app.server.test_client()
    for host, path in itertools.product(OWN_HOSTS, PATHS):
        for headers in (
            {},
            {"Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
        ):
            assert send(client, "GET", path, host, headers=headers).status_code == 200, (host, path, headers)
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    for host, path in itertools.product(OWN_HOSTS, ("/", "/compare", "/runs", "/jobs", f"/?variant={VARIANT}&epoch=100")):
        assert send(client, "GET", path, host, headers=link).status_code == 200, (host, path)
    assert len(reached) == len(OWN_HOSTS) * (len(PATHS) * 3 + 5)


def test_the_pages_that_other_sites_may_link_to_are_those_there_are() -> None:
    assert tuple(path for path, *_ in shell.PAGES.values()) == security.PAGES


def test_a_name_of_a_proxy_may_be_https(tmp_path: Path) -> None:
    name = "lab.example"
    client = create_app(tmp_path, access=security.Access.checked("127.0.0.1", [name], None)).server.test_client()
    for scheme, host, code in (("https", name, 200), ("http", name, 200), ("https", OWN, 403), ("https", "other", 403)):
        origin = {"Origin": f"{scheme}://{host}"}
        assert send(client, "GET", "/data/variants", name if host == "other" else host, headers=origin).status_code == code


def update(app: Dash, output: str, inputs: list[dict[str, Any]], state: list[dict[str, Any]]) -> Any:
    first = f"{inputs[0]['id']}.{inputs[0]['property']}"
    outputs = dict(zip(("id", "property"), output.rsplit(".", 1), strict=True))
    body = {"output": output, "outputs": outputs, "inputs": inputs, "state": state, "changedPropIds": [first]}
    return send(app.server.test_client(), "POST", "/_dash-update-component", json=body)


def effects(app: Dash) -> dict[str, str | None]:
    """The tag of every callback that runs on the server."""
    app._setup_server()
    served = {name: entry["callback"] for name, entry in app.callback_map.items() if "callback" in entry}
    return {name: getattr(callback, security.EFFECT, None) for name, callback in served.items()}


def test_every_callback_says_whether_it_changes_something(app: Dash) -> None:
    found = effects(app)
    assert set(found.values()) == {"read", "change"}, f"tag with @reads or @changes: {found}"


@pytest.mark.parametrize("token", [None, "", "wrong", 5, ["x"], "ü", "\ud800"])
def test_starting_needs_the_token_of_this_launch(app: Dash, token: object, tmp_path: Path) -> None:
    state = [{"id": "token", "property": "data", "value": token}]
    form = {"fields": {"family": "modulo_addition_1layer"}, "asked": 1}
    answer = update(app, JOBS, [{"id": "job-training", "property": "data", "value": form}], state)
    assert answer.status_code == 200 and "has been restarted" in answer.get_data(as_text=True)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from([JOBS, "job-training.data", "id"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PARTS = st.fixed_dictionaries({"id": VALUES, "property": VALUES, "value": VALUES})
BODIES = VALUES | st.fixed_dictionaries(
    {"output": VALUES},
    optional={
        "outputs": VALUES | PARTS | st.lists(PARTS, max_size=2),
        "inputs": VALUES | st.lists(PARTS, max_size=3),
        "state": VALUES | st.lists(PARTS, max_size=5),
        "changedPropIds": VALUES,
    },
)


@settings(max_examples=300, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(BODIES)
def test_any_body_of_a_callback_gets_an_answer(app: Dash, body: Any) -> None:
    app.logger.disabled = app.server.logger.disabled = True
    options = {"data": json.dumps(body), "content_type": "application/json"}
    answer = send(app.server.test_client(), "POST", "/_dash-update-component", **options)
    assert answer.status_code in (200, 204, 400, 404, 409)
    assert answer.status_code < 400 or answer.get_json()["error"]


def test_what_the_page_sends_is_answered(app: Dash) -> None:
    for body in all_bodies(app, VARIANT, TOKEN):
        answer = send(app.server.test_client(), "POST", "/_dash-update-component", json=body)
        assert answer.status_code == 200, (body, answer.get_data(as_text=True))
        cancels = body["output"] == "jobs-clock.n_intervals"  # which it does not, with the token of another launch
        assert bool(answer.get_json()["response"]) != cancels


@pytest.mark.parametrize("part", ["output", "outputs", "inputs", "state", "changedPropIds"])
def test_what_the_page_cannot_have_sent_is_refused(app: Dash, part: str) -> None:
    for body in all_bodies(app, VARIANT, TOKEN):
        for wrong in (None, [], "x", [5], {"id": "job-family"}, [{"id": "x", "property": "value"}], body["output"]):
            if wrong == body[part] or (part == "changedPropIds" and wrong == []):
                continue
            answer = send(app.server.test_client(), "POST", "/_dash-update-component", json={**body, part: wrong})
            assert answer.status_code in (400, 404) and "reload the page" in answer.get_json()["error"], (part, wrong)


@pytest.mark.parametrize("wrong", [None, True, -1, 1.5, "x", [], [[]], ["x"], {}, {"x": 1}, {"variant": 5}], ids=str)
def test_a_value_of_any_type_is_answered_or_refused(app: Dash, wrong: Any) -> None:
    for body, kind in itertools.product(all_bodies(app, VARIANT, TOKEN), ("inputs", "state")):
        for number, part in enumerate(body[kind]):
            changed = [{**each, "value": wrong} for each in (part if isinstance(part, list) else [part])]
            parts = [*body[kind]]
            parts[number] = changed if isinstance(part, list) else changed[0]
            answer = send(app.server.test_client(), "POST", "/_dash-update-component", json={**body, kind: parts})
            assert answer.status_code in (200, 204, 400, 404), (body["output"], part, answer.get_data(as_text=True))


def test_a_body_nested_too_deeply_is_refused(app: Dash) -> None:
    options = {"data": "[" * 100_000, "content_type": "application/json"}
    assert send(app.server.test_client(), "POST", "/_dash-update-component", **options).status_code == 400


def test_every_rule_but_those_of_changes_only_reads(app: Dash) -> None:
    app._setup_server()
    for rule in app.server.url_map.iter_rules():
        changing = set(rule.methods or ()) - set(security.SAFE_METHODS)
        assert not changing or rule.rule in CHANGES, rule


@pytest.mark.parametrize("path", ["nothing/x.js", "dash/nothing.js", "dash/../../etc/passwd", "dash/%2e%2e/x", "plotly/\x00"])
def test_a_file_of_the_page_that_is_not_there_is_no_error_of_the_server(app: Dash, path: str) -> None:
    assert send(app.server.test_client(), "GET", f"/_dash-component-suites/{path}").status_code == 404


NUMBERS = ("1" * 5000, "-1", "1e3", "\u0663", "0x10", " 1", "", "9" * 12, "\x00")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_in_the_address_is_one_or_refused(app: Dash, number: str) -> None:
    from urllib.parse import quote

    text = quote(number)
    image = f"/export/{VARIANT}?ending=.png&view=attention_heads_grid"
    for query in (f"/data/losses/{VARIANT}?from={text}", f"{image}&epoch={text}"):
        assert send(app.server.test_client(), "GET", query).status_code in (200, 400, 404), query
    for query in (f"epochs={text}&to=2&from=0", f"epochs=0&to={text}&from=0", f"epochs=0&to=2&from={text}"):
        answer = send(app.server.test_client(), "GET", f"/data/frames/{VARIANT}?view=attention_heads_grid&{query}")
        assert answer.status_code in (200, 400, 404), query


HOSTILE_NAMES = (
    *("..", "../..", "%2e%2e", "%252e%252e%252f", "..%2f..%2fetc", "\\..\\..", "C:\\x", "\\\\host\\share", "a\x00b"),
    *("<script>alert(1)</script>", "\U0001d54f", "é", "x" * 255, "-rf", " ", ".", "con", "modulo_addition_1layer-evil"),
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_never_becomes_a_path(app: Dash, name: str) -> None:
    from urllib.parse import quote

    client = app.server.test_client()
    for part in {name, quote(name, safe="")}:
        frames = f"/data/frames/{part}/{part}?view=attention_heads_grid&epochs=0&to=2&from=0"
        for path in (frames, f"/data/losses/modulo_addition_1layer/{part}"):
            answer = send(client, "GET", path)
            assert answer.status_code in (400, 404, 308) or "dash" in answer.get_data(as_text=True).lower(), (path, answer)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if answer.mimetype == "text/html":
                assert name not in answer.get_data(as_text=True) or "<" not in name


@pytest.mark.parametrize("path", [*PATHS, "/assets/dashboard.css", "/missing", "/_favicon.ico", "/data/frames/x/y"])
def test_every_answer_has_the_headers(app: Dash, path: str) -> None:
    headers = send(app.server.test_client(), "GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    assert "unsafe-eval" not in policy and "script-src 'self' 'sha256-" in policy
    assert headers["X-Frame-Options"] == "DENY" and headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_an_address_others_can_reach_needs_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "::", "192.168.0.7", "example.org"):
        with pytest.raises(InvalidValueError, match="--token"):
            server.serve(tmp_path, host=host, port=0)


def test_the_environment_does_not_choose_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    addresses: list[str] = []

    def note_and_stop(address: str) -> None:
        addresses.append(address)
        raise InvalidValueError("seen enough")

    with pytest.raises(InvalidValueError, match="seen enough"):
        server.serve(tmp_path, port=0, on_ready=note_and_stop)
    assert addresses[0].startswith("http://127.0.0.1:")


def test_the_password_need_not_stand_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str | None] = []
    monkeypatch.setattr(dashboard_, "serve_announced", lambda *_, token, **__: given.append(token))
    monkeypatch.setenv("HEADLAPSE_TOKEN", "secret")
    for arguments in (["dashboard"], ["dashboard", "--token", "another"]):
        run_guarded(lambda arguments=arguments: build_app()(arguments, standalone_mode=False), debug=False)
    assert given == ["secret", "another"]


def test_with_a_password_nothing_is_read_without_it(tmp_path: Path) -> None:
    app = create_app(tmp_path, access=security.Access.checked("0.0.0.0", ["lab.example:8050"], "secret"))
    client = app.server.test_client()
    lab = "LAB.example:8050"
    for path in (*PATHS, "/?token=wrong", "/data/variants?token=secret"):
        assert send(client, "GET", path, lab).status_code == 401
    answer = send(client, "GET", "/?token=secret", lab)
    assert answer.status_code == 302 and "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    cookie = {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}
    assert send(client, "GET", "/data/variants", lab, headers=cookie).status_code == 200
    assert send(client, "GET", "/data/variants", "lab.example:80", headers=cookie).status_code == 403


def locked(tmp_path: Path, password: str = "secret") -> FlaskClient:
    return create_app(tmp_path, access=security.Access.checked("127.0.0.1", (), password)).server.test_client(use_cookies=False)


def session(client: FlaskClient, host: str = OWN) -> tuple[str, str]:
    """Name and value of the cookie that the password is exchanged for."""
    name, value = send(client, "GET", "/?token=secret", host).headers["Set-Cookie"].split(";")[0].split("=", 1)
    return name, value


def test_the_cookie_is_a_session_of_this_launch_and_not_the_password(tmp_path: Path) -> None:
    launches = [locked(tmp_path) for _ in range(2)]
    sessions = [session(client) for client in launches]
    assert [name for name, _ in sessions] == [f"headlapse_{PORT}"] * 2
    values = [value for _, value in sessions]
    assert len(set(values)) == 2 and all(len(value) >= 32 and "secret" not in value for value in values)
    for client, own in zip(launches, values, strict=True):
        for value in (*values, "secret", "", own[:-1]):
            cookie = {"Cookie": f"headlapse_{PORT}={value}"}
            assert send(client, "GET", "/data/variants", headers=cookie).status_code == (200 if value == own else 401)


def test_the_cookie_has_the_port_of_the_address_in_the_browser(tmp_path: Path) -> None:
    access = security.Access.checked("127.0.0.1", ["localhost:9000", "lab.example"], "secret")
    client = create_app(tmp_path, access=access).server.test_client(use_cookies=False)
    for host, port in (("localhost:9000", 9000), (f"[::1]:{PORT}", PORT), ("lab.example", PORT)):
        assert session(client, host)[0] == f"headlapse_{port}"


@pytest.mark.parametrize("password", ["\udcff", "ü&=#;", " a b "])
def test_any_password_that_can_be_given_opens(password: str, tmp_path: Path) -> None:
    from urllib.parse import quote

    client = locked(tmp_path, password)
    wrong = [send(client, "GET", f"/?token={quote(token)}").status_code for token in ("?", password.strip("\udcff ") + "x")]
    right = send(client, "GET", f"/?token={quote(password, errors='surrogatepass')}").status_code
    assert wrong == [401, 401]
    assert right == (302 if password.isprintable() else 401)  # an address is UTF-8; what is not opens nothing


@pytest.mark.parametrize("path", [*PATHS, f"/data/variants/{VARIANT}", f"/data/losses/{VARIANT}", "/missing", "/?token=secret"])
def test_nothing_behind_a_password_is_kept_by_a_browser(path: str, tmp_path: Path) -> None:
    make_variant(tmp_path, [0])
    client = locked(tmp_path)
    name, value = session(client)
    for headers in ({}, {"Cookie": f"{name}={value}"}):
        assert send(client, "GET", path, headers=headers).headers["Cache-Control"] == "no-store"
    code = send(client, "GET", "/assets/dashboard.css", headers={"Cookie": f"{name}={value}"})
    assert code.status_code == 200 and "no-store" not in code.headers["Cache-Control"]


@pytest.mark.parametrize("password", ["", " ", "\t"])
@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.0.7"])
def test_an_empty_password_is_refused(password: str, host: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"--token, or of HEADLAPSE_TOKEN, is empty; give one, or leave it out"):
        server.serve(tmp_path, host=host, port=0, token=password)


@pytest.mark.parametrize("verb", ["dashboard", "demo"])
@pytest.mark.parametrize("arguments", [["--token", ""], []])
def test_an_empty_password_is_refused_before_anything_starts(
    verb: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started"))
    monkeypatch.setenv("HEADLAPSE_TOKEN", "")
    assert run_guarded(lambda: build_app()([verb, *arguments], standalone_mode=False), debug=False) == 2
    assert "is empty; give one" in capsys.readouterr().err


NO_NAMES = (
    *("", "*", "http://x", "https://lab.example", "lab.example/", "a b", "münchen", 5),
    *("lab:port", "lab:0", "lab:65536", "[::1"),
)


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_no_browser_sends_is_refused(name: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match=rf"--name must be HOST or HOST:PORT .*got {re.escape(repr(name))}"):
        server.serve(tmp_path, port=0, names=[name])


@pytest.mark.parametrize("name", ["Lab.example:80", "lab.example:443", "lab.example"])
def test_browsers_leave_out_the_usual_ports(name: str, tmp_path: Path) -> None:
    client = create_app(tmp_path, access=security.Access.checked("127.0.0.1", [name], None)).server.test_client()
    assert send(client, "GET", "/data/variants", "lab.example").status_code == 200


def test_a_host_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"cannot listen on nowhere\.invalid: there is no such address"):
        server.serve(tmp_path, host="nowhere.invalid", port=0, token="secret")


RAW = (
    b"GET /data/variants HTTP/1.1\r\nConnection: close\r\n\r\n",
    b"GET /data/variants HTTP/1.0\r\n\r\n",
    b"GET /data/variants HTTP/1.1\r\nHost: 127.0.0.1:%(port)d\r\nHost: attacker.example\r\nConnection: close\r\n\r\n",
    b"GET http://attacker.example/data/variants HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n",
    b"POST /_dash-update-component HTTP/1.1\r\nHost: 127.0.0.1:%(port)d\r\nContent-Type: text/plain\r\n"
    b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"POST /_dash-update-component HTTP/1.1\r\nHost: attacker.example\r\nContent-Length: 900000000\r\n\r\n",
)


@pytest.mark.parametrize("request_", RAW)
def test_the_real_server_refuses_what_no_client_library_sends(request_: bytes, serve: Any, tmp_path: Path) -> None:
    port = int(serve(tmp_path).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(request_.replace(b"%(port)d", str(port).encode()))
        answer = connection.makefile("rb").read()
    assert answer.split(b" ")[1] in (b"400", b"403", b"413", b"415"), answer  # 413: what is large is not even received
    assert b"\r\nServer:" not in answer


@pytest.mark.browser
def test_the_policy_stops_a_foreign_script_in_a_real_browser(page: Any, serve: Any, tmp_path: Path) -> None:
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    page.wait_for_selector("canvas")
    assert page.complaints == []
    page.evaluate(
        "() => { window.violations = [];"
        " addEventListener('securitypolicyviolation', event => window.violations.push(event.effectiveDirective));"
        " const script = document.createElement('script'); script.textContent = 'window.broken = true';"
        " document.body.append(script); }"
    )
    page.wait_for_function("() => window.violations.length > 0")
    assert page.evaluate("() => [window.violations[0], window.broken]") == ["script-src-elem", None]
    page.complaints.clear()


@pytest.mark.browser
def test_two_dashboards_on_two_ports_do_not_log_each_other_out(page: Any, serve: Any, tmp_path: Path) -> None:
    addresses = []
    for password in ("first", "second"):
        results = tmp_path / password
        make_variant(results, [0, 100])
        access = security.Access.checked("127.0.0.1", (), password)
        addresses.append((serve(results, access=access), password))
    pages = [page, page.context.new_page()]
    for tab, (address, password) in zip(pages, addresses, strict=True):
        tab.goto(f"{address}/?token={password}")
        tab.wait_for_selector("canvas")
    for tab, (address, _) in zip(pages, addresses, strict=True):
        assert tab.reload().status == 200
        tab.wait_for_selector("canvas")
        assert tab.url.startswith(address) and "token" not in tab.url
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert cookies.keys() == {f"headlapse_{address.rpartition(':')[2]}" for address, _ in addresses}
    assert not {"first", "second"} & set(cookies.values()) and len(set(cookies.values())) == 2


def test_a_name_that_is_not_allowed_is_told_with_the_option_that_allows_it(app: Dash) -> None:
    client = app.server.test_client()
    assert "start it with --name lab.example.org:8443" in send(client, "GET", "/", "lab.example.org:8443").text
    assert "start it" not in send(client, "GET", "/", "<b>x").text
