/** All panels of a picture, side by side, as large as the room allows. */

import { isOneLine, wordsRoom } from "./caption.ts";
import type { Palette } from "./colors.ts";
import { make } from "./dom.ts";
import { type Cell, cellWords, type Frame, type Grids, panelValues } from "./grids.ts";
import { gutterOf, HeatMap, type MapCalls, NARROW_GUTTER } from "./heat_map.ts";
import { arrange, type Gutter, heightOfRow, type Size } from "./layout.ts";
import { type Place, placesOf, rowsAndColumns } from "./places.ts";
import { windowOf } from "./region.ts";
import { Sheet } from "./sheet.ts";
import { Strips } from "./strips.ts";
import * as texts from "./texts.ts";

const GAP = 14;
const STRIP = 68; // room for the values of a strip beside a panel, with its margin
const DRAWN = STRIP - 16;
const NARROW_GAP = 6;
const TWO_LINES = 32; // room above a panel for a title with the words below it; the same in caption.css
const LEAST = 72; // of a panel with axes
const LEAST_NARROW = 40;
const DOUBLE_MS = 300; // within which a second click shows the whole grid again
const LETTER = 7.6; // pixels of a letter of a title, about
const [NARROW_TITLE, SMALLEST_TITLE] = [11, 7.5]; // pixels of the font of a panel without axes
const NARROW_LETTER = 7.4; // pixels of a letter in the larger one, about
const MANY = 16; // panels, which may lose their axes to be seen together

/** What a picture tells of the pointer. */
export interface PictureCalls extends MapCalls {
  /** A panel was chosen to be seen alone, at a cell where it was clicked; null asks for all. Without it none can be chosen. */
  onPanel?(panel: number | null, cell?: Cell | null): void;
}

/** What draws the frames of one picture. */
export interface Painter {
  readonly element: HTMLElement;
  /** The height beyond which only a second row, in twice of it, makes the panels larger; null where any height does. */
  readonly enough?: number | null;
  layout(room: Size): void;
  paint(frame: Frame, palette: Palette): void;
  /** Mark a cell in every panel, with what `frame` has there. */
  mark(cell: Cell | null, frame: Frame): void;
}

export class Panels implements Painter {
  readonly element: HTMLElement;
  enough: number | null = null;
  readonly #grids: Grids;
  readonly #gutter: Gutter;
  readonly #letters: number; // of the longest title
  readonly #maps: readonly HeatMap[];
  /** Beside each map; empty where there are none. */
  readonly #strips: readonly Strips[];
  readonly #cells: readonly HTMLElement[];
  readonly #places: readonly Place[] | null;
  /** What draws all panels at once where they are small; null where each map draws its own. */
  #sheet: Sheet | null = null;

  /** With `hasStrips` each map has its means, and its slices through the cell that is pointed at, beside it. */
  constructor(grids: Grids, calls: PictureCalls, hasStrips: boolean) {
    this.#grids = grids;
    this.#places = placesOf(grids);
    this.#maps = grids.titles.map((title, panel) => makeMap(grids, title, panel, calls));
    this.#strips = hasStrips ? this.#maps.map(() => new Strips(grids, DRAWN)) : [];
    this.#cells = this.#maps.map(({ element }, panel) => (hasStrips ? beside(element, this.#strips[panel]) : element));
    this.#gutter = gutterOf(grids);
    this.#letters = Math.max(...grids.titles.map((title) => title.length));
    this.element = make(
      "div",
      { class: "head-grid", style: `--left:${this.#gutter.left}px;--title:${Math.ceil(this.#letters * LETTER)}px` },
      ...this.#cells,
    );
  }

  layout(room: Size): void {
    const fixed = this.#places && rowsAndColumns(this.#places);
    const spacing = { ratio: devicePixelRatio, fixed };
    const shape = windowOf(this.#grids);
    const count = this.#maps.length;
    const { right, bottom } = this.#gutter;
    const gutter = this.#strips.length ? { ...this.#gutter, right: right + STRIP, bottom: bottom + STRIP } : this.#gutter;
    const wide = arrange(count, room, shape, gutter, { ...spacing, gap: GAP, least: 0 });
    const isFree = !fixed && !this.#strips.length && count > 1;
    this.enough = isFree ? heightOfRow(count, room.width, shape, gutter, { ...spacing, gap: GAP, least: LEAST }) : null;
    const isNarrow = !this.#strips.length && count > MANY && Math.max(wide.panel.width, wide.panel.height) < LEAST;
    const gap = isNarrow ? NARROW_GAP : GAP;
    const within = (around: Gutter) => ({ gutter: around, gap, width: room.width });
    const arranged = (around: Gutter) =>
      arrange(count, room, shape, around, { ...spacing, gap, least: isNarrow ? LEAST_NARROW : LEAST });
    const inOneLine = arranged(isNarrow ? NARROW_GUTTER : gutter);
    const isTight = !isNarrow && !isOneLine(this.#grids, { ...inOneLine, ...within(gutter) });
    const { columns, panel } = isTight ? arranged({ ...gutter, top: TWO_LINES }) : inOneLine;
    this.element.classList.toggle("narrow", isNarrow);
    this.element.classList.toggle("tight", isTight);
    this.element.style.setProperty("--words", `${Math.floor(wordsRoom({ columns, panel, ...within(gutter) }))}px`);
    if (isNarrow) this.element.style.setProperty("--narrow-title", `${narrowTitle(this.#letters, panel.width)}px`);
    this.element.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
    this.element.style.gap = `${gap}px`;
    for (const sized of [...this.#maps, ...this.#strips]) sized.setSize(panel);
    const places = this.#places ?? this.#maps.map((_, i) => ({ row: Math.floor(i / columns), column: i % columns }));
    places.forEach(({ row, column }, index) => {
      this.#maps[index].element.classList.toggle("at-right", column >= columns / 2);
      if (this.#places) this.#cells[index].style.gridArea = `${row + 1} / ${column + 1}`;
    });
    this.#lay(isNarrow ? places : null, panel);
  }

  /** A sheet under panels of this size at these places; without places none. */
  #lay(places: readonly Place[] | null, panel: Size): void {
    if (!places) {
      this.#sheet?.element.remove();
      this.#sheet = null;
      return;
    }
    if (!this.#sheet) {
      this.#sheet = new Sheet(this.#grids);
      this.element.prepend(this.#sheet.element);
      for (const map of this.#maps) map.clear();
    }
    const { left, top, right, bottom } = NARROW_GUTTER;
    const corners = places.map(({ row, column }) => ({
      x: column * (left + panel.width + right + NARROW_GAP) + left,
      y: row * (top + panel.height + bottom + NARROW_GAP) + top,
    }));
    this.#sheet.place({ panel, corners }, devicePixelRatio);
  }

  paint(frame: Frame, palette: Palette): void {
    this.#sheet?.paint(frame, palette);
    this.#maps.forEach((map, panel) => {
      const one = { values: panelValues(this.#grids, frame, panel), range: frame.range };
      if (!this.#sheet) map.paint(one, palette);
      this.#strips[panel]?.paint(one, palette);
      map.draw(frame.curves?.filter((curve) => curve.panel === panel) ?? []);
    });
  }

  mark(cell: Cell | null, frame: Frame): void {
    this.#maps.forEach((map, panel) => {
      map.element.classList.toggle("pointed", cell?.panel === panel);
      map.mark(cell, cell && cellWords(this.#grids, frame, panel, cell));
      this.#strips[panel]?.point(cell);
    });
  }
}

/** The size of the font in which a title of so many letters fits into `width` pixels, where that can be read. */
function narrowTitle(letters: number, width: number): number {
  const fitting = (NARROW_TITLE * width) / (letters * NARROW_LETTER);
  return Math.min(Math.max(fitting, SMALLEST_TITLE), NARROW_TITLE);
}

function beside(map: HTMLElement, strips: Strips): HTMLElement {
  const element = make("div", { class: "with-strips" }, map, ...strips.elements);
  element.style.setProperty("--strip", `${STRIP}px`);
  return element;
}

function makeMap(grids: Grids, title: string, panel: number, calls: PictureCalls): HeatMap {
  const map = new HeatMap(grids, panel, calls);
  const { onPanel } = calls;
  if (onPanel) {
    map.plot.append(make("button", { class: "open-head", "aria-label": texts.picture.large(title), type: "button" }));
    const onClick = (event: MouseEvent) => onPanel(panel, event.detail ? map.cellAt(event) : null); // keys click nowhere
    listenForClick(map.plot, onClick, grids.region ? DOUBLE_MS : 0);
  }
  return map;
}

/** Call `onClick` after a click, but not after a double click within `wait` milliseconds. */
function listenForClick(plot: HTMLElement, onClick: (event: MouseEvent) => void, wait: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  plot.addEventListener("click", (event) => {
    clearTimeout(timer);
    if (wait) timer = setTimeout(onClick, wait, event);
    else onClick(event);
  });
  plot.addEventListener("dblclick", () => clearTimeout(timer));
}
