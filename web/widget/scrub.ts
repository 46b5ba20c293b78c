/** Paints the frames that the kernel sends. One question is open at a time, so fast scrubbing never queues up. */
import { type Control, ControlBar, numbered } from "../core/control_bar.ts";
import { find, make } from "../core/dom.ts";
import { constantWords } from "../core/format.ts";
import type { Content } from "../core/frame_cache.ts";
import { extent, type Range } from "../core/grids.ts";
import * as keys from "../core/keys.ts";
import { withRunRange } from "../core/look.ts";
import { lossSeries } from "../core/losses.ts";
import { MarkColors } from "../core/mark_layout.ts";
import { Readout } from "../core/readout.ts";
import { keySheet, keysOf, type PictureKeys, pictureShortcuts, stepShortcuts } from "../core/shortcuts.ts";
import { STRIPS } from "../core/strips_control.ts";
import * as texts from "../core/texts.ts";
import { type Host, lastOf, Timeline } from "../core/timeline.ts";
import { transport } from "../core/transport.ts";
import { View } from "../core/view.ts";
import { type Model, numbersOf, type Setting } from "./model.ts";

const HEADER_BYTES = 8; // index and number of the answer, before the numbers of a frame

interface Shown {
  readonly index: number;
  readonly setting: Setting;
  readonly frame: Content | undefined;
}

export class Scrub implements Host, PictureKeys {
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
  readonly #colors = new MarkColors();
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
    const calls = { onReady: () => this.#schedule(), onPanel: (panel: number | null) => this.showPanel(panel) };
    this.#view = new View(heads, bar, model.get("scales"), calls);
    this.#controls = new ControlBar(choices, (name, value) => this.#choose(name, value));
    this.#showControls();
    this.#timeline = new Timeline(root, this);
    this.#listen(root);
    this.#showCurves();
    this.#timeline.showPlayer();
    if (model.get("frame").byteLength) this.#arrive();
  }

  /** The epoch that is asked for: the slider is ahead of the picture. */
  get epoch(): number | null {
    return this.epochs[this.#wanted] ?? null;
  }

  get panel(): number | null {
    return this.#panel;
  }

  get panels(): number {
    return this.#shown?.setting.grids?.titles.length ?? 0;
  }

  showPanel(panel: number | null): void {
    this.#panel = panel;
    this.#schedule();
  }

  chooseNumber(index: number): void {
    const found = numbered(this.#model.get("controls"), index);
    if (!found) return;
    this.#choose(found.name, found.value);
    this.#showControls();
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
    const shortcuts = [...stepShortcuts(this.#timeline), ...pictureShortcuts(this)];
    find(root, ".words").append(keySheet(shortcuts));
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
      keys.listen(root, keysOf(shortcuts)),
    );
  }

  #showCurves(): void {
    const [scalars, { train, test }] = [this.#model.get("scalars"), this.#model.get("curves")];
    this.#timeline.show(
      lossSeries(train, test),
      this.#model.get("marks"),
      lastOf(this.epochs, [train, test], scalars),
      scalars,
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

  /** The controls that the kernel knows, and those of this side. */
  get #offered(): readonly Control[] {
    const strips = this.#model.get("setting").grids ? [STRIPS] : [];
    return [...withRunRange(this.#model.get("controls")), ...strips];
  }

  #showControls(): void {
    this.#controls.show(this.#offered, { ...this.#model.get("choices"), beside: this.#beside });
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
    this.#view.paint(frame, {
      grids: this.#colors.of(setting.grids, this.#model.get("marks")),
      controls: this.#offered,
      choices: { ...this.#model.get("choices"), beside: this.#beside },
      panel: this.#panel,
      epoch,
      range: () => rangeOf(this.#model.get("range")),
    });
    const constant = frame && "values" in frame ? constantWords(extent(frame)) : "";
    const note = frame ? constant : texts.picture.notShown(epoch, this.#model.get("problem"));
    this.#readout.show({ epoch, subject: setting.subject ?? "", train, test, note });
  };
}

const rangeOf = ([low, high]: readonly number[]): Range | null =>
  low === undefined || high === undefined ? null : [low, high];
