/** What an address asks for that a run does not have, and what is shown instead. */

import { type Control, optionOf } from "../core/control_bar.ts";
import { nearest } from "../core/epochs.ts";
import * as texts from "../core/texts.ts";
import type { Panel } from "./api.ts";
import type { State } from "./url_state.ts";

/** What there is: the panels, the one that is shown, and the epochs that can be. */
export interface There {
  readonly panels: readonly Panel[];
  readonly panel: Panel | null;
  /** The controls of that panel, with what the page itself can offer. */
  readonly controls: readonly Control[];
  readonly epochs: readonly number[];
}

/** Changes of the state that make it what is shown, and a sentence for each. */
export interface Corrections {
  readonly patch: Partial<State>;
  readonly sentences: readonly string[];
}

/** What has to change in `state` before everything in it is there. */
export function corrections(state: State, there: There): Corrections {
  const found = [ofView(state, there), ofEpoch(state, there), ofHead(state, there), ofOptions(state, there)];
  return {
    patch: Object.assign({}, ...found.map(({ patch }) => patch)),
    sentences: found.flatMap(({ sentences }) => sentences),
  };
}

const NONE: Corrections = { patch: {}, sentences: [] };

function ofView({ view }: State, { panels, panel }: There): Corrections {
  if (view === null || !panel || panel.view === view) return NONE;
  const asked = panels.find((one) => one.view === view);
  const why = asked ? texts.links.viewProblem(asked.title, asked.problem) : texts.links.noView(view);
  return { patch: { view: null }, sentences: [`${why} ${texts.links.shown(panel.title)}`] };
}

function ofEpoch({ epoch }: State, { epochs }: There): Corrections {
  if (epoch === null || !epochs.length || epochs.includes(epoch)) return NONE;
  const shown = epochs[nearest(epochs, epoch)];
  return { patch: { epoch: shown }, sentences: [texts.links.noCheckpoint(epoch, shown)] };
}

function ofHead({ head }: State, { panel }: There): Corrections {
  const count = panel?.heads?.length ?? 0;
  if (head === null || !count || head < count) return NONE;
  return { patch: { head: null }, sentences: [texts.links.noHead(head, count)] };
}

/** Values that no control has, and names that no view has. */
function ofOptions({ options }: State, { panels, panel, controls }: There): Corrections {
  if (!panel) return NONE;
  const kept: Record<string, string> = {};
  const sentences: string[] = [];
  const known = new Set(panels.flatMap(({ controls = [] }) => controls.map(({ name }) => name)));
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
