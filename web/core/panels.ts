/** All panels of a picture, side by side, as large as the room allows. */
import type { Palette } from "./colors.ts";
import { make } from "./dom.ts";
import { type Cell, cellWords, type Frame, type Grids, panelValues, shapeOf } from "./grids.ts";
import { GUTTER, HeatMap, NARROW_GUTTER } from "./heat_map.ts";
import { arrange, type Size } from "./layout.ts";
import { type Place, placesOf, rowsAndColumns } from "./places.ts";

const GAP = 14;
const NARROW_GAP = 6;
const LEAST = 72; // of a panel with axes
const LEAST_NARROW = 40;
const MANY = 16; // panels, which may lose their axes to be seen together

/** What a picture tells of the pointer. */
export interface PictureCalls {
  /** The cell under the pointer, null where there is none. */
  onCell(cell: Cell | null): void;
  /** A panel was chosen to be seen alone; null asks for all. Without it panels cannot be chosen. */
  onPanel?(panel: number | null): void;
}

/** What draws the frames of one picture. */
export interface Painter {
  readonly element: HTMLElement;
  layout(room: Size): void;
  paint(frame: Frame, palette: Palette): void;
  /** Mark a cell in every panel, with what `frame` has there. */
  mark(cell: Cell | null, frame: Frame): void;
}

export class Panels implements Painter {
  readonly element: HTMLElement;
  readonly #grids: Grids;
  readonly #maps: readonly HeatMap[];
  readonly #places: readonly Place[] | null;

  constructor(grids: Grids, calls: PictureCalls) {
    this.#grids = grids;
    this.#places = placesOf(grids);
    this.#maps = grids.titles.map((title, panel) => makeMap(grids, title, panel, calls));
    this.element = make("div", { class: "head-grid" }, ...this.#maps.map((map) => map.element));
  }

  layout(room: Size): void {
    const fixed = this.#places && rowsAndColumns(this.#places);
    const spacing = { ratio: devicePixelRatio, fixed };
    const shape = shapeOf(this.#grids);
    const count = this.#maps.length;
    const wide = arrange(count, room, shape, GUTTER, { ...spacing, gap: GAP, least: 0 });
    const isNarrow = count > MANY && Math.max(wide.panel.width, wide.panel.height) < LEAST;
    const gap = isNarrow ? NARROW_GAP : GAP;
    const { columns, panel } = isNarrow
      ? arrange(count, room, shape, NARROW_GUTTER, { ...spacing, gap, least: LEAST_NARROW })
      : arrange(count, room, shape, GUTTER, { ...spacing, gap, least: LEAST });
    this.element.classList.toggle("narrow", isNarrow);
    this.element.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
    this.element.style.gap = `${gap}px`;
    for (const map of this.#maps) map.setSize(panel);
    this.#places?.forEach(({ row, column }, index) => {
      this.#maps[index].element.style.gridArea = `${row + 1} / ${column + 1}`;
    });
  }

  paint(frame: Frame, palette: Palette): void {
    this.#maps.forEach((map, panel) => {
      map.paint({ values: panelValues(this.#grids, frame, panel), range: frame.range }, palette);
      map.draw(frame.curves?.filter((curve) => curve.panel === panel) ?? []);
    });
  }

  mark(cell: Cell | null, frame: Frame): void {
    this.#maps.forEach((map, panel) => {
      map.mark(cell, cell && cellWords(this.#grids, frame, panel, cell));
    });
  }
}

function makeMap(grids: Grids, title: string, panel: number, { onCell, onPanel }: PictureCalls): HeatMap {
  const map = new HeatMap(grids, panel, onCell);
  if (onPanel) {
    map.plot.append(make("button", { class: "open-head", "aria-label": `${title} large`, type: "button" }));
    map.plot.addEventListener("click", () => onPanel(panel));
  }
  return map;
}
