/** The Compare page: two to four variants at one moment, in one view with one colour range. */

import { valuesOf } from "../core/control_bar.ts";
import { byId, find } from "../core/dom.ts";
import { nearest } from "../core/epochs.ts";
import { around, type Cell } from "../core/grids.ts";
import { pinMark } from "../core/lines.ts";
import { type Region, regionWords } from "../core/region.ts";
import { type ShownSide, SidesView } from "../core/sides_view.ts";
import { STRIPS } from "../core/strips_control.ts";
import * as texts from "../core/texts.ts";
import { type Host, Timeline } from "../core/timeline.ts";
import { ALIGNMENTS, moments, shiftOf } from "./alignment.ts";
import type { ApiError } from "./api.ts";
import { ComparePanel } from "./compare_panel.ts";
import { Compared } from "./compared.ts";
import * as empty from "./empty_state.ts";
import { type Asked, type Exportable, partOf } from "./export_menu.ts";
import { LinkCheck } from "./link_check.ts";
import { opened } from "./openings.ts";
import { MOST, MOST_SIDES, pinned, sideOf } from "./pins.ts";
import { onlyGrids, type RunFacts, type Sizes, sizesOf } from "./run_corrections.ts";
import { scales } from "./scales.ts";
import { Session } from "./session.ts";
import { onTheme } from "./theme.ts";
import * as url from "./url_state.ts";
import type { VariantPicker } from "./variant_picker.ts";
import { chooseNumber, ViewControls } from "./view_controls.ts";

const ALIGN = { name: "align", label: texts.controls.align, isLook: false, options: ALIGNMENTS };
const INVITATION: empty.EmptyState = {
  title: texts.compare.title,
  text: texts.compare.invitation,
};

export class Compare implements Host, Exportable {
  readonly timeline: Timeline;
  readonly #picker: VariantPicker;
  readonly #compared = new Compared(MOST, (ids) => this.#choose(ids));
  readonly #controls = new ViewControls("compare-choices", "compare-", [ALIGN, STRIPS]);
  readonly #view: SidesView;
  #panels: readonly ComparePanel[] = [];
  readonly #runs = new Map<string, Session>();
  #scheduled = 0;
  readonly #check = new LinkCheck();

  constructor(picker: VariantPicker) {
    this.#picker = picker;
    const calls = {
      onPanel: (panel: number | null, cell: Cell | null = null) => this.#open(panel, cell),
      onRegion: (region: Region | null) => url.set({ zoom: region && regionWords(region) }),
    };
    this.#view = new SidesView(find(byId("page-compare"), ".stage"), scales(), calls, () => this.#schedule());
    this.timeline = new Timeline(byId("page-compare"), this);
    onTheme(() => this.timeline.chart.draw());
  }

  /** Have one panel for each chosen variant; those that stay keep what they have loaded. */
  open(): void {
    const ids = this.#ids;
    const before = new Map(this.#panels.map((panel) => [panel.id, panel]));
    for (const [id, panel] of before) if (!ids.includes(id)) panel.close();
    const made = (id: string) => new ComparePanel(id, this.#run(id), this.#view.calls, () => this.update());
    this.#panels = ids.map((id) => before.get(id) ?? made(id));
    this.#closeOthers();
    this.#check.restart();
    this.#view.arrange(this.#panels.map(({ box }) => box));
    this.update();
  }

  close(): void {
    for (const panel of this.#panels) panel.close();
    this.#panels = [];
    this.#closeOthers();
  }

  /** Keep the run that is scrubbed, at the epoch that is shown, beside it. */
  pin(): void {
    const [first] = this.#panels;
    const epoch = first?.at(this.epoch, this.#shift(first.session)) ?? null;
    if (epoch !== null) this.#choose(pinned(this.#ids, first.side.run, epoch, MOST_SIDES));
  }

  asked(span: string): Asked | null {
    const [first] = this.#panels;
    const shown = this.#panels.filter((panel) => panel.at(this.epoch, this.#shift(panel.session)) !== null);
    if (!first?.panel || shown.length < 2 || this.epoch === null) return null;
    const { options, align } = url.get();
    const values = valuesOf(first.session.controls(first.panel), options);
    const ranges = this.#panels.flatMap(({ cache }) => (cache?.range ? [cache.range] : []));
    if (values.color === "run" && ranges.length) values.color = around(ranges).join("..");
    const sides = shown.map(({ id }) => id).join(",");
    const at = span === "epoch" ? { epoch: String(this.epoch) } : {};
    const part = partOf(first.grids?.region ?? null);
    return { of: "compared", query: { ...values, ...part, ...at, view: first.panel.view, sides, align } };
  }

  get epochs(): readonly number[] {
    return moments(this.#sessions, url.get().align);
  }

  get epoch(): number | null {
    const { epochs } = this;
    const index = nearest(epochs, url.get().epoch ?? Infinity);
    return index < 0 ? null : epochs[index];
  }

  get isLive(): boolean {
    return this.#sessions.some((session) => session.isTraining);
  }

  get isFollowing(): boolean {
    return url.get().epoch === null;
  }

  isReady(moment: number): boolean {
    return this.#panels.every((panel) => {
      const epoch = panel.at(moment, this.#shift(panel.session));
      return epoch === null || (panel.cache?.isSettled(epoch) ?? true);
    });
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

  chooseNumber(index: number): void {
    chooseNumber(this.#panels[0]?.panel?.controls ?? [], index);
  }

  update(): void {
    if (url.get().page !== "compare") return;
    this.#checkLink();
    this.#showControls();
    const menu = document.getElementById("compare-export"); // a site has none
    if (menu) menu.hidden = this.#panels.length < 2;
    empty.show(this.#empty, byId("compare-notice"));
    this.#showTimeline();
    this.#schedule();
  }

  /** Only the epoch changed. */
  move(): void {
    this.timeline.showPlayer();
    this.#schedule();
  }

  get #ids(): string[] {
    const { variant, with: others } = url.get();
    const ids = [...new Set([variant ?? "", ...(others?.split(",") ?? [])])].filter(Boolean);
    return ids.filter((id, index) => index < MOST || sideOf(id).epoch !== null).slice(0, MOST_SIDES);
  }

  #choose(ids: readonly string[]): void {
    const [variant, ...others] = ids.slice(0, MOST_SIDES);
    if (variant) url.set({ variant: sideOf(variant).run, with: others.join(",") || null });
  }

  /** The session of the run on a side, which is opened once however many sides show it. */
  #run(id: string): Session {
    const { run } = sideOf(id);
    const known = this.#runs.get(run);
    if (known) return known;
    const onChange = (problem: ApiError | null) => {
      for (const panel of this.#panels) if (panel.side.run === run) panel.problem = problem;
      this.update();
    };
    const session = new Session(run, onChange, "uint16"); // small differences between sides are painted, too
    this.#runs.set(run, session);
    void session.watch();
    return session;
  }

  #closeOthers(): void {
    const shown = new Set(this.#panels.map(({ side }) => side.run));
    for (const [run, session] of this.#runs) {
      if (shown.has(run)) continue;
      session.close();
      this.#runs.delete(run);
    }
  }

  get #sessions(): Session[] {
    return [...new Set(this.#there.map((panel) => panel.session))].filter((session) => session.detail);
  }

  /** The sides whose run is there, as far as is known. */
  get #there(): ComparePanel[] {
    return this.#panels.filter(({ problem }) => !problem);
  }

  #shift(session: Session): number {
    return shiftOf(session, this.#sessions, url.get().align);
  }

  get #empty(): empty.EmptyState | null {
    if ((this.#picker.problem && this.#picker.variants === null) || !this.#panels.length)
      return empty.find(this.#picker, null, null);
    return this.#panels.length < 2 ? INVITATION : null;
  }

  #showControls(): void {
    this.#compared.show(this.#picker.offered, this.#ids);
    const first = this.#panels.find(({ panel }) => panel);
    const panels = first?.session.panels.filter(({ command }) => !command) ?? [];
    this.#controls.show(first?.session ?? null, first?.panel ?? null, panels);
  }

  /** Once all runs are known, and once their grids are. */
  #checkLink(): void {
    if (!this.#panels.length || this.#panels.some(({ session, problem }) => !session.detail && !problem)) return;
    this.#check.check("run", this.#facts);
    this.#check.check(
      "sides",
      this.#panels.map(({ id, panel }) => ({ id, epochs: panel?.epochs ?? [] })),
    );
  }

  get #facts(): RunFacts {
    const panels = onlyGrids(this.#panels.flatMap(({ session }) => session.panels));
    const first = this.#panels.find(({ panel }) => panel) ?? this.#panels[0];
    const panel = first.panel ?? first.session.panel(null);
    return { panels, panel, controls: first.session.controls(panel), epochs: this.epochs };
  }

  #showTimeline(): void {
    const scrubbed = this.#there.filter(
      ({ session, side }) =>
        side.epoch === null || !this.#panels.some((other) => other.session === session && other.side.epoch === null),
    );
    const series = scrubbed.flatMap(({ session, box: { color } }) =>
      session.series({ shift: this.#shift(session), color, name: session.detail?.label ?? "" }),
    );
    const pins = this.#there.flatMap(({ session, side, box: { color } }) =>
      side.epoch === null ? [] : [pinMark(side.epoch, this.#shift(session), color)],
    );
    const ends = this.#sessions.map((session) => session.last + this.#shift(session));
    this.timeline.show(series, pins, Math.max(0, ...ends));
    this.timeline.showPlayer();
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(this.#draw);
  }

  readonly #draw = (): void => {
    this.#scheduled = 0;
    const moment = this.epoch;
    if (moment !== null) this.timeline.mark(moment);
    const first = this.#panels.find(({ panel }) => panel);
    const sides = this.#panels.map((panel) => this.#shown(panel, panel.at(moment, this.#shift(panel.session))));
    this.#check.check("axes", largest(this.#panels.filter(({ panel }) => panel).map(({ grids }) => sizesOf(grids))));
    const { options, beside, head } = url.get();
    const controls = first?.session.controls(first.panel) ?? [];
    this.#view.paint(sides, { controls, choices: { ...options, beside }, panel: head });
  };

  #shown(panel: ComparePanel, epoch: number | null): ShownSide {
    panel.describe(epoch);
    if (panel.problem) panel.box.picture.clear();
    return { box: panel.box, grids: panel.grids, frame: panel.frame(epoch), range: panel.cache?.range ?? null };
  }

  /** Show one panel of each alone, or what it opens. */
  #open(panel: number | null, cell: Cell | null): void {
    const first = this.#panels.find(({ grids }) => grids);
    url.set(opened(panel, cell, first?.grids ?? null, first?.session.panels ?? [], url.get()));
  }
}

/** The sizes of the largest grids; null while some are not known, and where there are none. */
function largest(all: readonly (Sizes | null)[]): Sizes | null {
  const known = all.filter((sizes) => sizes !== null);
  if (known.length < Math.max(all.length, 1)) return null;
  return [Math.max(...known.map(([down]) => down)), Math.max(...known.map(([, right]) => right))];
}
