"""The page over a slow link: headless chromium with 1 Mbit/s and 80 ms, nothing cached. `--results DIR` takes existing runs.

Seconds count from the navigation: to the first picture, until all frames of Explore are loaded, and to the first row of Runs.
Bytes are counted on the link, after compression.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import headlapse
from benchmarks.scrubbing import served

BITS_PER_SECOND, LATENCY_MS = 1e6, 80
EPOCHS = range(0, 31 * 25, 25)
PICTURE = "document.querySelector('#heads canvas') && !document.getElementById('heads').classList.contains('waiting')"
LOADED = "document.querySelector('#readout em')?.textContent === ''"
ROW = "document.querySelector('.run-name')"


def print_slow_link(results: Path | None) -> None:
    """Measure and print; says so if there is no chromium."""
    if shutil.which("chromium") is None:
        print("\nslow link: not measured, there is no chromium on the PATH")
        return
    with tempfile.TemporaryDirectory() as folder, served(results or _trained(Path(folder))) as address:
        print(f"\nslow link ({BITS_PER_SECOND / 1e6:.0f} Mbit/s, {LATENCY_MS} ms):")
        with _visit(address) as (page, sent):
            picture = _seconds(page, PICTURE)
            print(f"  first picture {picture:.1f} s, after {sum(sent.values()) / 1e3:.0f} kB")
            print(f"  all frames {_seconds(page, f'{PICTURE} && {LOADED}'):.1f} s, {sum(sent.values()) / 1e3:.0f} kB")
            print(f"  scripts {sent['Script'] / 1e3:.0f} kB, styles {sent.get('Stylesheet', 0) / 1e3:.0f} kB")
        with _visit(f"{address}runs") as (page, sent):
            print(f"  first row of Runs {_seconds(page, ROW):.1f} s, after {sum(sent.values()) / 1e3:.0f} kB")


def _trained(folder: Path) -> Path:
    """31 checkpoints of the published experiment, from its start."""
    variant = headlapse.load_family("modulo_addition_1layer").variant(results=folder)
    variant.train(epochs=EPOCHS[-1], checkpoint_epochs=EPOCHS)
    return folder


@contextmanager
def _visit(address: str) -> Iterator[tuple[Any, dict[str, float]]]:
    """A page that has just been requested, and the bytes of its answers by kind, as they arrive."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        link = page.context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sent: dict[str, float] = {}

        def count(event: dict[str, Any]) -> None:
            kind = kinds.get(event["requestId"], "Other")
            sent[kind] = sent.get(kind, 0) + event["encodedDataLength"]

        link.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        link.on("Network.dataReceived", count)
        link.send("Network.enable")
        rate = BITS_PER_SECOND / 8
        limits = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate}
        link.send("Network.emulateNetworkConditions", limits)
        page.goto(address, wait_until="commit")
        yield page, sent
        browser.close()


def _seconds(page: Any, condition: str) -> float:
    """Since the navigation, once `condition` holds."""
    page.wait_for_function(f"() => Boolean({condition})", polling=50, timeout=180_000)
    return float(page.evaluate("performance.now()")) / 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, help="a results folder; without it a run is trained")
    print_slow_link(parser.parse_args().results)
