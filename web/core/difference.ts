/** The difference of two variants, where they have the same heads and axes. */

import { ColorBar } from "./color_bar.ts";
import type { Palette } from "./colors.ts";
import { make } from "./dom.ts";
import { type Cell, type Frame, type Grids, type Range, subtract } from "./grids.ts";
import type { Palettes } from "./look.ts";
import type { PictureCalls } from "./panels.ts";
import { Picture } from "./picture.ts";
import * as texts from "./texts.ts";

export class Difference {
  readonly element: HTMLElement;
  readonly #bar: ColorBar;
  readonly #mount: HTMLElement;
  readonly #picture: Picture;
  #colors: { reach: number; palette: Palette } | null = null;

  /** `bar` is the place of its colour bar. */
  constructor(bar: HTMLElement, calls: PictureCalls, onReady: () => void) {
    this.#mount = bar;
    this.#bar = new ColorBar(bar);
    const mount = make("div", { class: "heads" });
    const name = make("h2", { class: "plain" }, texts.compare.difference);
    this.element = make("section", { class: "side", hidden: true }, make("header", {}, name, make("p")), mount);
    this.#picture = new Picture(mount, calls, onReady);
  }

  /** Show the place for it where exactly two grids have the same panels and axes. */
  prepare(all: readonly Grids[], panel: number | null, palettes: Palettes): void {
    const [one, other] = all;
    const isPossible = all.length === 2 && JSON.stringify(one) === JSON.stringify(other);
    this.element.hidden = this.#mount.hidden = !isPossible;
    if (!isPossible) return;
    this.#picture.prepare(one, panel);
    this.#bar.draw(this.#palette(one.range, palettes), texts.compare.differenceValue);
  }

  /** Paint the second frame minus the first; what has not arrived fades. */
  paint([first, second]: readonly (Frame | undefined)[], cell: Cell | null): void {
    if (this.element.hidden || this.#colors === null) return;
    const frame = first && second ? subtract(first, second) : undefined;
    this.#picture.paint(frame, this.#colors.palette, cell);
  }

  #palette([low, high]: Range, palettes: Palettes): Palette {
    const reach = high - low;
    if (this.#colors?.reach !== reach) this.#colors = { reach, palette: palettes.of(null, [-reach, reach], 0) };
    return this.#colors.palette;
  }
}
