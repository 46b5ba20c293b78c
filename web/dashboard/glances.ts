/** Glances of runs, asked for once for each state in which a run stands. */
import * as api from "./api.ts";
import { type Table, usable, valuesOf } from "./run_rows.ts";

const AT_ONCE = 3;

export class Glances {
  readonly #kept = new Map<string, { stand: string; glance: api.Glance | null }>();
  readonly #onArrival: () => void;
  #wanted: readonly (readonly [id: string, stand: string])[] = [];
  #busy = 0;

  /** `onArrival()` is called whenever one came. */
  constructor(onArrival: () => void) {
    this.#onArrival = onArrival;
  }

  /** The glance of a run, as far as it is here. */
  of(id: string): api.Glance | null {
    return this.#kept.get(id)?.glance ?? null;
  }

  /** Get what is missing of these rows, and nothing else that was wanted before. */
  want(table: Table, rows: readonly number[]): void {
    const [ids, epochs, states] = ["id", "epoch", "state"].map((column) => valuesOf(table, column));
    const wanted = usable(table, rows).map((row) => [String(ids[row]), `${epochs[row]} ${states[row]}`] as const);
    this.#wanted = wanted.filter(([id, stand]) => this.#kept.get(id)?.stand !== stand);
    for (let free = AT_ONCE - this.#busy; free > 0; free--) void this.#next();
  }

  async #next(): Promise<void> {
    const [[id, stand] = [null, ""], ...others] = this.#wanted;
    if (id === null) return;
    this.#wanted = others;
    this.#busy += 1;
    this.#kept.set(id, { stand, glance: this.of(id) }); // nobody asks twice
    const glance = await found(id);
    this.#kept.set(id, { stand, glance });
    this.#busy -= 1;
    this.#onArrival();
    void this.#next();
  }
}

/** null where the run cannot be read, of which its row tells. */
async function found(id: string): Promise<api.Glance | null> {
  try {
    return await api.glance(id);
  } catch (error) {
    if (error instanceof api.ApiError) return null;
    throw error;
  }
}
