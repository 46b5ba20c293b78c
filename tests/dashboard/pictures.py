"""What is painted on a page, and what the Python renderer would paint; the first becomes the second, sooner or later."""

from __future__ import annotations

from typing import Any

import numpy as np

from headlapse.visualization.colors import color_scale
from headlapse.workbench import Variant
from tests.waiting import eventually

EXACT, ONE_STEP = 0, 6  # of 255: float32 at rest, and the uint16 frames that are shown on the way
READ_PIXELS = """selector => [...document.querySelectorAll(selector)].map((canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return [...copy.getImageData(0, 0, canvas.width, canvas.height).data];
})"""  # a canvas of the page that is read often complains
READ_SHEET = """([within, rows, columns]) => {
  const sheet = document.querySelector(`${within} .sheet`), place = sheet.getBoundingClientRect();
  const copy = new OffscreenCanvas(sheet.width, sheet.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(sheet, 0, 0);
  const { data } = copy.getImageData(0, 0, sheet.width, sheet.height), scale = sheet.width / place.width;
  return [...document.querySelectorAll(`${within} .head .plot`)].map((plot) => {
    const { x, y, width, height } = plot.getBoundingClientRect();
    return Array.from({ length: rows * columns }, (_, cell) => {
      const right = Math.floor((x - place.x + (width * ((cell % columns) + 0.5)) / columns) * scale);
      const down = Math.floor((y - place.y + (height * (Math.floor(cell / columns) + 0.5)) / rows) * scale);
      return [...data.subarray(4 * (down * sheet.width + right), 4 * (down * sheet.width + right) + 4)];
    }).flat();
  });
}"""  # the middle of each cell of each panel
READ_PANELS = f"""([within, rows, columns]) => document.querySelector(`${{within}} .sheet`)
  ? ({READ_SHEET})([within, rows, columns]) : ({READ_PIXELS})(`${{within}} .head .plot canvas`)"""  # at once: it may change
REST = """() => new Promise((done) => {
  let before = "", same = 0;
  const look = () => {
    const parts = document.querySelectorAll(".stage, .loss, .head, .head .plot, .head button, .single-head button");
    const now = JSON.stringify([...parts].map((part) => part.getBoundingClientRect()));
    same = now === before ? same + 1 : 0;
    before = now;
    same === 3 ? done() : requestAnimationFrame(look);
  };
  look();
})"""  # what moves between press and release of the mouse is not clicked


def painted(variant: Variant, epoch: int, to: int, from_: int, **look: Any) -> np.ndarray:
    """uint8 `(heads, p, p, 3)`: a pair of positions at an epoch as the Python renderer colours it."""
    values = variant.artifacts.load_epoch("attention_patterns", epoch)["patterns"][:, to, from_]
    return color_scale(values, **look).paint(values)


def read_panels(page: Any, within: str, rows: int, columns: int) -> list[list[int]]:
    """The cells of each panel in `within`, four bytes each, from canvases of their own or from one that all share."""
    return list(page.evaluate(READ_PANELS, [within, rows, columns]))


def wait_for_pictures(page: Any, expected: np.ndarray, within: str = "", tolerance: int = EXACT) -> None:
    """Until the heads in `within`, a CSS selector, are `expected`, `(heads, p, p, 3)`, up to `tolerance`."""

    def check() -> None:
        found = read_panels(page, within, *expected.shape[1:3])
        assert [len(canvas) for canvas in found] == [expected[0].size // 3 * 4] * len(expected)
        pixels = np.array(found, dtype=int).reshape(*expected.shape[:-1], 4)[..., :3]
        np.testing.assert_allclose(pixels, expected, rtol=0, atol=tolerance)

    eventually(check)
    page.evaluate(REST)


def box_of(part: Any) -> dict[str, float]:
    """Where a part of the page is. The page may draw it anew just then, so that for an instant it is nowhere."""
    boxes: list[dict[str, float] | None] = []

    def look() -> None:
        boxes.append(part.bounding_box())
        assert boxes[-1] is not None

    eventually(look)
    found = boxes[-1]
    assert found is not None
    return found


def point_at(page: Any, plot: Any, row: float, column: float, p: int, words: str, head: int) -> str:
    """Point at a cell of a `plot` of p x p cells, row 0 on top, until the head says `words` and maybe more; all it says.

    The plot may still move.
    """
    said = page.locator(".head-value").nth(head)

    def check() -> None:
        box = box_of(plot)
        page.mouse.move(box["x"] + box["width"] * (column + 0.5) / p, box["y"] + box["height"] * (row + 0.5) / p)
        assert (said.text_content() or "").startswith(words)

    eventually(check)
    return str(said.text_content())


def wait_for_title(page: Any, title: str) -> None:
    """Until the Explore page says what it shows, and shows it."""
    page.wait_for_function("title => document.getElementById('picture-title')?.textContent === title", arg=title)
    page.wait_for_function("() => !document.getElementById('heads').classList.contains('waiting')")
    page.evaluate(REST)
