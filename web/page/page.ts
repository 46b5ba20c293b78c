/** A time-lapse that lies in the page itself: everything is there, so every epoch can be painted at once. */
import { ColorBar } from "../core/color_bar.ts";
import type { Palette } from "../core/colors.ts";
import { byId } from "../core/dom.ts";
import type { Cell, Frame } from "../core/grids.ts";
import * as keys from "../core/keys.ts";
import { lossSeries } from "../core/losses.ts";
import { Picture } from "../core/picture.ts";
import { Readout } from "../core/readout.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import { transport } from "../core/transport.ts";
import { type Content, type Moment, paletteOf } from "./content.ts";

export class Page implements Host {
  readonly epochs: readonly number[];
  readonly isLive = false;
  readonly isFollowing = false;
  readonly #content: Content;
  readonly #frames: readonly Frame[];
  readonly #palette: Palette;
  readonly #timeline: Timeline;
  readonly #picture: Picture;
  readonly #bar = new ColorBar(byId("color-bar"));
  readonly #readout = new Readout(byId("readout"), "picture-title");
  #shown: number;
  #panel: number | null = null;
  #cell: Cell | null = null;
  #scheduled = 0;

  constructor(content: Content, frames: readonly Frame[]) {
    this.#content = content;
    this.#frames = frames;
    this.#palette = paletteOf(content);
    this.epochs = content.moments.map(({ epoch }) => epoch);
    this.#shown = frames.length - 1;
    byId("variant").textContent = content.variant;
    byId("timeline").replaceChildren(...transport());
    this.#timeline = new Timeline(byId("timeline"), this, content.fps);
    const calls = {
      onCell: (cell: Cell | null) => this.#point(cell),
      onPanel: (panel: number | null) => this.#choose(panel),
    };
    this.#picture = new Picture(byId("heads"), calls, () => this.#schedule());
    keys.listen(window, { ...keys.stepKeys(this.#timeline), h: () => this.#toggle(), H: () => this.#toggle() });
  }

  get epoch(): number {
    return this.epochs[this.#shown];
  }

  isReady(): boolean {
    return true;
  }

  go(epoch: number | null): void {
    this.#shown = epoch === null ? this.epochs.length - 1 : this.epochs.indexOf(epoch);
    this.#schedule();
  }

  start(): void {
    const { train, test } = this.#content.curves;
    const last = Math.max(1, this.epochs.at(-1) ?? 0, train.x[train.x.length - 1] ?? 0, test.x[test.x.length - 1] ?? 0);
    this.#timeline.show(lossSeries(train, test), [], last);
    this.#timeline.showPlayer();
    this.#choose(null);
  }

  /** After a change of the theme, whose colours are drawn into canvases. */
  redraw(): void {
    this.#timeline.chart.draw();
    this.#schedule();
  }

  #choose(panel: number | null): void {
    this.#panel = panel;
    this.#picture.prepare(this.#content.grids, panel);
    this.#schedule();
  }

  #toggle(): void {
    this.#choose(this.#panel === null ? 0 : null);
  }

  #point(cell: Cell | null): void {
    this.#cell = cell;
    this.#schedule();
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(this.#draw);
  }

  readonly #draw = (): void => {
    this.#scheduled = 0;
    const { grids, moments, subject } = this.#content;
    const moment: Moment = moments[this.#shown];
    this.#timeline.mark(moment.epoch);
    this.#picture.paint(this.#frames[this.#shown], this.#palette, this.#cell);
    this.#bar.draw(this.#palette, grids.valueName);
    this.#readout.show({ ...moment, subject, note: "" });
  };
}
