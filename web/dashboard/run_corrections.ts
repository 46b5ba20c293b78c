/** What an address asks for that a run does not have, and what is shown instead. */

import { type Control, optionOf } from "../core/control_bar.ts";
import { nearest } from "../core/epochs.ts";
import type { Described } from "../core/look.ts";
import { readRegion, regionWords, within } from "../core/region.ts";
import * as texts from "../core/texts.ts";
import type { Panel } from "./api.ts";
import { type Corrections, NONE } from "./corrections.ts";
import type { State } from "./url_state.ts";

/** What there is: the panels, the one that is shown, and the epochs that can be. */
export interface RunFacts {
  readonly panels: readonly Panel[];
  readonly panel: Panel | null;
  /** The controls of that panel, with what the page itself can offer. */
  readonly controls: readonly Control[];
  readonly epochs: readonly number[];
}

/** How many places grids have down and to the right. */
export type Sizes = readonly [down: number, right: number];

export const sizesOf = (grids: Pick<Described, "axes"> | null | undefined): Sizes | null =>
  grids ? [grids.axes[0].size, grids.axes[1].size] : null;

/** Panels of which only grids can be shown. */
export const onlyGrids = (panels: readonly Panel[]): Panel[] =>
  panels.map(({ command: _, ...panel }) => {
    const isShown = panel.shows === "grids" || panel.problem;
    return isShown ? panel : { ...panel, problem: texts.links.onlyGrids };
  });

export function ofView({ view }: State, { panels, panel }: RunFacts): Corrections {
  if (view === null || !panel || panel.view === view) return NONE;
  const asked = panels.find((one) => one.view === view && one.problem);
  if (asked?.command) return NONE; // the page says how to have it
  const why = asked?.problem ? texts.links.viewProblem(asked.title, asked.problem) : texts.links.noView(view);
  return { patch: { view: null }, sentences: [`${why} ${texts.links.shown(panel.title)}`] };
}

export function ofEpoch({ epoch }: State, { epochs }: RunFacts): Corrections {
  if (epoch === null || !epochs.length || epochs.includes(epoch)) return NONE;
  const shown = epochs[nearest(epochs, epoch)];
  return { patch: { epoch: shown }, sentences: [texts.links.noCheckpoint(epoch, shown)] };
}

export function ofHead({ head }: State, { panel }: RunFacts): Corrections {
  const count = panel?.heads?.length ?? 0;
  if (head === null || !count || head < count) return NONE;
  return { patch: { head: null }, sentences: [texts.links.noHead(head, count)] };
}

/** Names of controls that some view of a run has. */
export const namesOf = (panels: readonly Panel[]): ReadonlySet<string> =>
  new Set(panels.flatMap(({ controls = [] }) => controls.map(({ name }) => name)));

/** Names that no view has, where no view is shown. */
export function ofNames({ options }: State, known: ReadonlySet<string>): Corrections {
  const [kept, unknown] = [true, false].map((is) => Object.entries(options).filter(([name]) => known.has(name) === is));
  if (!unknown.length) return NONE;
  return { patch: { options: Object.fromEntries(kept) }, sentences: unknown.map(([name]) => texts.links.noName(name)) };
}

/** Values that no control has, and names that no view has. */
export function ofOptions({ options }: State, { panels, panel, controls }: RunFacts): Corrections {
  if (!panel) return NONE;
  const kept: Record<string, string> = {};
  const sentences: string[] = [];
  const known = namesOf(panels);
  for (const [name, value] of Object.entries(options)) {
    const control = controls.find((one) => one.name === name);
    if (!control && known.has(name)) kept[name] = value; // another view has it
    if (!control) {
      if (!known.has(name)) sentences.push(texts.links.noSetting(name));
      continue;
    }
    if (control.options.some((option) => option.value === value)) kept[name] = value;
    else sentences.push(texts.links.notAllowed(control.label, value, optionOf(control, {})?.label ?? texts.links.nothing));
  }
  return sentences.length ? { patch: { options: kept }, sentences } : NONE;
}

/** A part that the grids do not have is shown as far as they have it. */
export function ofZoom({ zoom }: State, [down, right]: Sizes): Corrections {
  const asked = readRegion(zoom);
  if (zoom === null || !asked) return NONE;
  const axes = [down, right].map((size) => ({ name: "", size }));
  const seen = within(asked, [axes[0], axes[1]]);
  const words = seen && regionWords(seen);
  if (words === zoom) return NONE;
  const isWhole = seen === null && asked.rows[1] === down - 1 && asked.columns[1] === right - 1;
  const sentence = texts.links.notAllowed(texts.links.field("zoom"), zoom, words ?? texts.links.wholeGrid);
  return { patch: { zoom: words }, sentences: isWhole ? [] : [sentence] };
}
