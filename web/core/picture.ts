/** A picture in one place of the page: all panels or one, kept as large as the place allows. */
import type { Palette } from "./colors.ts";
import type { Cell, Frame, Grids } from "./grids.ts";
import { type Painter, Panels, type PictureCalls } from "./panels.ts";
import { Profile } from "./profile.ts";

export class Picture {
  readonly #mount: HTMLElement;
  readonly #calls: PictureCalls;
  readonly #onReady: () => void;
  #painter: Painter | null = null;
  #key = "";

  /** `onReady()` is called when a frame has to be painted (anew). */
  constructor(mount: HTMLElement, calls: PictureCalls, onReady: () => void) {
    this.#mount = mount;
    this.#calls = calls;
    this.#onReady = onReady;
    new ResizeObserver(() => this.layout()).observe(mount);
  }

  /** Make room for frames of `grids`; `panel` is the one to show large, null for all. */
  prepare(grids: Grids, panel: number | null = null): void {
    const key = JSON.stringify([grids, panel]);
    if (this.#key === key) return;
    this.#key = key;
    this.#painter = panel === null ? new Panels(grids, this.#calls) : new Profile(grids, panel, this.#calls);
    this.#mount.replaceChildren(this.#painter.element);
    this.layout();
  }

  clear(): void {
    this.#key = "";
    this.#painter = null;
    this.#mount.replaceChildren();
  }

  layout(): void {
    const { width, height } = this.#mount.getBoundingClientRect();
    if (!this.#painter || !width) return;
    this.#painter.layout({ width, height });
    this.#onReady();
  }

  /** Paint a frame and what it has at `cell`; without a frame the old picture fades. */
  paint(frame: Frame | undefined, palette: Palette | undefined, cell: Cell | null): void {
    this.#mount.classList.toggle("waiting", !frame);
    if (!this.#painter || !frame || !palette) return;
    this.#painter.paint(frame, palette);
    this.#painter.mark(cell, frame);
  }
}
