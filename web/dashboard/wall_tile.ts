/** One run on the wall: its label, where it stands, and its panels without axes. */

import type { Palette } from "../core/colors.ts";
import { make } from "../core/dom.ts";
import { type Cell, cellWords, type Frame, type Grids, panelValues } from "../core/grids.ts";
import { HeatMap } from "../core/heat_map.ts";
import * as texts from "../core/texts.ts";
import { tileWidth, type WallLayout } from "./wall_layout.ts";

export class WallTile {
  readonly element: HTMLElement;
  readonly #name = make("button", { type: "button", class: "tile-name" });
  readonly #words = make("span", { class: "tile-words" });
  readonly #panels = make("div", { class: "tile-panels" });
  #maps: readonly HeatMap[] = [];
  #prepared = "";
  #painted: { readonly grids: Grids; readonly frame: Frame } | null = null;

  /** `onOpen()` is called when the name is chosen. */
  constructor(onOpen: () => void) {
    this.element = make("section", { class: "tile narrow" }, make("header", {}, this.#name, this.#words), this.#panels);
    this.#name.addEventListener("click", onOpen);
  }

  get label(): string {
    return this.#name.textContent ?? "";
  }

  get words(): string {
    return this.#words.textContent ?? "";
  }

  /** Its canvases, in the order of the panels. */
  get canvases(): HTMLCanvasElement[] {
    return [...this.#panels.querySelectorAll("canvas")];
  }

  describe(label: string, name: string, words: string): void {
    if (this.label !== label) this.#name.textContent = label;
    this.#name.title = texts.wall.open(name);
    if (this.words !== words) this.#words.textContent = words;
  }

  setLayout(layout: WallLayout): void {
    this.#panels.style.gridTemplateColumns = `repeat(${layout.across}, ${layout.side}px)`;
    this.element.style.width = `${tileWidth(layout)}px`;
  }

  /** Paint a frame; without one the old picture fades. */
  paint(grids: Grids | null, frame: Frame | undefined, palette: Palette | null): void {
    this.#panels.classList.toggle("waiting", !frame);
    if (!grids || !frame || !palette) return;
    this.#prepare(grids);
    this.#painted = { grids, frame };
    this.#maps.forEach((map, panel) => {
      map.paint({ values: panelValues(grids, frame, panel), range: frame.range }, palette);
      map.draw(frame.curves?.filter((curve) => curve.panel === panel) ?? []);
    });
  }

  #say(cell: Cell | null, panel: number): void {
    const { grids, frame } = this.#painted ?? {};
    const words = cell && grids && frame ? `${grids.titles[panel]}: ${cellWords(grids, frame, panel, cell)}` : "";
    this.#panels.title = words;
  }

  #prepare(grids: Grids): void {
    const key = JSON.stringify(grids);
    if (key === this.#prepared) return;
    this.#prepared = key;
    this.#maps = grids.titles.map((_, panel) => new HeatMap(grids, panel, { onCell: (cell) => this.#say(cell, panel) }));
    this.#panels.replaceChildren(...this.#maps.map(({ plot }) => plot));
  }
}
