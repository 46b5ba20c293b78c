"""Scrub over 250 checkpoints at p = 113, four heads, in headless chromium: attention, then a view of another analyzer.

A mouse drags the slider: every frame is timed from the input event to the moment after its paint, and is stale if the picture's
title is not that of the slider's epoch by then. How many frames a second can be painted is measured with one input event per
animation frame, which a mouse moved by a driver does not reach.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import headlapse
from headlapse.results.artifacts import Provenance, write_artifact
from headlapse.results.losses import append_losses
from headlapse.results.records import write_config

EPOCHS = range(0, 25_000, 100)
VIEWS = ("attention_heads_grid", "attention_entropy_grid")
DRAGS = 3
STEPS = 500
SERVE = """
import sys
from headlapse.dashboard import serve
serve(sys.argv[1], port=0, on_ready=lambda address: print(address, flush=True))
"""
WATCH = """() => {
  const slider = document.querySelector('#page-explore .epoch');
  window.scrub = { delays: [], stale: 0 };
  slider.addEventListener('input', (event) => {
    requestAnimationFrame(() => {
      const title = document.getElementById('picture-title').textContent;
      const isRight = title.startsWith(`Epoch ${Number(slider.value).toLocaleString('en-US')} `);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        window.scrub.delays.push(performance.now() - event.timeStamp);
        if (!isRight) window.scrub.stale += 1;
      };
      port2.postMessage(null);
    });
  });
}"""
RACE = """() => new Promise((resolve) => {
  const slider = document.querySelector('#page-explore .epoch');
  const times = [];
  const step = (now) => {
    times.push(now);
    if (times.length > 1000) return resolve(times);
    slider.value = 100 * ((7 * times.length) % 250);
    slider.dispatchEvent(new Event('input'));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
LOADED = "() => document.querySelector('#readout em')?.textContent === ''"


def print_scrubbing(folder: Path) -> None:
    """Measure and print one line; says so if there is no chromium."""
    if shutil.which("chromium") is None:
        print("\nscrubbing: not measured, there is no chromium on the PATH")
        return
    make_run(folder)
    with served(folder) as address:
        for view in VIEWS:
            loading, delays, intervals, stale = drag(f"{address}?view={view}")
            p95 = statistics.quantiles(delays, n=20)[-1]
            print(f"\nscrubbing {len(EPOCHS)} checkpoints, p = 113, {view} (all loaded after {loading:.1f} s):")
            print(f"  {1000 / statistics.median(intervals):.0f} frames/s (median)")
            print(f"  input to paint {statistics.median(delays):.1f} ms (median), {p95:.1f} ms (p95)")
            print(f"  {stale} stale of {len(delays)} frames")


def make_run(folder: Path) -> None:
    """Artifacts of random attention and entropy, and losses."""
    variant = headlapse.load_family("modulo_addition_1layer").variant(results=folder)
    write_config(variant, {}, {})
    append_losses(variant.paths.losses, 0, [1.0] * EPOCHS[-1], [2.0] * EPOCHS[-1])
    generator = np.random.default_rng(0)
    made = {
        "attention_patterns": {"patterns": generator.random((4, 3, 3, 113, 113)).astype(np.float32)},
        "attention_entropy": {"entropy": generator.random((4, 3, 113, 113)).astype(np.float32)},
    }
    for epoch in EPOCHS:
        for analyzer, arrays in made.items():
            provenance = Provenance(variant.family.name, variant.name, epoch, analyzer, 1, "0" * 64, "0" * 64)
            write_artifact(variant.artifacts.paths.file(analyzer, epoch), arrays, provenance)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A dashboard in a process of its own, as users have it."""
    with subprocess.Popen([sys.executable, "-c", SERVE, str(folder)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def drag(address: str) -> tuple[float, list[float], list[float], int]:
    """Seconds to load all frames, delays and intervals in ms, and the number of stale frames."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        began = time.perf_counter()
        page.goto(address)
        page.wait_for_function(LOADED, timeout=120_000)
        loading = time.perf_counter() - began
        page.wait_for_timeout(1000)
        page.evaluate(WATCH)
        _move(page)
        found = page.evaluate("() => window.scrub")
        times = page.evaluate(RACE)
        browser.close()
    intervals = [later - earlier for earlier, later in pairwise(times)]
    return loading, found["delays"], intervals, found["stale"]


def _move(page: Any) -> None:
    box = page.locator("#page-explore .epoch").bounding_box()
    y, left, width = box["y"] + box["height"] / 2, box["x"] + 8, box["width"] - 16
    page.mouse.move(left + width, y)
    page.mouse.down()
    for way in range(DRAGS):
        for step in range(STEPS + 1):
            share = step / STEPS if way % 2 else 1 - step / STEPS
            page.mouse.move(left + width * share, y)
    page.mouse.up()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        print_scrubbing(Path(folder))
