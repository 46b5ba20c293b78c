/** A picture in one place of the page: all panels of grids or one, or lines, kept as large as the place allows. */
import type { Palette } from "./colors.ts";
import type { Cell, Frame, Grids } from "./grids.ts";
import type { Size } from "./layout.ts";
import { LinePlots } from "./line_plots.ts";
import { type Painter, Panels, type PictureCalls } from "./panels.ts";
import type { Chart } from "./plots.ts";
import { Profile } from "./profile.ts";
import { markEdges } from "./scroll_edges.ts";

export class Picture {
  readonly #mount: HTMLElement;
  readonly #calls: PictureCalls;
  readonly #onReady: () => void;
  #painter: Painter | null = null;
  #plots: LinePlots | null = null;
  #key = "";

  /** `onReady()` is called when a frame has to be painted (anew). */
  constructor(mount: HTMLElement, calls: PictureCalls, onReady: () => void) {
    this.#mount = mount;
    this.#calls = calls;
    this.#onReady = onReady;
    mount.tabIndex = -1;
    markEdges(mount);
    new ResizeObserver(() => this.layout()).observe(mount);
  }

  /** Make room for frames of `grids`; `panel` is the one to show large, null for all, then with strips beside each or not. */
  prepare(grids: Grids, panel: number | null = null, hasStrips = false): void {
    const key = JSON.stringify([grids, panel, hasStrips]);
    if (this.#key === key) return;
    const only = grids.titles.length === 1 ? 0 : panel;
    const painter = only === null ? new Panels(grids, this.#calls, hasStrips) : new Profile(grids, only, this.#calls);
    this.#place(key, painter.element);
    this.#painter = painter;
    this.layout();
  }

  /** Show lines, with the epoch of now marked; without any the old ones fade. */
  show(chart: Chart | undefined, epoch: number | null): void {
    this.#mount.classList.toggle("waiting", !chart);
    if (!chart) return;
    if (!this.#plots) {
      const plots = new LinePlots();
      this.#place("lines", plots.element);
      this.#plots = plots;
      plots.layout(this.#room);
    }
    this.#plots.show(chart, epoch);
  }

  /** See `Painter.enough`. */
  get enough(): number | null {
    return this.#painter?.enough ?? null;
  }

  /** How many pixels of the screen a side of one of `count` panels has at most. */
  pixelsPerPanel(count: number): number {
    const { width, height } = this.#room;
    return Math.ceil(Math.sqrt((width * height) / Math.max(count, 1)) * (devicePixelRatio || 1));
  }

  get #room(): Size {
    const { width, height } = this.#mount.getBoundingClientRect();
    return { width, height };
  }

  #place(key: string, element: HTMLElement): void {
    this.#key = key;
    this.#painter = this.#plots = null;
    const hadFocus = this.#mount.matches(":focus-within");
    this.#mount.replaceChildren(element);
    if (hadFocus) this.#mount.focus({ preventScroll: true }); // keys go on to act on what is around the picture
  }

  clear(): void {
    this.#key = "";
    this.#painter = this.#plots = null;
    this.#mount.replaceChildren();
  }

  layout(): void {
    const room = this.#room;
    if (!room.width) return;
    this.#plots?.layout(room);
    this.#painter?.layout(room);
    if (this.#painter) this.#onReady();
  }

  /** Paint a frame and what it has at `cell`; without a frame the old picture fades. */
  paint(frame: Frame | undefined, palette: Palette | undefined, cell: Cell | null): void {
    this.#mount.classList.toggle("waiting", !frame);
    if (!this.#painter || !frame || !palette) return;
    this.#painter.paint(frame, palette);
    this.#painter.mark(cell, frame);
  }
}
