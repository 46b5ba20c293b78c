/** One heat map: the first axis down (or up), the second to the right, one square per cell. */

import type { Palette } from "./colors.ts";
import { make } from "./dom.ts";
import { type Axis, type Cell, type Curve, type Frame, type Grids, hasCell, placeWords, type Shape, shapeOf } from "./grids.ts";
import type { Gutter, Size } from "./layout.ts";
import { PanelCanvas } from "./panel_canvas.ts";
import { placesShown, type Region, type Span, type Window, windowOf } from "./region.ts";
import * as texts from "./texts.ts";
import { placeTicks } from "./ticks.ts";
import { listenForZoom } from "./zoom.ts";

const GUTTER: Gutter = { left: 34, bottom: 34, top: 26, right: 8 }; // as in heat_map.css
export const NARROW_GUTTER: Gutter = { left: 0, bottom: 0, top: 18, right: 0 }; // of panels without axes
const PIXELS_PER_TICK = 42;
const MOST_TICKS = 6;
const [LETTER, MOST_LETTERS] = [6.2, 14]; // pixels of a letter of a tick, about
const SVG = "http://www.w3.org/2000/svg";

/** What a heat map tells of the pointer. */
export interface MapCalls {
  /** The cell under the pointer, null when it leaves. */
  onCell(cell: Cell | null): void;
  /** A part of the grid was chosen to be seen large; null asks for all. Without it none can be chosen. */
  onRegion?(region: Region | null): void;
}

/** Room around the cells of a panel: at the left there is some for the longest name of a place. */
export function gutterOf(grids: Grids): Gutter {
  return { ...GUTTER, left: Math.max(GUTTER.left, Math.ceil(longest(grids.axes[0]) + 8)) };
}

export class HeatMap {
  readonly element: HTMLElement;
  readonly plot: HTMLElement;
  readonly caption: HTMLElement;
  readonly #grids: Grids;
  readonly #shape: Shape;
  readonly #window: Window;
  readonly #places: Region;
  readonly #label: string;
  readonly #plane = make("div", { class: "plane" });
  readonly #words = make("bdi");
  readonly #cross = make("div", { class: "cross", hidden: true });
  readonly #curves = document.createElementNS(SVG, "svg");
  readonly #xAxis = make("div", { class: "axis axis-x", "aria-hidden": "true" });
  readonly #yAxis = make("div", { class: "axis axis-y", "aria-hidden": "true" });
  #canvas: PanelCanvas | null = null;

  constructor(grids: Grids, panel: number, { onCell, onRegion }: MapCalls) {
    this.#grids = grids;
    this.#window = windowOf(grids);
    this.#places = placesShown(grids);
    const title = grids.titles[panel];
    const [down, right] = grids.axes;
    this.#shape = shapeOf(grids);
    this.#label = texts.picture.map(title, grids.valueName, down.name, right.name);
    this.#curves.setAttribute("viewBox", `0 0 ${right.size} ${down.size}`);
    this.#curves.setAttribute("preserveAspectRatio", "none");
    this.#curves.setAttribute("class", "curves");
    Object.assign(this.#plane.style, this.#placed());
    this.plot = make("div", { class: "plot" }, make("div", { class: "seen" }, this.#plane), this.#cross);
    const words = make("span", { class: "head-value" }, this.#words);
    const color = grids.colors?.[panel] ?? null;
    const name = make("span", { class: "head-name", style: color && `--head:${color}` }, title);
    this.caption = make("figcaption", {}, name, words);
    this.element = make("figure", { class: "head" }, this.caption, this.plot, this.#xAxis, this.#yAxis);
    const point = (event: PointerEvent) => onCell({ ...this.cellAt(event), panel });
    this.plot.addEventListener("pointerdown", point);
    this.plot.addEventListener("pointermove", point);
    this.plot.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || onCell(null)); // a finger that is lifted leaves
    if (!onRegion) return;
    listenForZoom(this.plot, grids, (event) => this.cellAt(event), onRegion);
    if (grids.region) this.element.append(wholeGrid(() => onRegion(null)));
  }

  setSize({ width, height }: Size): void {
    this.element.style.setProperty("--width", `${width}px`);
    this.element.style.setProperty("--height", `${height}px`);
    const [down, right] = this.#grids.axes;
    const { rows, columns } = this.#places;
    this.#xAxis.replaceChildren(...axisParts(right, columns, width, "left", false));
    this.#yAxis.replaceChildren(...axisParts(down, rows, height, "top", this.#grids.origin === "lower"));
  }

  /** Paint the values of this panel. */
  paint(panel: Frame, palette: Palette): void {
    if (!this.#canvas) {
      this.#canvas = new PanelCanvas(this.#shape, this.#grids.origin, this.#label);
      this.#plane.prepend(this.#canvas.element);
    }
    this.#canvas.paint(panel, palette);
  }

  /** Leave the values to what lies under the panel. */
  clear(): void {
    this.#canvas?.element.remove();
    this.#canvas = null;
  }

  /** Draw lines over the cells; those drawn before go. */
  draw(curves: readonly Curve[]): void {
    if (!curves.length) {
      this.#curves.remove();
      return;
    }
    const [down] = this.#grids.axes;
    const y = (row: number) => (this.#grids.origin === "lower" ? down.size - 1 - row : row) + 0.5;
    const lines = curves.map(({ rows, columns }) => {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute("points", columns.map((column, i) => `${column + 0.5},${y(rows[i])}`).join(" "));
      return line;
    });
    this.#curves.replaceChildren(...lines);
    if (!this.#curves.isConnected) this.#plane.append(this.#curves);
  }

  /** Mark a cell and write its words beside the title; null marks nothing. */
  mark(cell: Cell | null, words: string | null): void {
    const { row, column, rows, columns } = this.#window;
    const at = cell && { x: (cell.column - column + 0.5) / columns, y: (this.#upright(cell.row - row, rows) + 0.5) / rows };
    const isHere = at !== null && hasCell(this.#grids, cell as Cell) && isShare(at.x) && isShare(at.y);
    if (this.#cross.hidden === isHere) this.#cross.hidden = !isHere; // what is set is drawn anew, changed or not
    if (this.#words.textContent !== (words ?? "")) this.#words.textContent = words;
    if (!isHere) return;
    this.#cross.style.setProperty("--x", String(at.x));
    this.#cross.style.setProperty("--y", String(at.y));
  }

  /** Where row `row` of `rows` stands on the screen, and back. */
  #upright(row: number, rows: number): number {
    return this.#grids.origin === "lower" ? rows - 1 - row : row;
  }

  /** Where all of the cells lie behind those that are seen. */
  #placed(): Record<string, string> {
    const { row, column, rows, columns } = this.#window;
    const above = this.#grids.origin === "lower" ? this.#shape.rows - row - rows : row;
    return {
      left: percent(-column, columns),
      top: percent(-above, rows),
      width: percent(this.#shape.columns, columns),
      height: percent(this.#shape.rows, rows),
    };
  }

  /** The cell at the place of the pointer. */
  cellAt(event: MouseEvent): Cell {
    const box = this.plot.getBoundingClientRect();
    const { row, column, rows, columns } = this.#window;
    return {
      row: row + this.#upright(place((event.clientY - box.top) / box.height, rows), rows),
      column: column + place((event.clientX - box.left) / box.width, columns),
    };
  }
}

const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`;
const isShare = (value: number): boolean => value > 0 && value < 1;
const place = (share: number, size: number): number => Math.min(Math.max(Math.floor(share * size), 0), size - 1);

function wholeGrid(onClick: () => void): HTMLElement {
  const label = texts.picture.wholeGrid;
  const button = make("button", { class: "whole-grid", type: "button", title: label, "aria-label": label }, "⤢");
  button.addEventListener("click", onClick);
  return button;
}

/** Ticks at the places of an axis that are seen, and its name. */
function axisParts(axis: Axis, [first, last]: Span, length: number, side: "left" | "top", isReversed: boolean): Node[] {
  const pixels = side === "left" ? Math.max(PIXELS_PER_TICK, longest(axis) + 10) : PIXELS_PER_TICK;
  const most = Math.min(Math.max(Math.floor(length / pixels), 2), MOST_TICKS);
  const ticks = placeTicks(first, last, most).map((index) => {
    const onScreen = isReversed ? last - index : index - first;
    const style = `${side}:${percent(onScreen + 0.5, last - first + 1)}`;
    return make("span", { class: "tick", style }, shortened(placeWords(axis, index)));
  });
  return [...ticks, make("span", { class: "axis-name" }, axis.name)];
}

/** The width of the longest tick, in pixels; numbers have room anyway. */
function longest({ ticks }: Axis): number {
  return LETTER * Math.max(0, ...(ticks ?? []).map((tick) => shortened(tick).length));
}

const shortened = (words: string): string => (words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS - 1)}…` : words);
