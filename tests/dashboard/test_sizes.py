"""A family of which no two sizes are equal, from training to every way of looking at it: each cell is the head's own."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image

import headlapse
from headlapse.analysis.pipeline import AnalysisPipeline
from headlapse.export import export_view
from headlapse.families.axes import Axis
from headlapse.families.tasks import Split, TaskRegistry, Vocabulary
from headlapse.results.integrity import inspect
from headlapse.training.progress import Silent
from headlapse.visualization.colors import color_scale
from headlapse.workbench import Variant
from tests.browsing import new_page
from tests.dashboard.pictures import box_of
from tests.models.numpy_layers import all_patterns
from tests.plug_ins import keep_apart
from tests.waiting import eventually

pytestmark = pytest.mark.browser
LAYERS, HEADS, POSITIONS, SIZES = 2, 3, 4, (5, 6, 7)
NAMES = [f"L{layer}H{head}" for layer in range(LAYERS) for head in range(HEADS)]
EPOCH, Z = 4, 3  # epoch and place on the third axis that are shown
RESOLUTION = 1e-4  # of a number on the page, where Compare has 16 bits
HEADER = 8  # bytes of a frame of the widget before its numbers


class Numbers:
    """Answers (x + y + z) mod 2 for x < 5, y < 6, z < 7, then `=`."""

    name: ClassVar[str] = "numbers"

    def vocabulary(self, settings: object) -> Vocabulary:
        return Vocabulary(d_vocab=8, d_vocab_out=2, n_ctx=POSITIONS)

    def n_inputs(self, settings: object) -> int:
        return int(np.prod(SIZES))

    def axes(self, settings: object) -> tuple[Axis, ...]:
        return tuple(Axis(name, size) for name, size in zip("xyz", SIZES, strict=True))

    def probe(self, settings: object) -> np.ndarray:
        return np.array([[*numbers, 7] for numbers in np.ndindex(SIZES)])

    def labels(self, settings: object) -> np.ndarray:
        return np.asarray(self.probe(settings)[:, :3].sum(axis=1) % 2)

    def split(self, settings: object) -> Split:
        return Split(np.arange(0, 210, 2), np.arange(1, 210, 2))

    def notes(self, settings: object) -> list[str]:
        return []


@pytest.fixture
def families(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keep_apart(monkeypatch, TaskRegistry, Numbers())
    content = json.loads(headlapse.load_family("modulo_addition_1layer").path.read_text())
    content |= {"name": "odd", "task": "numbers", "position_labels": ["x", "y", "z", "="]}
    content["architecture"] |= {"n_layers": LAYERS, "n_heads": HEADS, "d_model": 10, "d_head": 9, "d_mlp": 14}
    folder = tmp_path / "families" / "odd"
    folder.mkdir(parents=True)
    (folder / "family.json").write_text(json.dumps(content))
    return tmp_path / "families"


@pytest.fixture
def variants(families: Path, tmp_path: Path) -> list[Variant]:
    """Two runs, as an analysis of its own made their artifacts."""
    family = headlapse.load_family("odd", families)
    made = [family.variant(prime=5, train_fraction=0.6, seed=seed, results=tmp_path / "results") for seed in (1, 2)]
    for variant in made:
        variant.train(epochs=EPOCH, checkpoint_epochs=[0, EPOCH], progress=Silent(), analyze=False)
        assert not AnalysisPipeline(variant).run().failed
        assert inspect(variant) == []
    return made


def by_hand(variant: Variant) -> np.ndarray:
    """Patterns `(head, to, from, x, y, z)` in float64."""
    weights = variant.checkpoint(EPOCH).weights
    rows = [np.concatenate(all_patterns(weights, tokens, None)) for tokens in variant.probe]
    return np.moveaxis(np.array(rows), 0, -1).reshape(LAYERS * HEADS, POSITIONS, POSITIONS, *SIZES)


def expect_cells(page: Any, within: str, patterns: np.ndarray) -> None:
    """That each head in `within`, a CSS selector, says its own value at a place of its own; rows are x, columns y."""
    for head in range(len(NAMES)):
        x, y = head % SIZES[0], (head + 2) % SIZES[1]
        plot, said = (page.locator(f"{within} {part}").nth(head) for part in (".plot", ".head-value"))
        words, value = f"x {x}, y {y}: ", patterns[head, 3, 1, x, y, Z]

        def check(plot: Any = plot, said: Any = said, words: str = words, value: float = value, x: int = x, y: int = y) -> None:
            plot.scroll_into_view_if_needed()
            box = box_of(plot)
            page.mouse.move(box["x"] + box["width"] * (y + 0.5) / SIZES[1], box["y"] + box["height"] * (x + 0.5) / SIZES[0])
            text = said.text_content()
            assert text.startswith(words) and abs(float(text.removeprefix(words)) - value) < RESOLUTION

        eventually(check)


def test_every_cell_is_its_own_everywhere(page: Any, serve: Any, families: Path, variants: list[Variant]) -> None:
    stored = [variant.patterns(EPOCH) for variant in variants]
    for variant, patterns in zip(variants, stored, strict=True):
        np.testing.assert_allclose(patterns, by_hand(variant), atol=1e-6)

    chosen = {"to": "3", "from": "1", "at-z": str(Z)}
    address = "&".join(f"{name}={value}" for name, value in chosen.items())
    served = serve(variants[0].results, families=[families])
    page.goto(f"{served}/?variant=odd/{variants[0].name}&epoch={EPOCH}&{address}")
    page.locator("#heads .plot").nth(len(NAMES) - 1).wait_for()
    assert page.locator("#heads .head-name").all_inner_texts() == NAMES
    expect_cells(page, "#heads", stored[0])

    page.goto(f"{served}/compare?variant=odd/{variants[0].name}&with=odd/{variants[1].name}&epoch={EPOCH}&{address}")
    for side, patterns in enumerate(stored, start=1):
        page.locator(f".side:nth-of-type({side}) .plot").nth(len(NAMES) - 1).wait_for()
        expect_cells(page, f".side:nth-of-type({side})", patterns)

    widget = headlapse.scrub(variants[1])
    widget.choices, widget.index = chosen, widget.index
    numbers = np.frombuffer(widget.frame[HEADER:], np.float32).reshape(len(NAMES), *SIZES[:2])
    np.testing.assert_array_equal(numbers, stored[1][:, 3, 1, :, :, Z])
    assert struct.unpack("<I", widget.frame[:4]) == (1,)

    offline = export_view(variants[0], families.parent / "heads.html", choices=chosen, epochs=[0, EPOCH])
    alone = new_page(page.context.browser)
    alone.goto(offline.as_uri())
    alone.locator(".plot").nth(len(NAMES) - 1).wait_for()
    assert alone.locator(".head-name:visible").all_inner_texts() == NAMES
    alone.context.close()
    image = export_view(variants[0], families.parent / "heads.png", choices=chosen, epochs=EPOCH)
    for head, color in enumerate(color_scale(stored[0][:, 3, 1, :, :, Z]).paint(stored[0][:, 3, 1, :, :, Z])):
        assert set(map(tuple, color.reshape(-1, 3))) <= set(
            map(tuple, np.array(Image.open(image).convert("RGB")).reshape(-1, 3))
        ), head
