/** Test losses of runs, asked for once for each epoch at which a run stands. */
import * as api from "./api.ts";
import { type Table, usable, valuesOf } from "./run_rows.ts";

const AT_ONCE = 4;

interface Kept {
  /** Where the run stood when its losses were asked for. */
  readonly epoch: number;
  readonly test: Float32Array;
}

export class TestLosses {
  readonly #kept = new Map<string, Kept>();
  #asked = 0;

  /** The loss after each step of a run, as far as it is here. */
  of(id: string): Float32Array | null {
    return this.#kept.get(id)?.test ?? null;
  }

  /** Get what is missing of these rows; `onArrival()` is called as it comes. A later call ends this one. */
  async load(table: Table, rows: readonly number[], onArrival: () => void): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const [ids, epochs] = [valuesOf(table, "id").map(String), valuesOf(table, "epoch").map((epoch) => Number(epoch ?? 0))];
    const stale = usable(table, rows).filter((row) => this.#kept.get(ids[row])?.epoch !== epochs[row]);
    for (let at = 0; at < stale.length && asked === this.#asked; at += AT_ONCE) {
      await Promise.all(stale.slice(at, at + AT_ONCE).map((row) => this.#load(ids[row], epochs[row])));
      onArrival();
    }
  }

  async #load(id: string, epoch: number): Promise<void> {
    const pairs = await api.losses(id, 0).catch((error: unknown) => {
      if (!(error instanceof api.ApiError)) throw error;
      return new Float32Array(0);
    });
    this.#kept.set(id, { epoch, test: Float32Array.from({ length: pairs.length / 2 }, (_, step) => pairs[2 * step + 1]) });
  }
}
