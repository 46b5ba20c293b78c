/** Paints the frames that the kernel sends. One question is open at a time, so fast scrubbing never queues up. */
import { ControlBar } from "../core/control_bar.ts";
import { make } from "../core/dom.ts";
import { epochWords } from "../core/format.ts";
import type { Content } from "../core/frame_cache.ts";
import * as keys from "../core/keys.ts";
import { lossSeries } from "../core/losses.ts";
import { Readout } from "../core/readout.ts";
import { STRIPS } from "../core/strips_control.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import { transport } from "../core/transport.ts";
import { View } from "../core/view.ts";
import { type Model, numbersOf, type Setting } from "./model.ts";

const HEADER_BYTES = 8; // index and number of the answer, before the numbers of a frame

interface Shown {
  readonly index: number;
  readonly setting: Setting;
  readonly frame: Content | undefined;
}

export class Scrub implements Host {
  readonly epochs: readonly number[];
  readonly isLive = false;
  readonly isFollowing = false;
  readonly #model: Model;
  readonly #controls: ControlBar;
  readonly #stage: HTMLElement;
  readonly #readout: Readout;
  readonly #view: View;
  readonly #timeline: Timeline;
  readonly #stop: (() => void)[] = [];
  #wanted: number;
  #shown: Shown | null = null;
  #isWaiting = false;
  #panel: number | null = null;
  #beside = "none";
  #scheduled = 0;

  constructor(model: Model, root: HTMLElement) {
    this.#model = model;
    this.epochs = model.get("moments").map(([epoch]) => epoch);
    this.#wanted = model.get("index");
    const [choices, readout] = [make("div", { class: "choices" }), make("output", { class: "readout" })];
    const [heads, bar] = [make("div", { class: "heads" }), make("div", { class: "color-bar" })];
    this.#stage = make("div", { class: "stage" }, heads, bar);
    root.replaceChildren(make("div", { class: "words" }, choices, readout), this.#stage, ...transport());
    this.#readout = new Readout(readout);
    const calls = { onReady: () => this.#schedule(), onPanel: (panel: number | null) => this.#alone(panel) };
    this.#view = new View(heads, bar, model.get("scales"), calls);
    this.#controls = new ControlBar(choices, (name, value) => this.#choose(name, value));
    this.#showControls();
    this.#timeline = new Timeline(root, this);
    this.#listen(root);
    const { train, test } = model.get("curves");
    const last = Math.max(1, this.epochs.at(-1) ?? 0, train.x[train.x.length - 1] ?? 0, test.x[test.x.length - 1] ?? 0);
    this.#timeline.show(lossSeries(train, test), model.get("marks"), last);
    this.#timeline.showPlayer();
    if (model.get("frame").byteLength) this.#arrive();
  }

  /** The epoch that is asked for: the slider is ahead of the picture. */
  get epoch(): number | null {
    return this.epochs[this.#wanted] ?? null;
  }

  isReady(): boolean {
    return !this.#isWaiting;
  }

  go(epoch: number | null): void {
    this.#wanted = epoch === null ? this.epochs.length - 1 : this.epochs.indexOf(epoch);
    this.#ask();
    this.#schedule();
  }

  /** After a change of the theme, whose colours are drawn into canvases. */
  redraw(): void {
    this.#timeline.chart.draw();
    this.#schedule();
  }

  close(): void {
    this.#timeline.player.stop();
    for (const stop of this.#stop) stop();
  }

  #listen(root: HTMLElement): void {
    const toggle = () => this.#alone(this.#panel === null ? 0 : null);
    const arrive = () => this.#arrive();
    const follow = () => {
      this.#showControls();
      this.#schedule();
    };
    this.#model.on("change:frame", arrive);
    this.#model.on("change:choices", follow);
    this.#stop.push(
      () => this.#model.off("change:frame", arrive),
      () => this.#model.off("change:choices", follow),
      keys.listen(root, { ...keys.stepKeys(this.#timeline), h: toggle, H: toggle }),
    );
  }

  #ask(): void {
    if (this.#isWaiting || this.#wanted === this.#model.get("index")) return;
    this.#isWaiting = true;
    this.#model.set("index", this.#wanted);
    this.#model.save_changes();
  }

  /** A frame came, for this view of the widget or for another one. */
  #arrive(): void {
    const stored = this.#model.get("frame");
    const index = stored.getUint32(0, true);
    if (!this.#isWaiting) this.#wanted = index; // the same widget is shown elsewhere, and was moved there
    this.#isWaiting = false;
    this.#shown = { index, setting: this.#model.get("setting"), frame: this.#content(stored) };
    this.#ask();
    this.#schedule();
  }

  /** The frame; none where the epoch cannot be read. */
  #content(stored: DataView): Content | undefined {
    const { grids, lines } = this.#model.get("setting");
    if (this.#model.get("problem")) return undefined;
    if (lines) return lines;
    return grids && stored.byteLength > HEADER_BYTES
      ? { values: numbersOf(stored, HEADER_BYTES), range: grids.range, curves: grids.curves ?? [] }
      : undefined;
  }

  /** The controls that the kernel knows, and that of this side. */
  #showControls(): void {
    const strips = this.#model.get("setting").grids ? [STRIPS] : [];
    this.#controls.show([...this.#model.get("controls"), ...strips], { ...this.#model.get("choices"), beside: this.#beside });
  }

  #choose(name: string, value: string): void {
    if (name === STRIPS.name) this.#beside = value;
    else this.#tell(name, value);
    this.#schedule();
  }

  #tell(name: string, value: string): void {
    this.#model.set("choices", { ...this.#model.get("choices"), [name]: value });
    this.#model.save_changes();
  }

  #alone(panel: number | null): void {
    this.#panel = panel;
    this.#schedule();
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(this.#draw);
  }

  readonly #draw = (): void => {
    this.#scheduled = 0;
    if (this.epoch !== null) this.#timeline.mark(this.epoch);
    if (this.#shown === null) return;
    const { index, frame, setting } = this.#shown;
    const [epoch, train, test] = this.#model.get("moments")[index];
    this.#stage.dataset.shows = setting.grids ? "grids" : "lines";
    const [controls, choices] = [this.#model.get("controls"), { ...this.#model.get("choices"), beside: this.#beside }];
    this.#view.paint(frame, { grids: setting.grids, controls, choices, panel: this.#panel, epoch, range: () => null });
    const note = frame ? "" : `epoch ${epochWords(epoch)} cannot be shown: ${this.#model.get("problem")}`;
    this.#readout.show({ epoch, subject: setting.subject ?? "", train, test, note });
  };
}
