/* One square heat map: b to the right, a down (or up), one screen square per input pair. */
import { make } from "./dom.js";

const GUTTER = { left: 34, bottom: 34, top: 26, right: 2 }; // around the pixels: ticks, axis names, title
const TICKS = 5;

export class HeatMap {
  /** `onPoint(a, b)` is told which input the pointer is on, `onPoint(null)` when it leaves. */
  constructor(name, p, onPoint) {
    this.p = p;
    this.onPoint = onPoint;
    this.canvas = make("canvas", { width: p, height: p, role: "img", "aria-label": `${name}, attention by a and b` });
    this.context = this.canvas.getContext("2d");
    this.image = this.context.createImageData(p, p);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.value = make("span", { class: "head-value" });
    this.cross = make("div", { class: "cross", hidden: true });
    this.plot = make("div", { class: "plot" }, this.canvas, this.cross);
    this.xAxis = make("div", { class: "axis axis-x", "aria-hidden": "true" });
    this.yAxis = make("div", { class: "axis axis-y", "aria-hidden": "true" });
    this.element = make(
      "figure",
      { class: "head" },
      make("figcaption", {}, make("span", { class: "head-name" }, name), this.value),
      this.plot,
      this.xAxis,
      this.yAxis,
    );
    this.listen();
    this.setOrigin("upper");
  }

  /** The side of the picture that fits into a box. */
  static side(width, height) {
    return Math.floor(Math.min(width - GUTTER.left - GUTTER.right, height - GUTTER.top - GUTTER.bottom));
  }

  static frameWidth(side) {
    return side + GUTTER.left + GUTTER.right;
  }

  setSide(side) {
    this.element.style.setProperty("--side", `${side}px`);
  }

  setOrigin(origin) {
    this.isLower = origin === "lower";
    this.drawTicks();
  }

  /** `values[a * p + b]`, painted with `palette`. */
  paint(values, palette) {
    const { p } = this;
    if (this.isLower) {
      for (let a = 0; a < p; a++) palette.paint(values.subarray(a * p, (a + 1) * p), this.pixels, (p - 1 - a) * p);
    } else {
      palette.paint(values, this.pixels);
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /** Mark an input and write its value beside the name; null marks nothing. */
  mark(point, text = "") {
    this.cross.hidden = point === null;
    this.value.textContent = text;
    if (point === null) return;
    const row = this.isLower ? this.p - 1 - point.a : point.a;
    this.cross.style.setProperty("--x", (point.b + 0.5) / this.p);
    this.cross.style.setProperty("--y", (row + 0.5) / this.p);
  }

  drawTicks() {
    const step = tickStep(this.p);
    const at = Array.from({ length: Math.ceil(this.p / step) }, (_, i) => i * step);
    const place = (n) => `${((n + 0.5) / this.p) * 100}%`;
    const y = (n) => place(this.isLower ? this.p - 1 - n : n);
    this.xAxis.replaceChildren(
      ...at.map((n) => make("span", { class: "tick", style: `left:${place(n)}` }, String(n))),
      make("span", { class: "axis-name" }, "b"),
    );
    this.yAxis.replaceChildren(
      ...at.map((n) => make("span", { class: "tick", style: `top:${y(n)}` }, String(n))),
      make("span", { class: "axis-name" }, "a"),
    );
  }

  listen() {
    this.plot.addEventListener("pointermove", (event) => {
      const box = this.plot.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * this.p);
      const row = Math.floor(((event.clientY - box.top) / box.height) * this.p);
      const inside = (n) => Math.min(Math.max(n, 0), this.p - 1);
      this.onPoint({ a: inside(this.isLower ? this.p - 1 - row : row), b: inside(column) });
    });
    this.plot.addEventListener("pointerleave", () => this.onPoint(null));
  }
}

/** A step of 1, 2 or 5 times a power of ten that leaves about `TICKS` ticks. */
export function tickStep(size) {
  const rough = Math.max(size / TICKS, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
}
