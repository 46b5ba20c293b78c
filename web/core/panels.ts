/** All panels of a picture, side by side, as large as the room allows. */
import type { Palette } from "./colors.ts";
import { make } from "./dom.ts";
import { type Cell, cellWords, type Frame, type Grids, panelValues } from "./grids.ts";
import { GUTTER, HeatMap } from "./heat_map.ts";
import { arrange, type Size } from "./layout.ts";

const GAP = 14;
const LEAST = 72;

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

  constructor(grids: Grids, calls: PictureCalls) {
    this.#grids = grids;
    this.#maps = grids.titles.map((title, panel) => makeMap(grids, title, panel, calls));
    this.element = make("div", { class: "head-grid" }, ...this.#maps.map((map) => map.element));
  }

  layout(room: Size): void {
    const [down, right] = this.#grids.axes;
    const shape = { rows: down.size, columns: right.size };
    const options = { gap: GAP, least: LEAST, ratio: devicePixelRatio };
    const { columns, panel } = arrange(this.#maps.length, room, shape, GUTTER, options);
    this.element.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
    this.element.style.gap = `${GAP}px`;
    for (const map of this.#maps) map.setSize(panel);
  }

  paint(frame: Frame, palette: Palette): void {
    this.#maps.forEach((map, panel) => {
      map.paint({ values: panelValues(this.#grids, frame, panel), range: frame.range }, palette);
    });
  }

  mark(cell: Cell | null, frame: Frame): void {
    this.#maps.forEach((map, panel) => {
      map.mark(cell, cell && cellWords(this.#grids, frame, panel, cell));
    });
  }
}

function makeMap(grids: Grids, title: string, panel: number, { onCell, onPanel }: PictureCalls): HeatMap {
  const map = new HeatMap(grids, title, onCell);
  if (onPanel) {
    map.plot.append(make("button", { class: "open-head", "aria-label": `${title} large`, type: "button" }));
    map.plot.addEventListener("click", () => onPanel(panel));
  }
  return map;
}
