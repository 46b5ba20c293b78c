/** Changes of the address where it asks for what is not there, with a sentence for each on what is shown instead. */
import type { State } from "./url_state.ts";

export interface Corrections {
  readonly patch: Partial<State>;
  readonly sentences: readonly string[];
}

export const NONE: Corrections = { patch: {}, sentences: [] };

export function joined(all: readonly Corrections[]): Corrections {
  return {
    patch: Object.assign({}, ...all.map(({ patch }) => patch)),
    sentences: all.flatMap(({ sentences }) => sentences),
  };
}
