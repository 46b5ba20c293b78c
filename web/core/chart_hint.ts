/** What the curves of a chart have at the epoch under the pointer. */

import { make } from "./dom.ts";
import { lossWords, valueWords } from "./format.ts";
import type { Series } from "./lines.ts";
import * as texts from "./texts.ts";

export interface SeriesValue {
  readonly name: string;
  readonly color: string;
  readonly words: string;
}

/** The values of all named series at an epoch: that of the nearest point which has one; curves that end before have none. */
export function valuesAt(series: readonly Series[], epoch: number): SeriesValue[] {
  return series.flatMap(({ name, color, x, y, range }) => {
    const index = name === undefined ? -1 : nearestKnown(x, y, epoch);
    if (name === undefined || index < 0) return [];
    return [{ name, color, words: range ? valueWords(y[index], 3) : lossWords(y[index]) }];
  });
}

function nearestKnown(x: ArrayLike<number>, y: ArrayLike<number>, epoch: number): number {
  const { length } = x;
  if (!length || epoch > x[length - 1] + 0.5 || epoch < x[0] - 1.5) return -1;
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < epoch) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && epoch - x[low - 1] <= x[low] - epoch) low -= 1;
  for (let step = 0; step < length; step++) {
    if (Number.isFinite(y[low - step])) return low - step;
    if (Number.isFinite(y[low + step])) return low + step;
  }
  return -1;
}

export class ChartHint {
  readonly element = make("div", { class: "chart-hint", hidden: true, "aria-hidden": "true" });
  readonly #line = make("div", { class: "hint-line" });
  readonly #words = make("div", { class: "hint-words" });

  constructor() {
    this.element.append(this.#line, this.#words);
  }

  /** Tell of an epoch at `x` pixels; `isLeft` puts the words on the left of it. */
  show(x: number, epoch: number, values: readonly SeriesValue[], isLeft: boolean): void {
    this.element.hidden = false;
    this.element.style.left = `${x}px`;
    this.#words.dataset.side = isLeft ? "left" : "right";
    const lines = values.map(({ name, color, words }) => {
      const swatch = make("i", { style: `background:${color.startsWith("--") ? `var(${color})` : color}` });
      return make("span", {}, swatch, `${name} ${words}`);
    });
    this.#words.replaceChildren(make("strong", {}, texts.common.epoch(Math.round(epoch))), ...lines);
  }

  hide(): void {
    this.element.hidden = true;
  }
}
