/** The colour bar, once for all panels: what the colours mean, how often each value occurs, and where what is pointed at lies. */

import type { Palette } from "./colors.ts";
import { contextOf, cssValue, fit, make } from "./dom.ts";
import { valueWords } from "./format.ts";
import { barLengths } from "./histogram.ts";
import * as texts from "./texts.ts";

const LONGEST = 18; // pixels of a bar of the histogram, as in color_bar.css

/** A value under the pointer; a color is one of CSS. */
export interface PointedValue {
  readonly value: number;
  readonly color: string | null;
  /** Whether the pointer is on its panel; the others have the same place. */
  readonly isPointed: boolean;
}

/** An end of the bar: whole numbers, such as epochs, in full, others with three digits. */
const endWords = (end: number): string => valueWords(end, Number.isInteger(end) ? 6 : 3);

export class ColorBar {
  readonly #canvas = make("canvas", { width: 1, height: 256, class: "color-scale", "aria-hidden": "true" });
  readonly #counts = make("canvas", {
    class: "color-counts",
    role: "img",
    "aria-label": texts.picture.histogram,
    title: texts.picture.histogram,
    hidden: true,
  });
  readonly #marks = make("div", { class: "color-marks", "aria-hidden": "true" });
  readonly #high = make("span", { class: "color-high" });
  readonly #low = make("span", { class: "color-low" });
  readonly #name = make("span", { class: "color-name" });
  #drawn: Palette | null = null;
  #counted: Uint32Array | null = null;
  #height = 0;

  constructor(mount: HTMLElement) {
    const scale = make("div", { class: "color-strip" }, this.#counts, this.#canvas, this.#marks);
    mount.replaceChildren(this.#high, scale, this.#low, this.#name);
    new ResizeObserver(() => {
      this.#height = this.#canvas.clientHeight; // kept, since to ask for it while playing costs a layout a frame
      this.#drawCounts();
    }).observe(this.#canvas);
  }

  draw(palette: Palette, name: string): void {
    this.#name.textContent = name;
    if (palette === this.#drawn) return;
    this.#drawn = palette;
    const context = contextOf(this.#canvas);
    const image = context.createImageData(1, 256);
    new Uint32Array(image.data.buffer).set(palette.table.toReversed());
    context.putImageData(image, 0, 0);
    this.#high.textContent = endWords(palette.high);
    this.#low.textContent = endWords(palette.low);
  }

  /** Draw how often values occur, in equal parts from the low end to the high end; null draws nothing. */
  count(counts: Uint32Array | null): void {
    this.#counts.hidden = counts === null;
    this.#counted = counts;
    this.#drawCounts();
  }

  #drawCounts(): void {
    const counts = this.#counted;
    if (!counts) return;
    const height = this.#height;
    const context = fit(this.#counts, LONGEST, height);
    context.fillStyle = cssValue(this.#counts, "--faint");
    const each = height / counts.length;
    barLengths(counts, 1 / LONGEST).forEach((length, i) => {
      const wide = length * LONGEST;
      context.fillRect(LONGEST - wide, height - (i + 1) * each, wide, Math.max(each - 0.5, 0.5));
    });
  }

  /** Mark values; those beyond an end, and NaN, have no mark. */
  point(values: readonly PointedValue[]): void {
    if (!values.length && !this.#marks.childElementCount) return;
    const { low, high } = this.#drawn ?? { low: 0, high: 1 };
    const inside = values.filter(({ value }) => value >= low && value <= high);
    this.#marks.replaceChildren(
      ...inside.map(({ value, color, isPointed }) => {
        const place = `top:${(1 - (value - low) / (high - low)) * 100}%`;
        return make("span", { class: isPointed && "pointed", style: color ? `${place};--mark:${color}` : place });
      }),
    );
  }
}
