/** One heat map: the first axis down (or up), the second to the right, one square per cell. */
import type { Palette } from "./colors.ts";
import { contextOf, make } from "./dom.ts";
import { type Axis, type Cell, type Curve, type Frame, type Grids, hasCell, placeWords, type Shape, shapeOf } from "./grids.ts";
import type { Gutter, Size } from "./layout.ts";
import { indexTicks } from "./ticks.ts";

export const GUTTER: Gutter = { left: 34, bottom: 34, top: 26, right: 2 }; // as in heat_map.css
export const NARROW_GUTTER: Gutter = { left: 0, bottom: 0, top: 18, right: 0 }; // of panels without axes
const PIXELS_PER_TICK = 42;
const MOST_TICKS = 6;
const SVG = "http://www.w3.org/2000/svg";

export class HeatMap {
  readonly element: HTMLElement;
  readonly plot: HTMLElement;
  readonly caption: HTMLElement;
  readonly #grids: Grids;
  readonly #shape: Shape;
  readonly #context: CanvasRenderingContext2D;
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;
  readonly #words = make("bdi");
  readonly #cross = make("div", { class: "cross", hidden: true });
  readonly #curves = document.createElementNS(SVG, "svg");
  readonly #xAxis = make("div", { class: "axis axis-x", "aria-hidden": "true" });
  readonly #yAxis = make("div", { class: "axis axis-y", "aria-hidden": "true" });

  /** `onCell(cell)` is told where the pointer is, `onCell(null)` when it leaves. */
  constructor(grids: Grids, panel: number, onCell: (cell: Cell | null) => void) {
    this.#grids = grids;
    const title = grids.titles[panel];
    const [down, right] = grids.axes;
    const { rows, columns } = shapeOf(grids);
    this.#shape = { rows, columns };
    const label = `${title}, ${grids.valueName} by ${down.name} and ${right.name}`;
    const canvas = make("canvas", { width: columns, height: rows, role: "img", "aria-label": label });
    this.#context = contextOf(canvas);
    this.#image = this.#context.createImageData(columns, rows);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#curves.setAttribute("viewBox", `0 0 ${right.size} ${down.size}`);
    this.#curves.setAttribute("preserveAspectRatio", "none");
    this.#curves.setAttribute("class", "curves");
    this.plot = make("div", { class: "plot" }, canvas, this.#curves, this.#cross);
    const words = make("span", { class: "head-value" }, this.#words);
    const color = grids.colors?.[panel] ?? null;
    const name = make("span", { class: "head-name", style: color && `--head:${color}` }, title);
    this.caption = make("figcaption", {}, name, words);
    this.element = make("figure", { class: "head" }, this.caption, this.plot, this.#xAxis, this.#yAxis);
    this.plot.addEventListener("pointermove", (event) => onCell(this.#cellAt(event)));
    this.plot.addEventListener("pointerleave", () => onCell(null));
  }

  setSize({ width, height }: Size): void {
    this.element.style.setProperty("--width", `${width}px`);
    this.element.style.setProperty("--height", `${height}px`);
    const [down, right] = this.#grids.axes;
    this.#xAxis.replaceChildren(...axisParts(right, width, "left", (column) => column));
    this.#yAxis.replaceChildren(...axisParts(down, height, "top", (row) => this.#upright(row, down.size)));
  }

  /** Paint the values of this panel. */
  paint(panel: Frame, palette: Palette): void {
    palette.paint(panel, this.#shape.columns, this.#grids.origin, this.#pixels);
    this.#context.putImageData(this.#image, 0, 0);
  }

  /** Draw lines over the cells; those drawn before go. */
  draw(curves: readonly Curve[]): void {
    if (!curves.length && !this.#curves.childElementCount) return;
    const [down] = this.#grids.axes;
    const y = (row: number) => (this.#grids.origin === "lower" ? down.size - 1 - row : row) + 0.5;
    const lines = curves.map(({ rows, columns }) => {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute("points", columns.map((column, i) => `${column + 0.5},${y(rows[i])}`).join(" "));
      return line;
    });
    this.#curves.replaceChildren(...lines);
  }

  /** Mark a cell and write its words beside the title; null marks nothing. */
  mark(cell: Cell | null, words: string | null): void {
    const isHere = cell !== null && hasCell(this.#grids, cell);
    this.#cross.hidden = !isHere;
    this.#words.textContent = words;
    if (!isHere) return;
    const { rows, columns } = this.#shape;
    this.#cross.style.setProperty("--x", String((cell.column + 0.5) / columns));
    this.#cross.style.setProperty("--y", String((this.#upright(cell.row, rows) + 0.5) / rows));
  }

  /** Where row `row` of `rows` stands on the screen, and back. */
  #upright(row: number, rows: number): number {
    return this.#grids.origin === "lower" ? rows - 1 - row : row;
  }

  #cellAt(event: PointerEvent): Cell {
    const box = this.plot.getBoundingClientRect();
    const { rows, columns } = this.#shape;
    const column = place((event.clientX - box.left) / box.width, columns);
    return { row: this.#upright(place((event.clientY - box.top) / box.height, rows), rows), column };
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
