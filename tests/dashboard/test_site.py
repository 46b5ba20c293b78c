"""A static site, read in a real browser from a plain file server under a prefix: with ranges, and without."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from headlapse.dashboard.site import export_site
from headlapse.dashboard.site.parts import packed
from headlapse.dashboard.site.plan import Wanted
from headlapse.errors import InvalidValueError
from headlapse.workbench import Variant
from tests.browsing import expect
from tests.dashboard.pictures import ONE_STEP, painted, wait_for_pictures, wait_for_title
from tests.dashboard.runs import add_artifact, make_variant, patterns

EPOCHS = [0, 100, 200, 300, 400]
FROM_A, FROM_B = {"to": "=", "from": "a"}, {"to": "2", "from": "1"}


class Quiet(SimpleHTTPRequestHandler):
    """The file server of Python, which does not know of ranges."""

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


class Ranged(Quiet):
    """As other hosts: a range is answered with that part alone."""

    answered: list[int]

    def do_GET(self) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not wanted:
            super().do_GET()
            return
        content = Path(self.translate_path(self.path)).read_bytes()
        part = content[int(wanted[1]) : int(wanted[2]) + 1]
        self.answered.append(len(content) - len(part))
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {wanted[1]}-{wanted[2]}/{len(content)}")
        self.end_headers()
        self.wfile.write(part)


@pytest.fixture
def runs(tmp_path: Path) -> list[Variant]:
    """Two runs; all cells of all artifacts differ."""
    made = [make_variant(tmp_path / "results", EPOCHS, seed=seed) for seed in (1, 2)]
    for epoch in EPOCHS:
        add_artifact(made[1], epoch, {"patterns": patterns(7, epoch + 1000)})
    return made


@pytest.fixture(params=["with ranges", "without"])
def address(request, runs, tmp_path, monkeypatch) -> Iterator[str]:
    """Of a site with chunks of two frames, in a folder of a server."""
    monkeypatch.setattr("headlapse.dashboard.site.parts.CHUNK", 2)
    export_site(runs, tmp_path / "host" / "some where" / "deep", Wanted(choices=[FROM_A, FROM_B]))
    Ranged.answered = []
    handler = Ranged if request.param == "with ranges" else Quiet
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tmp_path / "host")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/some%20where/deep/"
    server.shutdown()
    server.server_close()
    if request.param == "with ranges":
        assert Ranged.answered and min(Ranged.answered) > 0, "only parts of files were asked for"


@pytest.mark.browser
def test_a_site_needs_no_server(page, address, runs):
    one, other = runs
    page.goto(address)
    wait_for_title(page, "Epoch 400 · = attending to a")
    wait_for_pictures(page, painted(one, 400, 2, 0), "#heads", ONE_STEP)
    page.keyboard.press("Home")
    wait_for_pictures(page, painted(one, 0, 2, 0), "#heads", ONE_STEP)
    page.locator("#from").select_option(label="b")
    wait_for_title(page, "Epoch 0 · = attending to b")
    wait_for_pictures(page, painted(one, 0, 2, 1), "#heads", ONE_STEP)
    with page.expect_download() as download:
        page.get_by_text("exact values").click()
    with np.load(download.value.path()) as exact:
        expected = [one.artifacts.load_epoch("attention_patterns", epoch)["patterns"][:, 2, 1] for epoch in EPOCHS]
        np.testing.assert_array_equal(exact["values"], expected)
        assert exact["epochs"].tolist() == EPOCHS and exact["values"].dtype == np.float32

    page.locator("#link-runs").click()
    expect(page.locator(".run-name")).to_have_count(2)
    expect(page.locator(".glance-strip")).to_have_count(2)
    page.keyboard.press("?")
    page.get_by_role("button", name="how to read the pictures").click()
    page.wait_for_function("() => document.querySelectorAll('#guide img').length === 7")
    page.wait_for_function("() => [...document.querySelectorAll('#guide img')].every((image) => image.naturalWidth > 0)")
    page.keyboard.press("Escape")
    for box in page.get_by_label("Select").all():
        box.check()
    page.get_by_role("button", name="compare selected").click()
    wait_for_pictures(page, painted(one, 0, 2, 1), ".side:nth-of-type(1)", ONE_STEP)
    wait_for_pictures(page, painted(other, 0, 2, 1), ".side:nth-of-type(2)", ONE_STEP)
    page.reload()
    wait_for_pictures(page, painted(other, 0, 2, 1), ".side:nth-of-type(2)", ONE_STEP)
    page.locator("#compared-variants button").first.click()
    expect(page.locator(".side:not([hidden])")).to_have_count(1)


@pytest.mark.browser
def test_a_site_opened_as_a_file_says_how_to_serve_it(browser, runs, tmp_path):
    page = browser.new_page()  # its console has an error for each file that the browser does not read
    page.goto(export_site(runs[:1], tmp_path / "site").as_uri())
    expect(page.get_by_text("This page was opened as a file")).to_be_visible()
    expect(page.get_by_text("python -m http.server")).to_be_visible()
    page.close()


def test_chunks_give_the_frames_back() -> None:
    frames = [np.random.default_rng(seed).integers(0, 256, (3, 4, 5), dtype=np.uint8) for seed in range(37)]
    content, places = packed(frames)
    assert [start for start, _ in places] == sorted((start for start, _ in places), reverse=True), "the last chunk comes first"
    found = [
        np.frombuffer(zlib.decompress(content[start : start + size]), np.uint8).reshape(-1, 3, 4, 5) for start, size in places
    ]
    np.testing.assert_array_equal(np.concatenate([np.cumsum(steps, axis=0, dtype=np.uint8) for steps in found]), frames)


def test_what_is_too_large_or_in_the_way_is_refused(runs: list[Variant], tmp_path: Path) -> None:
    cells = 2 * 5 * 4 * 49  # runs, epochs, heads, inputs
    with pytest.raises(InvalidValueError, match=r"could take 0\.0 MB of 2 runs, 2 pictures and 10 frames.*--frames"):
        export_site(runs, tmp_path / "site", limit=5 * cells - 1)
    assert not (tmp_path / "site").exists()
    export_site(runs, tmp_path / "site", limit=5 * cells)
    export_site(runs[:1], tmp_path / "site", Wanted(exact=False), limit=cells // 2)
    with pytest.raises(InvalidValueError, match="is neither empty nor a site"):
        export_site(runs, tmp_path / "results")


def test_the_command_line(runs: list[Variant], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def export(*arguments: str) -> int:
        where = ("--results", str(tmp_path / "results"))
        return run_guarded(lambda: build_app()(["export", *arguments, *where], standalone_mode=False), debug=False)

    names = [run.name for run in runs]
    site = ("--site", str(tmp_path / "site"))
    assert export(*names, *site, "--pair", "2:0", "--pair", "=:b", "--frames", "2", "--no-exact") == 0
    folder = tmp_path / "site" / "data" / runs[0].family.name / names[1]
    assert sorted(path.name for path in folder.glob("attention_heads_grid*")) == [
        f"attention_heads_grid_{n}.u8" for n in (0, 1)
    ]
    assert str(tmp_path) not in (folder / "run.json").read_text() and (tmp_path / "site" / "data" / "runs.csv").exists()
    for wrong, message in {
        (*names, *site, "--epoch", "100"): "--site goes without --epoch",
        (*names, *site, "--pair", "2"): "pair must be TO:FROM",
        (*names, *site, "--pair", "=:c"): "pair must be TO:FROM, as in '2:0', of the positions a, b, =, got '=:c'",
        **{
            (*names, *site, "--view", view, "--pair", "=:b"): f"unknown control of {view} 'pair'"
            for view in ("replaced_heads", "head_ablation_loss", "input_correctness_map", "attention_entropy_grid")
        },
        (*names, *site, "--set", "colour=gray"): "unknown control of attention_heads_grid 'colour'",
        (*names, *site, "--limit", "0.001"): "and may take 0.0 MB",
        tuple(names): "2 variants are compared in one file: name it with --output, or give --site DIR",
    }.items():
        assert export(*wrong) == 2 and message in capsys.readouterr().err
