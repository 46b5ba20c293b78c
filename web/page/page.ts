/** A time-lapse that lies in the page itself: everything is there, so every epoch can be painted at once. */
import { ControlBar, numbered } from "../core/control_bar.ts";
import { byId } from "../core/dom.ts";
import { constantWords } from "../core/format.ts";
import type { Content as Frame } from "../core/frame_cache.ts";
import { around, extent, type Range } from "../core/grids.ts";
import * as keys from "../core/keys.ts";
import { withRunRange } from "../core/look.ts";
import { lossSeries } from "../core/losses.ts";
import { MarkColors } from "../core/mark_layout.ts";
import { Readout } from "../core/readout.ts";
import type { Region } from "../core/region.ts";
import { keySheet, keysOf, type PictureKeys, pictureShortcuts, stepShortcuts } from "../core/shortcuts.ts";
import { STRIPS } from "../core/strips_control.ts";
import { type Host, lastOf, Timeline } from "../core/timeline.ts";
import { transport } from "../core/transport.ts";
import { View } from "../core/view.ts";
import { type Content, framesOf, type Moment, type Part, partOf, type Side } from "./content.ts";

export class Page implements Host, PictureKeys {
  readonly epochs: readonly number[];
  readonly isLive = false;
  readonly isFollowing = false;
  readonly #content: Content;
  readonly #side: Side;
  #part: Part;
  #frames: readonly Frame[];
  readonly #timeline: Timeline;
  readonly #controls: ControlBar;
  readonly #view: View;
  readonly #readout = new Readout(byId("readout"), "picture-title");
  #shown: number;
  #choices: Readonly<Record<string, string>>;
  readonly #colors = new MarkColors();
  #panel: number | null = null;
  #region: Region | null;
  #scheduled = 0;

  constructor(content: Content, frames: readonly Frame[]) {
    this.#content = content;
    [this.#side] = content.sides;
    this.#frames = frames;
    this.#choices = content.choices;
    this.#part = partOf(this.#side, content.choices);
    this.epochs = content.moments.map(({ epoch }) => epoch);
    this.#shown = frames.length - 1;
    byId("variant").textContent = this.#side.variant;
    byId("timeline").replaceChildren(...transport());
    this.#timeline = new Timeline(byId("timeline"), this, content.fps);
    this.#region = content.region;
    const calls = {
      onReady: () => this.#schedule(),
      onPanel: (panel: number | null) => this.showPanel(panel),
      onRegion: (region: Region | null) => this.#zoom(region),
    };
    this.#view = new View(byId("heads"), byId("color-bar"), content.scales, calls);
    this.#controls = new ControlBar(byId("choices"), (name, value) => this.#choose(name, value));
    const shortcuts = [...stepShortcuts(this.#timeline), ...pictureShortcuts(this)];
    byId("keys").replaceWith(keySheet(shortcuts));
    keys.listen(window, keysOf(shortcuts));
  }

  get epoch(): number {
    return this.epochs[this.#shown];
  }

  get panel(): number | null {
    return this.#panel;
  }

  get panels(): number {
    return this.#part.grids?.titles.length ?? 0;
  }

  showPanel(panel: number | null): void {
    this.#panel = panel;
    this.#schedule();
  }

  chooseNumber(index: number): void {
    const found = numbered(this.#content.controls, index);
    if (!found) return;
    this.#choose(found.name, found.value);
    this.#showControls();
  }

  isReady(): boolean {
    return true;
  }

  go(epoch: number | null): void {
    this.#shown = epoch === null ? this.epochs.length - 1 : this.epochs.indexOf(epoch);
    this.#schedule();
  }

  start(): void {
    const { curves, marks, scalars } = this.#side;
    const last = lastOf(this.epochs, [curves.train, curves.test], scalars);
    this.#timeline.show(lossSeries(curves.train, curves.test), marks, last, scalars);
    this.#timeline.showPlayer();
    byId("stage").dataset.shows = this.#part.grids ? "grids" : "lines";
    this.#showControls();
    this.#schedule();
  }

  /** After a change of the theme, whose colours are drawn into canvases. */
  redraw(): void {
    this.#timeline.chart.draw();
    this.#schedule();
  }

  #showControls(): void {
    const strips = this.#part.grids ? [STRIPS] : [];
    this.#controls.show([...withRunRange(this.#content.controls), ...strips], this.#choices);
  }

  #choose(name: string, value: string): void {
    this.#choices = { ...this.#choices, [name]: value };
    const part = partOf(this.#side, this.#choices);
    if (part !== this.#part) void this.#show(part);
    this.#schedule();
  }

  async #show(part: Part): Promise<void> {
    const frames = await framesOf(part, this.#side);
    if (partOf(this.#side, this.#choices) !== part) return; // something else was chosen meanwhile
    this.#part = part;
    this.#frames = frames;
    this.#schedule();
  }

  #zoom(region: Region | null): void {
    this.#region = region;
    this.#schedule();
  }

  /** Least and largest value of all frames. */
  #range(): Range | null {
    const ranges = this.#frames.flatMap((frame) => ("values" in frame ? [extent(frame)] : []));
    return ranges.length ? around(ranges) : null;
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(this.#draw);
  }

  readonly #draw = (): void => {
    this.#scheduled = 0;
    const { moments, marks } = this.#side;
    const controls = withRunRange(this.#content.controls);
    const { grids, subject, subjects } = this.#part;
    const moment: Moment = moments[this.#shown];
    this.#timeline.mark(moment.epoch);
    const frame = this.#frames[this.#shown];
    this.#view.paint(frame, {
      grids: this.#colors.of(grids, marks),
      controls,
      choices: this.#choices,
      panel: this.#panel,
      region: this.#region,
      epoch: moment.epoch,
      range: () => this.#range(),
    });
    const note = "values" in frame ? constantWords(extent(frame)) : "";
    this.#readout.show({ ...moment, subject: subjects[this.#shown] ?? subject, note });
  };
}
