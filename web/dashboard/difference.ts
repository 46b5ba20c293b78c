/** The difference of two variants, where they have the same heads and axes. */

import { ColorBar } from "../core/color_bar.ts";
import type { Palette } from "../core/colors.ts";
import { byId, make } from "../core/dom.ts";
import { type Cell, type Frame, type Grids, type Range, subtract } from "../core/grids.ts";
import type { Palettes } from "../core/look.ts";
import type { PictureCalls } from "../core/panels.ts";
import { Picture } from "../core/picture.ts";
import * as texts from "../core/texts.ts";

export class Difference {
  readonly element: HTMLElement;
  readonly #bar = new ColorBar(byId("difference-bar"));
  readonly #picture: Picture;
  #colors: { reach: number; palette: Palette } | null = null;

  constructor(calls: PictureCalls, onReady: () => void) {
    const mount = make("div", { class: "heads" });
    const name = make("h2", { class: "plain" }, texts.compare.difference);
    this.element = make("section", { class: "side", hidden: true }, make("header", {}, name, make("p")), mount);
    this.#picture = new Picture(mount, calls, onReady);
    byId("sides").append(this.element);
  }

  /** Show the place for it where exactly two grids have the same panels and axes. */
  prepare(all: readonly Grids[], panel: number | null, palettes: Palettes): void {
    const [one, other] = all;
    const isPossible = all.length === 2 && JSON.stringify(one) === JSON.stringify(other);
    this.element.hidden = byId("difference-bar").hidden = !isPossible;
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
