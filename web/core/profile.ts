/** One panel, large, with its means over either axis beside it. */

import { isValueBeside } from "./caption.ts";
import type { Palette } from "./colors.ts";
import { make } from "./dom.ts";
import { type Cell, cellWords, type Frame, type Grids, panelValues } from "./grids.ts";
import { gutterOf, HeatMap } from "./heat_map.ts";
import { fitPanel, type Gutter, type Size } from "./layout.ts";
import type { Painter, PictureCalls } from "./panels.ts";
import { windowOf } from "./region.ts";
import { Strips } from "./strips.ts";
import * as texts from "./texts.ts";

const STRIP = 76; // room for a strip
const DRAWN = STRIP - 16;
const LEAST = 140;
const TWO_LINES = 42; // room above the map for a title with the value below it; the same in caption.css

export class Profile implements Painter {
  readonly element: HTMLElement;
  readonly #grids: Grids;
  readonly #panel: number;
  readonly #map: HeatMap;
  readonly #strips: Strips;

  constructor(grids: Grids, panel: number, calls: PictureCalls) {
    this.#grids = grids;
    this.#panel = Math.min(panel, grids.titles.length - 1);
    this.#map = new HeatMap(grids, this.#panel, calls);
    this.#strips = new Strips(grids, DRAWN);
    if (grids.titles.length > 1) {
      const back = make("button", { class: "text-button", type: "button" }, texts.picture.allPanels(grids.panelName));
      back.addEventListener("click", () => calls.onPanel?.(null));
      this.#map.caption.firstElementChild?.after(back); // before the value, whose width changes: it would move the button
    }
    this.element = make("div", { class: "single-head with-strips" }, this.#map.element, ...this.#strips.elements);
    this.element.style.setProperty("--strip", `${STRIP}px`);
    this.element.style.setProperty("--left", `${gutterOf(grids).left}px`);
  }

  layout(room: Size): void {
    const left = { width: room.width - STRIP, height: room.height - STRIP };
    const fitted = (gutter: Gutter) => fitPanel(left, windowOf(this.#grids), gutter, LEAST, devicePixelRatio);
    const gutter = gutterOf(this.#grids);
    const wide = fitted(gutter);
    const isTight = !isValueBeside(this.#grids.titles[this.#panel], wide.width);
    const size = isTight ? fitted({ ...gutter, top: TWO_LINES }) : wide;
    this.element.classList.toggle("tight", isTight);
    this.#map.setSize(size);
    this.#strips.setSize(size);
  }

  paint(frame: Frame, palette: Palette): void {
    const panel = { values: panelValues(this.#grids, frame, this.#panel), range: frame.range };
    this.#map.paint(panel, palette);
    this.#map.draw(frame.curves?.filter((curve) => curve.panel === this.#panel) ?? []);
    this.#strips.paint(panel, palette);
  }

  mark(cell: Cell | null, frame: Frame): void {
    this.#map.mark(cell, cell && cellWords(this.#grids, frame, this.#panel, cell));
    this.#strips.point(cell);
  }
}
