/** The wall: the same heads of many runs, moved by one slider, at the same epoch or aligned at grokking. */

import { ColorBar } from "../core/color_bar.ts";
import type { Palette } from "../core/colors.ts";
import { type Control, ControlBar } from "../core/control_bar.ts";
import { byId, contextOf, make } from "../core/dom.ts";
import { nearest } from "../core/epochs.ts";
import { valueWords } from "../core/format.ts";
import { around, extent, type Frame } from "../core/grids.ts";
import { Palettes, withRunRange } from "../core/look.ts";
import * as texts from "../core/texts.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import { transport } from "../core/transport.ts";
import { ALIGNMENTS, moments, shiftOf } from "./alignment.ts";
import { saveAs } from "./downloads.ts";
import { foldButton } from "./fold.ts";
import { LinkCheck } from "./link_check.ts";
import { onlyGrids, type RunFacts } from "./run_corrections.ts";
import { labelsOf, type RunLabel, titlesOf } from "./run_labels.ts";
import { type Table, valuesOf } from "./run_rows.ts";
import { scales } from "./scales.ts";
import type { TestLosses } from "./test_losses.ts";
import * as url from "./url_state.ts";
import { chooseNumber } from "./view_controls.ts";
import { tileWidth, type WallLayout, wallLayout } from "./wall_layout.ts";
import { wallPicture } from "./wall_picture.ts";
import { WallRun } from "./wall_run.ts";
import { WallTile } from "./wall_tile.ts";
import { asManyAsFit, linesOf } from "./wrapping.ts";

export const MOST = 64;
const AT_ONCE = 6;
const ALL = "all";
const LABEL = { size: 11, lines: 2 }; // of the name of a tile; the same in wall.css
const WORDS_SIZE = 10; // of the words under it; the same in wall.css

interface Hung {
  readonly run: WallRun;
  readonly tile: WallTile;
  name: string;
  label: RunLabel;
  /** As much of the label as there is room for. */
  title: string;
}

export class Wall implements Host {
  readonly timeline: Timeline;
  readonly isLive = false;
  readonly #mount = byId("wall");
  readonly #tiles = make("div", { class: "tiles" });
  readonly #bar: ColorBar;
  readonly #controls: ControlBar;
  readonly #palettes = new Palettes(scales());
  readonly #losses: TestLosses;
  readonly #measure = contextOf(make("canvas"));
  #hung: readonly Hung[] = [];
  #runs: readonly WallRun[] = []; // that have grids
  #shifts: ReadonlyMap<WallRun, number> = new Map();
  #epochs: readonly number[] = [];
  #layout: WallLayout = { columns: 1, across: 1, side: 1 };
  #painted: Palette | null = null;
  #scheduled = 0;
  #asked = 0;
  readonly #check = new LinkCheck();

  constructor(losses: TestLosses) {
    this.#losses = losses;
    const [bar, choices] = [make("div", { class: "color-bar" }), make("div", { class: "choices" })];
    const controls = make("div", { class: "controls" }, foldButton(), choices);
    this.#mount.append(controls, make("div", { class: "stage" }, this.#tiles, bar), ...transport());
    this.#bar = new ColorBar(bar);
    this.#controls = new ControlBar(choices, (name, value) => this.#choose(name, value), "wall-");
    this.timeline = new Timeline(this.#mount, this);
    new ResizeObserver(() => this.update()).observe(this.#tiles);
  }

  /** Hang these rows; those that hang already keep what they have loaded. */
  async show(table: Table, rows: readonly number[]): Promise<void> {
    const before = new Map(this.#hung.map((hung) => [hung.run.id, hung]));
    const ids = valuesOf(table, "id").map(String);
    const names = valuesOf(table, "run").map(String);
    const labels = labelsOf(table, rows);
    this.#hung = rows.map((row, index) => {
      const hung = before.get(ids[row]) ?? this.#made(ids[row]);
      before.delete(ids[row]);
      return Object.assign(hung, { name: names[row], label: labels[index] });
    });
    for (const { run } of before.values()) run.close();
    this.#tiles.replaceChildren(...this.#hung.map(({ tile }) => tile.element));
    this.update();
    void this.#losses.load(table, rows, () => this.#showTimeline());
    await this.#load(rows.map((row) => JSON.stringify(table.rows[row])));
  }

  /** Something else was chosen, or became known of a run. */
  update(): void {
    this.#arrange();
    this.#align();
    this.#showControls();
    this.#showTimeline();
    this.#schedule();
  }

  /** Only the epoch changed. */
  move(): void {
    this.timeline.showPlayer();
    this.#schedule();
  }

  close(): void {
    this.#check.restart();
    for (const { run } of this.#hung) run.close();
    this.#hung = [];
    this.#tiles.replaceChildren();
  }

  get epochs(): readonly number[] {
    return this.#epochs;
  }

  get epoch(): number | null {
    const { epochs } = this;
    const index = nearest(epochs, url.get().epoch ?? Infinity);
    return index < 0 ? null : epochs[index];
  }

  get isFollowing(): boolean {
    return url.get().epoch === null;
  }

  isReady(moment: number): boolean {
    return this.#runs.every((run) => {
      const epoch = run.at(moment, this.#shift(run));
      return epoch === null || (run.frames?.isSettled(epoch) ?? true);
    });
  }

  go(epoch: number | null): void {
    url.set({ epoch });
  }

  chooseNumber(index: number): void {
    chooseNumber(this.#first?.panel?.controls ?? [], index);
  }

  /** Save what is on the wall as an image. */
  save(): void {
    const head = this.#headControl.options.find(({ value }) => value === this.#head)?.label ?? "";
    const subject = this.#first?.frames?.shared?.subject ?? "";
    const colors = this.#painted
      ? `${this.#name} from ${valueWords(this.#painted.low, 3)} to ${valueWords(this.#painted.high, 3)}`
      : "";
    const title = texts.common.join([texts.common.runs(this.#hung.length), head.toLowerCase(), subject, colors]);
    const tiles = this.#hung.map(({ tile }) => tile);
    wallPicture(this.#mount, tiles, this.#layout, title).toBlob((blob) => blob && saveAs(blob, "wall.png"));
  }

  get #first(): WallRun | null {
    return this.#runs[0] ?? null;
  }

  /** What a value is. */
  get #name(): string {
    return this.#first?.frames?.shared?.grids?.valueName ?? "";
  }

  get #head(): string {
    const { head } = url.get();
    return head === null ? ALL : String(head);
  }

  get #headControl(): Control {
    const heads = this.#first?.panel?.heads ?? [];
    const options = [ALL, ...heads.map((_, head) => String(head))];
    const label = (value: string) => (value === ALL ? texts.common.allHeads : heads[Number(value)]);
    const offered = options.map((value) => ({ value, label: label(value), arguments: {} }));
    return { name: "head", label: texts.controls.heads, isLook: false, options: offered };
  }

  /** What the runs have; null where none can be on the wall. */
  get #facts(): RunFacts | null {
    const runs = this.#hung.map(({ run }) => run).filter(({ views }) => views.length);
    if (!runs.length) return null;
    const panels = onlyGrids(runs.flatMap((run) => run.panels));
    const panel = this.#first?.panel ?? runs[0].views[0];
    const epochs = this.#epochs.length ? this.#epochs : (panel.epochs ?? []);
    return { panels, panel, controls: withRunRange(panel.controls ?? []), epochs };
  }

  get #own(): readonly Control[] {
    return withRunRange(this.#first?.panel?.controls ?? []);
  }

  #made(id: string): Hung {
    const { epoch } = url.get();
    const open = () => url.set({ page: "explore", variant: id, epoch, head: null });
    const label = { given: null, needed: [id], others: [], short: id };
    return { run: new WallRun(id, () => this.#schedule()), tile: new WallTile(open), name: id, label, title: id };
  }

  /** Ask for the runs, a few at a time. A later call ends this one. */
  async #load(stands: readonly string[]): Promise<void> {
    this.#asked += 1;
    const [asked, hung] = [this.#asked, this.#hung];
    for (let at = 0; at < hung.length && asked === this.#asked; at += AT_ONCE) {
      await Promise.all(hung.slice(at, at + AT_ONCE).map(({ run }, index) => run.load(stands[at + index])));
      if (asked === this.#asked) this.update();
    }
    if (asked === this.#asked) this.#check.check("run", this.#facts);
  }

  #choose(name: string, value: string): void {
    if (name === "head") url.set({ head: value === ALL ? null : Number(value) });
    else if (name === "align" || name === "view") url.set({ [name]: value });
    else url.choose(name, value);
  }

  #shift(run: WallRun): number {
    return this.#shifts.get(run) ?? 0;
  }

  #showControls(): void {
    const { options, align, view } = url.get();
    const views = (this.#first?.views ?? []).map(({ view, title }) => ({ value: view, label: title, arguments: {} }));
    const all: Control[] = [
      { name: "view", label: texts.controls.view, isLook: false, options: views },
      this.#headControl,
      ...this.#own,
      { name: "align", label: texts.controls.align, isLook: false, options: ALIGNMENTS },
    ];
    this.#controls.show(all, { ...options, align, head: this.#head, ...(view ? { view } : {}) });
  }

  #showTimeline(): void {
    const series = this.#hung.flatMap(({ run }) =>
      this.#losses.series(run.id, { shift: this.#shift(run), color: "--faint", width: 1 }),
    );
    const ends = this.#runs.map((run) => (run.epochs.at(-1) ?? 0) + this.#shift(run));
    this.timeline.show(series, [], Math.max(0, ...ends));
    this.timeline.showPlayer();
  }

  /** Give the tiles their sizes, and ask for frames that suit them. */
  #arrange(): void {
    const { width, height } = this.#tiles.getBoundingClientRect();
    if (!width || !this.#hung.length) return;
    const { head, view, options } = url.get();
    const panels = head === null ? (this.#first?.panel?.heads?.length ?? 1) : 1;
    this.#layout = wallLayout(this.#hung.length, panels, { width, height });
    this.#tiles.style.gridTemplateColumns = `repeat(${this.#layout.columns}, max-content)`;
    const size = Math.ceil(this.#layout.side * (devicePixelRatio || 1));
    const labels = this.#hung.map(({ label }) => label);
    const titles = titlesOf(labels, this.#fitting());
    this.#hung.forEach((hung, index) => {
      hung.tile.setLayout(this.#layout);
      hung.title = titles[index];
      hung.run.choose(view, options, { panel: head, size });
    });
  }

  /** Whether a tile shows all of a label. */
  #fitting(): (label: string) => boolean {
    const widthOf = this.#widthsIn(LABEL.size);
    const room = tileWidth(this.#layout);
    return (label) => {
      const lines = linesOf(label, room, widthOf);
      return lines.length <= LABEL.lines && lines.every((line) => widthOf(line) <= room);
    };
  }

  #widthsIn(size: number): (text: string) => number {
    this.#measure.font = `${size}px ${getComputedStyle(this.#mount).fontFamily}`;
    return (text) => Math.ceil(this.#measure.measureText(text).width);
  }

  /** Put the runs on one axis. */
  #align(): void {
    const { align } = url.get();
    this.#runs = this.#hung.map(({ run }) => run).filter(({ panel }) => panel !== null);
    this.#shifts = new Map(this.#runs.map((run) => [run, shiftOf(run, this.#runs, align)]));
    this.#epochs = moments(this.#runs, align);
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(this.#draw);
  }

  readonly #draw = (): void => {
    this.#scheduled = 0;
    const moment = this.epoch;
    if (moment !== null) this.timeline.mark(moment);
    this.#paint(this.#hung.map(({ run }) => (moment === null ? null : run.at(moment, this.#shift(run)))));
  };

  #paint(epochs: readonly (number | null)[]): void {
    const frames = this.#hung.map(({ run }, index) => (epochs[index] === null ? undefined : run.frame(epochs[index])));
    const palette = this.#palette(frames.filter((frame) => frame !== undefined));
    const [room, widthOf] = [tileWidth(this.#layout), this.#widthsIn(WORDS_SIZE)];
    this.#hung.forEach(({ run, tile, name, label, title }, index) => {
      tile.paint(run.grids(url.get().options), frames[index], palette);
      tile.describe(
        title,
        texts.common.join([label.given ?? "", name]),
        asManyAsFit(wordsOf(run, epochs[index]), room, widthOf),
      );
    });
    this.#painted = palette;
    if (palette) this.#bar.draw(palette, this.#name);
  }

  #palette(here: readonly Frame[]): Palette | null {
    const range = this.#runs.map((run) => run.grids({})?.range).find((found) => found !== undefined);
    if (!range || !here.length) return null;
    return this.#palettes.chosen(this.#own, url.get().options, {
      fixed: () => range,
      epoch: () => around(here.map(extent)),
      run: () => around(this.#runs.map(({ frames }) => frames?.range ?? range)),
    });
  }
}

/** Where a run stands, the most important part first. */
function wordsOf(run: WallRun, epoch: number | null): readonly string[] {
  if (!run.isLoaded) return [texts.common.loading];
  if (epoch === null) return [run.problem || texts.wall.notAnalysed];
  if (run.frames?.failed.has(epoch)) return [texts.wall.unreadable(epoch)];
  const grokked = run.grokkedAt === null ? texts.grokking.before : epoch < run.grokkedAt ? "" : texts.grokking.after;
  return [texts.common.epoch(epoch), grokked];
}
