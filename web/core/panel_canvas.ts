/** The cells of one panel: a canvas with one pixel per cell. */
import type { Palette } from "./colors.ts";
import { contextOf, make } from "./dom.ts";
import type { Frame, Origin, Shape } from "./grids.ts";

export class PanelCanvas {
  readonly element: HTMLCanvasElement;
  readonly #columns: number;
  readonly #origin: Origin;
  readonly #context: CanvasRenderingContext2D;
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;

  constructor({ rows, columns }: Shape, origin: Origin, label: string) {
    this.element = make("canvas", { width: columns, height: rows, role: "img", "aria-label": label });
    this.#columns = columns;
    this.#origin = origin;
    this.#context = contextOf(this.element);
    this.#image = this.#context.createImageData(columns, rows);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  paint(panel: Frame, palette: Palette): void {
    palette.paint(panel, this.#columns, this.#origin, this.#pixels);
    this.#context.putImageData(this.#image, 0, 0);
  }
}
