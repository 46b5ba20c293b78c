/** Paints the frames that the kernel sends. One question is open at a time, so fast scrubbing never queues up. */
import { ColorBar } from "../core/color_bar.ts";
import { Palette } from "../core/colors.ts";
import { make } from "../core/dom.ts";
import { epochWords } from "../core/format.ts";
import type { Cell, Frame } from "../core/grids.ts";
import * as keys from "../core/keys.ts";
import { lossSeries } from "../core/losses.ts";
import { Picture } from "../core/picture.ts";
import { Readout } from "../core/readout.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import { transport } from "../core/transport.ts";
import { bytesOf, type Model } from "./model.ts";

const INDEX_BYTES = 4; // before the cells of a frame

interface Shown {
  readonly index: number;
  readonly frame: Frame | undefined;
  readonly palette: Palette | undefined;
}

export class Scrub implements Host {
  readonly epochs: readonly number[];
  readonly isLive = false;
  readonly isFollowing = false;
  readonly #model: Model;
  readonly #select: HTMLSelectElement;
  readonly #heads = make("div", { class: "heads" });
  readonly #readout: Readout;
  readonly #bar: ColorBar;
  readonly #picture: Picture;
  readonly #timeline: Timeline;
  readonly #stop: (() => void)[] = [];
  #wanted: number;
  #shown: Shown | null = null;
  #isWaiting = false;
  #panel: number | null = null;
  #cell: Cell | null = null;
  #scheduled = 0;

  constructor(model: Model, root: HTMLElement) {
    this.#model = model;
    this.epochs = model.get("moments").map(([epoch]) => epoch);
    this.#wanted = model.get("index");
    this.#select = choiceOf(model);
    const [readout, bar] = [make("output", { class: "readout" }), make("div", { class: "color-bar" })];
    root.replaceChildren(
      make("div", { class: "words" }, this.#select, readout),
      make("div", { class: "stage" }, this.#heads, bar),
      ...transport(),
    );
    this.#readout = new Readout(readout);
    this.#bar = new ColorBar(bar);
    this.#timeline = new Timeline(root, this);
    const calls = {
      onCell: (cell: Cell | null) => this.#point(cell),
      onPanel: (panel: number | null) => this.#choose(panel),
    };
    this.#picture = new Picture(this.#heads, calls, () => this.#schedule());
    this.#listen(root);
    const { train, test } = model.get("curves");
    const last = Math.max(1, this.epochs.at(-1) ?? 0, train.x[train.x.length - 1] ?? 0, test.x[test.x.length - 1] ?? 0);
    this.#timeline.show(lossSeries(train, test), [], last);
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
    const toggle = () => this.#choose(this.#panel === null ? 0 : null);
    const arrive = () => this.#arrive();
    const follow = () => {
      this.#select.value = this.#model.get("choice");
    };
    this.#model.on("change:frame", arrive);
    this.#model.on("change:choice", follow);
    this.#stop.push(
      () => this.#model.off("change:frame", arrive),
      () => this.#model.off("change:choice", follow),
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
    this.#shown = { index, ...this.#content(stored) };
    this.#ask();
    this.#schedule();
  }

  /** The frame and its colours; neither where the epoch cannot be read. */
  #content(stored: DataView): Pick<Shown, "frame" | "palette"> {
    if (stored.byteLength <= INDEX_BYTES) return { frame: undefined, palette: undefined };
    const { grids } = this.#model.get("setting");
    this.#picture.prepare(grids, this.#panel);
    const frame: Frame = { values: bytesOf(stored, INDEX_BYTES), range: grids.range };
    return { frame, palette: Palette.fromBytes(bytesOf(this.#model.get("table")), grids.range) };
  }

  #choose(panel: number | null): void {
    this.#panel = panel;
    this.#picture.prepare(this.#model.get("setting").grids, panel);
    this.#schedule();
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
    if (this.epoch !== null) this.#timeline.mark(this.epoch);
    if (this.#shown === null) return;
    const { index, frame, palette } = this.#shown;
    this.#picture.paint(frame, palette, this.#cell);
    const { subject, grids } = this.#model.get("setting");
    if (palette) this.#bar.draw(palette, grids.valueName);
    const [epoch, train, test] = this.#model.get("moments")[index];
    const note = frame ? "" : `epoch ${epochWords(epoch)} cannot be shown: ${this.#model.get("problem")}`;
    this.#readout.show({ epoch, subject: subject ?? "", train, test, note });
  };
}

/** The choice of what to show; hidden where there is none. */
function choiceOf(model: Model): HTMLSelectElement {
  const choices = model.get("choices");
  const options = choices.map(([value, label]) => make("option", { value }, label));
  const select = make("select", { "aria-label": "what to show", hidden: choices.length < 2 }, ...options);
  select.value = model.get("choice");
  select.addEventListener("change", () => {
    model.set("choice", select.value);
    model.save_changes();
  });
  return select;
}
