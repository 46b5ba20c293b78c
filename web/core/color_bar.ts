/** The colour bar, once for all panels. */
import type { Palette } from "./colors.ts";
import { contextOf, make } from "./dom.ts";
import { valueWords } from "./format.ts";

export class ColorBar {
  readonly #canvas = make("canvas", { width: 1, height: 256, "aria-hidden": "true" });
  readonly #high = make("span", { class: "color-high" });
  readonly #low = make("span", { class: "color-low" });
  readonly #name = make("span", { class: "color-name" });
  #drawn: Palette | null = null;

  constructor(mount: HTMLElement) {
    mount.replaceChildren(this.#high, this.#canvas, this.#low, this.#name);
  }

  draw(palette: Palette, name: string): void {
    this.#name.textContent = name;
    if (palette === this.#drawn) return;
    this.#drawn = palette;
    const context = contextOf(this.#canvas);
    const image = context.createImageData(1, 256);
    new Uint32Array(image.data.buffer).set(palette.table.toReversed());
    context.putImageData(image, 0, 0);
    this.#high.textContent = valueWords(palette.high, 3);
    this.#low.textContent = valueWords(palette.low, 3);
  }
}
