/** The Explore page: state, session and picture brought together. Every move is painted locally, in one animation frame. */
import { ColorBar } from "../core/color_bar.ts";
import type { Palette } from "../core/colors.ts";
import { byId } from "../core/dom.ts";
import { nearest } from "../core/epochs.ts";
import type { FrameCache } from "../core/frame_cache.ts";
import { type Cell, extent, type Frame, type Grids, type Range } from "../core/grids.ts";
import { Picture } from "../core/picture.ts";
import { Readout } from "../core/readout.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import type { ApiError } from "./api.ts";
import { ColorSettings } from "./color_settings.ts";
import * as controls from "./controls.ts";
import { onTheme } from "./dash.ts";
import * as empty from "./empty_state.ts";
import { FigureView } from "./figure_view.ts";
import { Session } from "./session.ts";
import { remark, stateWords } from "./state_words.ts";
import * as url from "./url_state.ts";
import type { VariantPicker } from "./variant_picker.ts";

const REST_MS = 120; // after this long on one epoch the exact numbers are fetched
const CONTROLS = ["pair", "color", "scale", "origin"] as const;

export class Explore implements Host {
  readonly timeline: Timeline;
  session: Session | null = null;
  readonly #picker: VariantPicker;
  readonly #colors = new ColorSettings();
  readonly #bar = new ColorBar(byId("color-bar"));
  readonly #readout = new Readout(byId("readout"), "picture-title");
  readonly #picture: Picture;
  readonly #figures: FigureView;
  #problem: ApiError | null = null;
  #cell: Cell | null = null;
  #scheduled = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #resting: { epoch: number; cache: FrameCache | null } | null = null;

  constructor(picker: VariantPicker) {
    this.#picker = picker;
    this.timeline = new Timeline(byId("page-explore"), this);
    const calls = { onCell: (cell: Cell | null) => this.#point(cell), onPanel: (head: number | null) => url.set({ head }) };
    this.#picture = new Picture(byId("heads"), calls, () => this.#schedule());
    this.#figures = new FigureView(this);
    onTheme(() => this.#redraw());
    for (const name of CONTROLS) controls.onChoice(name, (value) => url.set({ [name]: value }));
  }

  /** Open the variant that the address names. */
  async open(): Promise<void> {
    const { variant } = url.get();
    this.session?.close();
    this.session = this.#problem = null;
    this.#picture.clear();
    if (variant !== null) {
      this.session = new Session(variant, (problem) => this.#onSession(problem));
      await this.session.watch();
    }
    this.update();
  }

  /** The shown epoch: the one of the address, else the newest that can be shown. */
  get epoch(): number | null {
    const { epoch } = url.get();
    const epochs = (epoch === null && this.session?.panel ? this.session.pictured : this.session?.epochs) ?? [];
    const index = nearest(epochs, epoch ?? Infinity);
    return index < 0 ? null : epochs[index];
  }

  get epochs(): readonly number[] {
    return this.session?.epochs ?? [];
  }

  get isLive(): boolean {
    return this.session?.isTraining ?? false;
  }

  get isFollowing(): boolean {
    return url.get().epoch === null;
  }

  get runRange(): Range | null {
    return this.#cache?.range ?? null;
  }

  isReady(epoch: number): boolean {
    return this.#cache?.isSettled(epoch) ?? true;
  }

  go(epoch: number | null): void {
    url.set({ epoch });
  }

  choosePair(index: number): void {
    const option = this.session?.options("pair")[index];
    if (option) url.set({ pair: option.value });
  }

  /** Everything but the picture: called when the session or the state changed. */
  update(): void {
    const { session } = this;
    const found = empty.find(this.#picker, session, this.#problem);
    empty.show(found);
    const figure = found === null ? this.#figures.shown : null;
    const hasPicture = found === null && session?.panel != null && !figure;
    byId("stage").hidden = !hasPicture;
    byId("other-panels").hidden = !figure;
    this.#figures.offer();
    byId("choices").hidden = byId("export").hidden = !hasPicture;
    if (hasPicture && session) this.#updatePicture(session);
    this.#showState();
    this.timeline.show(session?.series() ?? [], session?.detail?.marks ?? [], session?.last ?? 0);
    this.timeline.showPlayer();
    this.#schedule();
  }

  /** Only the epoch changed. */
  move(): void {
    this.timeline.showPlayer();
    this.#schedule();
  }

  get #cache(): FrameCache | null {
    return this.session?.cache(url.get().pair) ?? null;
  }

  get #grids(): Grids | null {
    return this.session?.grids(url.get().origin) ?? null;
  }

  #onSession(problem: ApiError | null): void {
    this.#problem = problem;
    this.update();
  }

  #updatePicture(session: Session): void {
    const state = url.get();
    for (const name of CONTROLS) {
      controls.show(name, session.option(name, state[name])?.value ?? null, session.options(name));
    }
    const grids = this.#grids;
    if (grids) this.#picture.prepare(grids, state.head);
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(this.#draw);
  }

  /** Colours of the theme are drawn into canvases. */
  #redraw(): void {
    this.timeline.chart.draw();
    this.#schedule();
  }

  /** Paint the shown epoch. Only what is in memory is touched, so this takes a fraction of a millisecond. */
  readonly #draw = (): void => {
    this.#scheduled = 0;
    const { epoch, session } = this;
    if (epoch === null || !session?.detail) return;
    this.timeline.mark(epoch);
    const cache = this.#cache;
    cache?.look(epoch);
    const frame = cache?.get(epoch);
    this.#paint(session, frame, cache);
    this.#read(session, epoch, remark(session.detail, cache, epoch));
    this.#restLater(epoch, cache);
  };

  #paint(session: Session, frame: Frame | undefined, cache: FrameCache | null): void {
    const grids = this.#grids;
    const palette = frame && grids ? this.#palette(session, frame, grids, cache) : undefined;
    this.#picture.paint(frame, palette, this.#cell);
    if (palette && grids) this.#bar.draw(palette, grids.valueName);
  }

  #palette(session: Session, frame: Frame, grids: Grids, cache: FrameCache | null): Palette {
    const { color, scale } = url.get();
    return this.#colors.palette(session.option("color", color), scale, {
      fixed: () => grids.range,
      epoch: () => extent(frame),
      run: () => cache?.range ?? grids.range,
    });
  }

  #read(session: Session, epoch: number, note: string): void {
    const [train, test] = session.lossesAt(epoch);
    const subject = this.#figures.shown ? "" : (session.option("pair", url.get().pair)?.label ?? "");
    this.#readout.show({ epoch, subject, train, test, note });
  }

  #point(cell: Cell | null): void {
    this.#cell = cell;
    this.#schedule();
  }

  /** Once the eye rests, paint and read the artifact's own float32 numbers. */
  #restLater(epoch: number, cache: FrameCache | null): void {
    if (this.#resting?.epoch === epoch && this.#resting.cache === cache) return;
    this.#resting = { epoch, cache };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#resting = null;
      if (!this.timeline.player.direction && this.epoch !== null) void this.#cache?.fetchExact(this.epoch);
      this.#figures.draw();
    }, REST_MS);
  }

  #showState(): void {
    const detail = this.session?.detail ?? null;
    const state = detail?.state ?? this.#picker.entry(url.get().variant)?.state ?? "";
    byId("variant-state").dataset.state = state;
    byId("variant-state").textContent = stateWords(state, detail);
  }
}
