/** One heat map: the first axis down (or up), the second to the right, one square per cell. */
import type { Palette } from "./colors.ts";
import { contextOf, make } from "./dom.ts";
import { type Axis, type Cell, type Frame, type Grids, hasCell, placeWords } from "./grids.ts";
import type { Gutter, Size } from "./layout.ts";
import { indexTicks } from "./ticks.ts";

export const GUTTER: Gutter = { left: 34, bottom: 34, top: 26, right: 2 }; // as in heat_map.css
const PIXELS_PER_TICK = 42;
const MOST_TICKS = 6;

export class HeatMap {
  readonly element: HTMLElement;
  readonly plot: HTMLElement;
  readonly caption: HTMLElement;
  readonly #grids: Grids;
  readonly #context: CanvasRenderingContext2D;
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;
  readonly #words = make("bdi");
  readonly #cross = make("div", { class: "cross", hidden: true });
  readonly #xAxis = make("div", { class: "axis axis-x", "aria-hidden": "true" });
  readonly #yAxis = make("div", { class: "axis axis-y", "aria-hidden": "true" });

  /** `onCell(cell)` is told where the pointer is, `onCell(null)` when it leaves. */
  constructor(grids: Grids, title: string, onCell: (cell: Cell | null) => void) {
    this.#grids = grids;
    const [down, right] = grids.axes;
    const label = `${title}, ${grids.valueName} by ${down.name} and ${right.name}`;
    const canvas = make("canvas", { width: right.size, height: down.size, role: "img", "aria-label": label });
    this.#context = contextOf(canvas);
    this.#image = this.#context.createImageData(right.size, down.size);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.plot = make("div", { class: "plot" }, canvas, this.#cross);
    const words = make("span", { class: "head-value" }, this.#words);
    this.caption = make("figcaption", {}, make("span", { class: "head-name" }, title), words);
    this.element = make("figure", { class: "head" }, this.caption, this.plot, this.#xAxis, this.#yAxis);
    this.plot.addEventListener("pointermove", (event) => onCell(this.#cellAt(event)));
    this.plot.addEventListener("pointerleave", () => onCell(null));
  }

  setSize({ width, height }: Size): void {
    this.element.style.setProperty("--width", `${width}px`);
    this.element.style.setProperty("--height", `${height}px`);
    const [down, right] = this.#grids.axes;
    this.#xAxis.replaceChildren(...axisParts(right, width, "left", (column) => column));
    this.#yAxis.replaceChildren(...axisParts(down, height, "top", (row) => this.#rowOnScreen(row)));
  }

  /** Paint the values of this panel. */
  paint(panel: Frame, palette: Palette): void {
    palette.paint(panel, this.#grids.axes[1].size, this.#grids.origin, this.#pixels);
    this.#context.putImageData(this.#image, 0, 0);
  }

  /** Mark a cell and write its words beside the title; null marks nothing. */
  mark(cell: Cell | null, words: string | null): void {
    const isHere = cell !== null && hasCell(this.#grids, cell);
    this.#cross.hidden = !isHere;
    this.#words.textContent = words;
    if (!isHere) return;
    const [down, right] = this.#grids.axes;
    this.#cross.style.setProperty("--x", String((cell.column + 0.5) / right.size));
    this.#cross.style.setProperty("--y", String((this.#rowOnScreen(cell.row) + 0.5) / down.size));
  }

  #rowOnScreen(row: number): number {
    return this.#grids.origin === "lower" ? this.#grids.axes[0].size - 1 - row : row;
  }

  #cellAt(event: PointerEvent): Cell {
    const box = this.plot.getBoundingClientRect();
    const [down, right] = this.#grids.axes;
    const column = place((event.clientX - box.left) / box.width, right.size);
    return { row: this.#rowOnScreen(place((event.clientY - box.top) / box.height, down.size)), column };
  }
}

const place = (share: number, size: number): number => Math.min(Math.max(Math.floor(share * size), 0), size - 1);

function axisParts(axis: Axis, length: number, side: "left" | "top", onScreen: (index: number) => number): Node[] {
  const most = Math.min(Math.max(Math.floor(length / PIXELS_PER_TICK), 2), MOST_TICKS);
  const ticks = indexTicks(axis.size, most).map((index) => {
    const style = `${side}:${((onScreen(index) + 0.5) / axis.size) * 100}%`;
    return make("span", { class: "tick", style }, placeWords(axis, index));
  });
  return [...ticks, make("span", { class: "axis-name" }, axis.name)];
}
