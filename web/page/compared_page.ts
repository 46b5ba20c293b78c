/** Several time-lapses that lie in the page itself, side by side and moved by one slider, as the page Compare has them. */
import { type Choices, ControlBar, numbered } from "../core/control_bar.ts";
import { byId } from "../core/dom.ts";
import * as keys from "../core/keys.ts";
import { withRunRange } from "../core/look.ts";
import type { Region } from "../core/region.ts";
import { keySheet, keysOf, type PictureKeys, pictureShortcuts, stepShortcuts } from "../core/shortcuts.ts";
import { SidesView } from "../core/sides_view.ts";
import { STRIPS } from "../core/strips_control.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import { transport } from "../core/transport.ts";
import type { Content } from "./content.ts";
import { PageSide } from "./page_side.ts";

export class ComparedPage implements Host, PictureKeys {
  readonly epochs: readonly number[];
  readonly isLive = false;
  readonly isFollowing = false;
  readonly #content: Content;
  readonly #view: SidesView;
  readonly #sides: readonly PageSide[];
  readonly #timeline: Timeline;
  readonly #controls: ControlBar;
  #index: number;
  #choices: Choices;
  #panel: number | null = null;
  #region: Region | null;
  #scheduled = 0;

  constructor(content: Content) {
    this.#content = content;
    this.#choices = content.choices;
    this.#region = content.region;
    this.epochs = content.moments.map(({ epoch }) => epoch);
    this.#index = this.epochs.length - 1;
    byId("readout").hidden = true;
    byId("timeline").replaceChildren(...transport());
    const calls = {
      onPanel: (panel: number | null) => this.showPanel(panel),
      onRegion: (region: Region | null) => this.#zoom(region),
    };
    this.#view = new SidesView(byId("stage"), content.scales, calls, () => this.#schedule());
    this.#sides = content.sides.map((side) => new PageSide(side, this.#view.calls, () => this.#schedule()));
    this.#view.arrange(this.#sides.map(({ box }) => box));
    this.#timeline = new Timeline(byId("timeline"), this, content.fps);
    this.#controls = new ControlBar(byId("choices"), (name, value) => this.#choose(name, value));
    const shortcuts = [...stepShortcuts(this.#timeline), ...pictureShortcuts(this)];
    byId("keys").replaceWith(keySheet(shortcuts));
    keys.listen(window, keysOf(shortcuts));
  }

  get epoch(): number {
    return this.epochs[this.#index];
  }

  get panel(): number | null {
    return this.#panel;
  }

  get panels(): number {
    return this.#sides[0].panels;
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
    this.#index = epoch === null ? this.epochs.length - 1 : this.epochs.indexOf(epoch);
    this.#schedule();
  }

  async start(): Promise<void> {
    await this.#load();
    const scrubbed = this.#sides.filter((side) => side.isScrubbed || !this.#sides.some((other) => side.isBesideItself(other)));
    const ends = this.#sides.map(({ last }) => last);
    this.#timeline.show(
      scrubbed.flatMap((side) => side.series),
      this.#sides.flatMap((side) => side.pins),
      Math.max(1, ...this.epochs, ...ends),
    );
    this.#timeline.showPlayer();
    this.#showControls();
    this.#schedule();
  }

  /** After a change of the theme, whose colours are drawn into canvases. */
  redraw(): void {
    this.#timeline.chart.draw();
    this.#schedule();
  }

  #showControls(): void {
    this.#controls.show([...withRunRange(this.#content.controls), STRIPS], this.#choices);
  }

  #choose(name: string, value: string): void {
    this.#choices = { ...this.#choices, [name]: value };
    void this.#load();
    this.#schedule();
  }

  async #load(): Promise<void> {
    await Promise.all(this.#sides.map((side) => side.choose(this.#choices)));
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
    const { shown } = this.#content.moments[this.#index];
    const controls = withRunRange(this.#content.controls);
    this.#timeline.mark(this.epoch);
    byId("variant").textContent = this.#sides[0].subject;
    const look = { controls, choices: this.#choices, panel: this.#panel };
    this.#view.paint(
      this.#sides.map((side, index) => side.shown(shown[index], look, this.#region)),
      look,
    );
  };
}
