"""Make the pictures of the help panel (`web/dashboard/guide`) from two runs: `python docs/guide_pictures.py RESULTS`.

RESULTS must have them:

    headlapse train modulo_addition_1layer --prime 31 --seed 0 --train-fraction 0.6 --weight-decay 2 --epochs 3000
    headlapse train induction_2layer --seed 0
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from headlapse.analysis.analyzers.head_scores import SCORES
from headlapse.errors import HeadlapseError
from headlapse.results.discovery import discover
from headlapse.results.grokking import grokked_at
from headlapse.results.run import Run
from headlapse.visualization.colors import color_scale
from headlapse.visualization.story import facts
from headlapse.visualization.theme import color_of
from headlapse.workbench import FamilyRegistry

TARGET = Path(__file__).parents[1] / "web" / "dashboard" / "guide"
GRIDS = {"even": (0, 0), "memorising": (100, 1), "stripes": (1500, 2), "waves": (1500, 0)}  # epoch, head: = attending to a
HEADS = {"diagonal": "previous_token", "induction": "induction"}  # the head with the largest score of the last epoch
CHART = (240, 96)
FINE = 4  # pixels drawn for each pixel of the result


def save(image: Image.Image, name: str, colors: int = 64) -> None:
    """Write a small PNG."""
    image.convert("RGB").quantize(colors).save(TARGET / f"{name}.png", optimize=True)


def painted(values: np.ndarray) -> Image.Image:
    """One pixel per cell, in the colours of attention."""
    return Image.fromarray(color_scale(values).paint(values))


def positions(run: Run, score: str) -> np.ndarray:
    """`(to, from)` of the first input, for the head with the largest score."""
    found = run.artifacts.load_epoch("head_scores", run.epochs[-1])["scores"][:, SCORES.index(score)]
    patterns = run.patterns(run.epochs[-1])
    return patterns[int(np.argmax(found))].reshape(*patterns.shape[1:3], -1)[..., 0]


def chart(run: Run) -> Image.Image:
    """Both losses on a log axis, with a mark where each head locks in and a line where the run groks."""
    width, height = (side * FINE for side in CHART)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    losses = {"train": run.losses.train, "test": run.losses.test}
    powers = np.log10(np.concatenate([values[np.isfinite(values)] for values in losses.values()]))
    low, high = float(powers.min()), float(powers.max())
    last = len(run.losses)

    def place(epoch: float, loss: float) -> tuple[float, float]:
        return epoch / last * (width - 1), (high - math.log10(loss)) / (high - low) * (height - 14 * FINE)

    grokked = grokked_at(run)
    if grokked is not None:
        x, _ = place(grokked, 1)
        draw.line([(x, 0), (x, height)], fill="#9aa0a6", width=FINE)
    for name, values in losses.items():
        points = [place(epoch, loss) for epoch, loss in enumerate(values.tolist()) if math.isfinite(loss)]
        draw.line(points, fill=color_of(name), width=2 * FINE)
    for head, epoch in enumerate(facts(run)["lock_in"] or []):
        if epoch is not None:
            mark(draw, place(epoch, 1)[0], height, color_of(head))
    return image.resize(CHART, Image.Resampling.LANCZOS)


def mark(draw: ImageDraw.ImageDraw, x: float, bottom: float, color: str) -> None:
    """A triangle that points down to the axis of epochs."""
    side = 4 * FINE
    draw.polygon([(x - side, bottom - 2 * side), (x + side, bottom - 2 * side), (x, bottom)], fill=color)


def of_family(runs: Sequence[Run], name: str) -> Run:
    """The first run of a family. Raises `HeadlapseError` if there is none."""
    for run in runs:
        if run.family_name == name:
            return run
    raise HeadlapseError(f"there is no run of {name}; train it as the beginning of this file says")


def main(results: Path) -> None:
    """Write all pictures."""
    runs = discover(results, FamilyRegistry().get).variants
    addition, induction = of_family(runs, "modulo_addition_1layer"), of_family(runs, "induction_2layer")
    for name, (epoch, head) in GRIDS.items():
        save(painted(addition.patterns(epoch)[head, 2, 0]), name)
    for name, score in HEADS.items():
        save(painted(positions(induction, score)), name)
    save(chart(addition), "marks")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("results", type=Path, help="folder of the two runs")
    try:
        main(options.parse_args().results)
    except HeadlapseError as error:
        sys.exit(f"error: {error}")
