/* The colour bar, once for all heads. */
import { make } from "./dom.js";

export class ColorBar {
  constructor(mount, name) {
    this.canvas = make("canvas", { width: 1, height: 256, "aria-hidden": "true" });
    this.high = make("span", { class: "color-high" });
    this.low = make("span", { class: "color-low" });
    mount.replaceChildren(this.high, this.canvas, this.low, make("span", { class: "color-name" }, name));
  }

  draw(palette) {
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(1, 256);
    new Uint32Array(image.data.buffer).set(palette.table.toReversed());
    context.putImageData(image, 0, 0);
    this.high.textContent = limit(palette.high);
    this.low.textContent = limit(palette.low);
  }
}

const limit = (value) => (Number.isInteger(value) ? String(value) : value.toPrecision(3));
