/** One canvas under all panels of a picture. A browser needs several milliseconds a frame for a hundred canvases. */
import type { Palette } from "./colors.ts";
import { contextOf, make } from "./dom.ts";
import { cellsOf, type Frame, type Grids, panelValues, shapeOf } from "./grids.ts";
import type { Size } from "./layout.ts";
import { windowOf } from "./region.ts";
import { type Point, sampled } from "./sampling.ts";
import * as texts from "./texts.ts";

/** Where the panels stand, in CSS pixels: all are of one size. */
export interface Standing {
  readonly panel: Size;
  /** The upper left corner of each. */
  readonly corners: readonly Point[];
}

export class Sheet {
  readonly element: HTMLCanvasElement;
  readonly #grids: Grids;
  readonly #cells: Uint32Array;
  #corners: readonly Point[] = [];
  #across: Uint32Array = new Uint32Array();
  #down: Uint32Array = new Uint32Array();
  #image: ImageData | null = null;

  constructor(grids: Grids) {
    const { titles, valueName, panelName, axes } = grids;
    const [down, right] = axes;
    const label = texts.picture.map(texts.picture.panels(titles.length, panelName), valueName, down.name, right.name);
    this.#grids = grids;
    this.#cells = new Uint32Array(cellsOf(grids));
    this.element = make("canvas", { class: "sheet", role: "img", "aria-label": label });
  }

  /** Draw the panels there, in the pixels of the screen; `ratio` of them are a CSS pixel. */
  place({ panel, corners }: Standing, ratio: number): void {
    const inPixels = (length: number) => Math.round(length * ratio);
    const { row, column, rows, columns } = windowOf(this.#grids);
    const shape = shapeOf(this.#grids);
    const above = this.#grids.origin === "lower" ? shape.rows - row - rows : row;
    this.#across = sampled(column, columns, inPixels(panel.width));
    this.#down = sampled(above, rows, inPixels(panel.height));
    this.#corners = corners.map(({ x, y }) => ({ x: inPixels(x), y: inPixels(y) }));
    const width = Math.max(...this.#corners.map(({ x }) => x)) + this.#across.length;
    const height = Math.max(...this.#corners.map(({ y }) => y)) + this.#down.length;
    Object.assign(this.element, { width, height });
    Object.assign(this.element.style, { width: `${width / ratio}px`, height: `${height / ratio}px` });
    this.#image = new ImageData(width, height);
  }

  paint(frame: Frame, palette: Palette): void {
    if (!this.#image) return;
    const pixels = new Uint32Array(this.#image.data.buffer);
    this.#corners.forEach((corner, panel) => {
      const values = panelValues(this.#grids, frame, panel);
      palette.paint({ values, range: frame.range }, shapeOf(this.#grids).columns, this.#grids.origin, this.#cells);
      this.#enlarge(pixels, corner);
    });
    contextOf(this.element).putImageData(this.#image, 0, 0);
  }

  /** Copy the cells of a panel to where it stands. */
  #enlarge(pixels: Uint32Array, { x, y }: Point): void {
    const { width } = this.element;
    const { columns } = shapeOf(this.#grids);
    this.#down.forEach((row, line) => {
      const target = (y + line) * width + x;
      const source = row * columns;
      for (let i = 0; i < this.#across.length; i++) pixels[target + i] = this.#cells[source + this.#across[i]];
    });
  }
}
