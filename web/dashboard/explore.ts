/** The Explore page: state, session and picture brought together. Every move is painted locally, in one animation frame. */

import { valuesOf } from "../core/control_bar.ts";
import { byId, find } from "../core/dom.ts";
import { nearest } from "../core/epochs.ts";
import { constantWords } from "../core/format.ts";
import type { Content, FrameCache } from "../core/frame_cache.ts";
import type { Cell } from "../core/grids.ts";
import { MarkColors } from "../core/mark_layout.ts";
import { Readout } from "../core/readout.ts";
import { magnification, type Region, readRegion, regionWords, within } from "../core/region.ts";
import { STRIPS } from "../core/strips_control.ts";
import * as texts from "../core/texts.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import { View } from "../core/view.ts";
import type { ApiError, Panel } from "./api.ts";
import * as empty from "./empty_state.ts";
import { type Asked, type Exportable, partOf } from "./export_menu.ts";
import * as figures from "./figure_view.ts";
import { LinkCheck } from "./link_check.ts";
import { NoteForm } from "./note_form.ts";
import { opened } from "./openings.ts";
import { namesOf, type RunFacts, sizesOf } from "./run_corrections.ts";
import { scales } from "./scales.ts";
import { Session } from "./session.ts";
import { StageHeight } from "./stage_height.ts";
import { remark, stateWords } from "./state_words.ts";
import { StoryLine } from "./story_line.ts";
import { onTheme } from "./theme.ts";
import * as url from "./url_state.ts";
import type { VariantPicker } from "./variant_picker.ts";
import { chooseNumber, ViewControls } from "./view_controls.ts";

const REST_MS = 120; // after this long on one epoch the exact numbers are fetched

export class Explore implements Host, Exportable {
  readonly timeline: Timeline;
  session: Session | null = null;
  readonly #picker: VariantPicker;
  readonly #controls = new ViewControls("choices", "", [STRIPS]);
  readonly #readout = new Readout(byId("readout"), "picture-title");
  readonly #view: View;
  readonly #height = new StageHeight(find(byId("page-explore"), ".explore"), () => this.#schedule());
  /** The grids in the colours of these marks, which do not change from frame to frame. */
  readonly #colors = new MarkColors();
  readonly #story: StoryLine;
  #problem: ApiError | null = null;
  readonly #check = new LinkCheck();
  #scheduled = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #resting: { epoch: number; cache: FrameCache | null } | null = null;

  constructor(picker: VariantPicker) {
    this.#picker = picker;
    this.timeline = new Timeline(byId("page-explore"), this);
    const calls = {
      onReady: () => this.#schedule(),
      onPanel: (panel: number | null, cell: Cell | null = null) => this.#open(panel, cell),
      onRegion: (region: Region | null) => url.set({ zoom: region && regionWords(region) }),
    };
    this.#view = new View(byId("heads"), byId("color-bar"), scales(), calls);
    onTheme(() => this.#redraw());
    new NoteForm(this);
    this.#story = new StoryLine(() => this.#schedule());
  }

  /** Open the variant that the address names. */
  async open(): Promise<void> {
    const { variant } = url.get();
    this.session?.close();
    this.session = this.#problem = null;
    this.#check.restart();
    this.#view.picture.clear();
    if (variant !== null) {
      this.session = new Session(variant, (problem) => this.#onSession(problem));
      await this.session.watch();
    }
    this.update();
  }

  /** The shown epoch: the one of the address, else the newest that can be shown. */
  get epoch(): number | null {
    const { epoch } = url.get();
    const epochs = (epoch === null ? this.panel?.epochs : null) ?? this.epochs;
    const index = nearest(epochs, epoch ?? Infinity);
    return index < 0 ? null : epochs[index];
  }

  /** The view that is shown. */
  get panel(): Panel | null {
    return this.#problem ? null : (this.session?.panel(url.get().view) ?? null);
  }

  get epochs(): readonly number[] {
    return this.#problem ? [] : (this.session?.epochs ?? []);
  }

  get isLive(): boolean {
    return this.session?.isTraining ?? false;
  }

  get isFollowing(): boolean {
    return url.get().epoch === null;
  }

  asked(span: string): Asked | null {
    const { session, panel, epoch } = this;
    if (!session || !panel) return null;
    const values = valuesOf(session.controls(panel), url.get().options);
    const range = this.#cache?.range;
    if (values.color === "run" && range) values.color = range.join("..");
    const part = panel.shows === "grids" ? partOf(this.#region) : {};
    const at = span === "epoch" ? { epoch: String(epoch) } : {};
    return { of: session.id, query: { ...values, ...part, ...at, view: panel.view } };
  }

  isReady(epoch: number): boolean {
    const { panel, session } = this;
    return (panel && session && this.#cache?.isSettled(session.framed(panel, epoch))) ?? true;
  }

  get isLogAxis(): boolean {
    return url.get().epochs === "log";
  }

  setLogAxis(isLog: boolean): void {
    url.set({ epochs: isLog ? "log" : "linear" });
  }

  go(epoch: number | null): void {
    url.set({ epoch });
  }

  /** Keep the epoch that is shown beside the ones to come. */
  pin(): void {
    const { epoch, session } = this;
    if (session && epoch !== null) url.set({ page: "compare", with: `${session.id}@${epoch}`, epoch });
  }

  chooseNumber(index: number): void {
    chooseNumber(this.panel?.controls ?? [], index);
  }

  /** Everything but the picture: called when the session or the state changed. */
  update(): void {
    const { session, panel } = this;
    this.#check.check("run", this.#facts);
    this.#check.check("names", this.#names);
    const asked = session?.unanalysed(url.get().view) ?? null;
    const found = empty.find(this.#picker, session, this.#problem, asked);
    empty.show(found);
    const shows = found === null && panel ? panel.shows : null;
    byId("stage").hidden = shows !== "grids" && shows !== "lines";
    byId("stage").dataset.shows = shows ?? "";
    byId("figure").hidden = shows !== "figure";
    for (const part of ["readout", "story-words"]) byId(part).hidden = this.#problem !== null;
    byId("export").hidden = shows === null;
    byId("choices").hidden = shows === null && !asked;
    this.#controls.show(session, asked ? null : panel, session?.panels ?? [], asked ?? panel);
    this.#showState();
    const there = this.#problem ? null : session;
    this.timeline.show(there?.series() ?? [], there?.detail?.marks ?? [], there?.last ?? 0, there?.scalars);
    this.timeline.showPlayer();
    this.#schedule();
  }

  /** Only the epoch changed. */
  move(): void {
    this.timeline.showPlayer();
    this.#schedule();
  }

  /** Show one panel alone, or what it opens. */
  #open(panel: number | null, cell: Cell | null): void {
    url.set(opened(panel, cell, this.#cache?.shared?.grids ?? null, this.session?.panels ?? [], url.get()));
  }

  /** The part of the grids that is seen; null for all. */
  get #region(): Region | null {
    const { axes } = this.#view;
    return axes && within(readRegion(url.get().zoom), axes);
  }

  get #cache(): FrameCache | null {
    const { session, panel } = this;
    if (!session || !panel || panel.shows === "figure") return null;
    const { options, head } = url.get();
    const isAlone = head !== null && panel.shows === "grids" && this.#isFine(panel);
    const size = this.#cells(panel, isAlone ? 1 : null);
    if (!size) return null; // nobody sees it
    return session.cache(panel, options, { panel: isAlone ? head : null, size });
  }

  /** How many cells of all of a grid a side of one of `count` panels has room for, as it is zoomed; null for all panels. */
  #cells({ heads = [] }: Panel, count: number | null): number {
    const { axes, picture } = this.#view;
    const pixels = picture.pixelsPerPanel(count ?? heads.length);
    return axes ? Math.ceil(pixels * magnification(readRegion(url.get().zoom), axes)) : pixels;
  }

  /** Whether all panels together are finer than the screen, so that one alone is asked for by itself. */
  #isFine(panel: Panel): boolean {
    return (panel.cells ?? 0) > this.#cells(panel, null);
  }

  /** What the run has; null while it is not known, and where other runs are looked at. */
  get #facts(): RunFacts | null {
    const { session, panel } = this;
    if (!session?.detail || url.get().page !== "explore") return null;
    const { panels, epochs } = session;
    return { panels, panel, controls: session.controls(panel), epochs };
  }

  /** The names of controls, on a page without a picture. */
  get #names(): ReadonlySet<string> | null {
    const { page, wall } = url.get();
    const hasPicture = page === "explore" || page === "compare" || (page === "runs" && wall !== null);
    return this.session?.detail && !hasPicture ? namesOf(this.session.panels) : null;
  }

  #onSession(problem: ApiError | null): void {
    this.#problem = problem;
    this.update();
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
    if (url.get().page === "explore") document.title = texts.common.tab([session.detail.label, texts.common.epoch(epoch)]);
    const { panel } = this;
    const cache = this.#cache;
    const framed = panel ? session.framed(panel, epoch) : epoch;
    cache?.look(framed);
    const frame = cache?.get(framed);
    if (cache) this.#paint(session, epoch, frame, cache);
    this.#check.check("axes", sizesOf(cache?.shared?.grids));
    this.#height.fit(this.#view.picture.enough);
    this.#read(session, epoch, framed);
    this.#story.show(session.detail.story ?? null, epoch, session.epochs[session.epochs.length - 1] ?? epoch);
    this.#restLater(epoch, cache);
  };

  #paint(session: Session, epoch: number, frame: Content | undefined, cache: FrameCache): void {
    const { options, head, beside, zoom } = url.get();
    this.#view.paint(frame, {
      grids: this.#colors.of(cache.shared?.grids ?? null, session.detail?.marks ?? []),
      controls: session.controls(this.panel),
      choices: { ...options, beside },
      panel: head,
      region: readRegion(zoom),
      epoch,
      range: () => cache.range,
    });
  }

  #read(session: Session, epoch: number, framed: number): void {
    const cache = this.#cache;
    const [train, test] = session.lossesAt(epoch);
    const note = session.detail ? remark(session.detail, cache, framed) : "";
    const constant = constantWords(cache?.extentOf(framed) ?? null);
    this.#readout.show({ epoch, subject: cache?.subjectAt(framed) ?? "", train, test, note: note || constant });
  }

  /** Once the eye rests, paint and read the artifact's own float32 numbers. */
  #restLater(epoch: number, cache: FrameCache | null): void {
    if (this.#resting?.epoch === epoch && this.#resting.cache === cache) return;
    this.#resting = { epoch, cache };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#resting = null;
      const { session, panel } = this;
      if (!session || !panel) return;
      if (!this.timeline.player.direction && this.epoch !== null)
        void this.#cache?.fetchExact(session.framed(panel, this.epoch));
      if (panel.shows === "figure") figures.draw(session, panel.view, this.epoch);
    }, REST_MS);
  }

  #showState(): void {
    const detail = this.#problem ? null : (this.session?.detail ?? null);
    const state = detail?.state ?? this.#picker.entry(url.get().variant)?.state ?? "";
    byId("variant-state").dataset.state = state;
    byId("variant-state").textContent = stateWords(state, detail);
  }
}
