/** A time-lapse that lies in the page itself: everything is there, so every epoch can be painted at once. */
import { ControlBar, numbered } from "../core/control_bar.ts";
import { byId } from "../core/dom.ts";
import { constantWords } from "../core/format.ts";
import { extent } from "../core/grids.ts";
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
import type { Content, Moment, Side } from "./content.ts";
import { PageFrames } from "./page_frames.ts";

export class Page implements Host, PictureKeys {
  readonly epochs: readonly number[];
  readonly isLive = false;
  readonly isFollowing = false;
  readonly #content: Content;
  readonly #side: Side;
  readonly #frames: PageFrames;
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

  constructor(content: Content) {
    this.#content = content;
    [this.#side] = content.sides;
    this.#frames = new PageFrames(this.#side);
    this.#choices = content.choices;
    this.epochs = content.moments.map(({ epoch }) => epoch);
    this.#shown = this.epochs.length - 1;
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
    return this.#frames.panels;
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

  async start(): Promise<void> {
    await this.#frames.choose(this.#choices);
    const { curves, marks, scalars } = this.#side;
    const last = lastOf(this.epochs, [curves.train, curves.test], scalars);
    this.#timeline.show(lossSeries(curves.train, curves.test), marks, last, scalars);
    this.#timeline.showPlayer();
    byId("stage").dataset.shows = this.#frames.grids ? "grids" : "lines";
    this.#showControls();
    this.#schedule();
  }

  /** After a change of the theme, whose colours are drawn into canvases. */
  redraw(): void {
    this.#timeline.chart.draw();
    this.#schedule();
  }

  #showControls(): void {
    const strips = this.#frames.grids ? [STRIPS] : [];
    this.#controls.show([...withRunRange(this.#content.controls), ...strips], this.#choices);
  }

  #choose(name: string, value: string): void {
    this.#choices = { ...this.#choices, [name]: value };
    void this.#frames.choose(this.#choices).then(() => this.#schedule());
    this.#schedule();
  }

  #zoom(region: Region | null): void {
    this.#region = region;
    this.#schedule();
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(this.#draw);
  }

  readonly #draw = (): void => {
    this.#scheduled = 0;
    const { moments, marks } = this.#side;
    const controls = withRunRange(this.#content.controls);
    const moment: Moment = moments[this.#shown];
    this.#timeline.mark(moment.epoch);
    const frame = this.#frames.at(this.#shown);
    this.#view.paint(frame, {
      grids: this.#colors.of(this.#frames.grids, marks),
      controls,
      choices: this.#choices,
      panel: this.#panel,
      region: this.#region,
      epoch: moment.epoch,
      range: () => this.#frames.range,
    });
    const note = frame && "values" in frame ? constantWords(extent(frame)) : "";
    this.#readout.show({ ...moment, subject: this.#frames.subject(this.#shown), note });
  };
}
