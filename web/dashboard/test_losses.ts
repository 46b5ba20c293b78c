/** Test losses of runs, asked for once for each epoch at which a run stands. */
import type { Series } from "../core/lines.ts";
import { type Curve, type CurveStyle, lossSeries } from "../core/losses.ts";
import * as api from "./api.ts";
import { type Table, usable, valuesOf } from "./run_rows.ts";

const AT_ONCE = 4;

interface Kept {
  /** Where the run stood when its losses were asked for. */
  readonly epoch: number;
  readonly curve: Curve;
  made: { readonly key: string; readonly series: readonly Series[] } | null;
}

/** How a run's curve is drawn. */
export type Style = Pick<CurveStyle, "shift" | "color"> & { readonly width: number };

export class TestLosses {
  readonly #kept = new Map<string, Kept>();
  #asked = 0;

  /** The curve of a run, none before it is here; the same one until the losses or the style change. */
  series(id: string, { width, ...style }: Style): readonly Series[] {
    const kept = this.#kept.get(id);
    if (!kept?.curve.y.length) return [];
    const key = JSON.stringify([width, style]);
    if (kept.made?.key !== key) {
      const [test] = lossSeries({ x: [], y: [] }, kept.curve, { ...style, name: null });
      kept.made = { key, series: [{ ...test, width }] };
    }
    return kept.made.series;
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
    this.#kept.set(id, { epoch, curve: testCurve(pairs), made: null });
  }
}

/** From the train and test loss of each step to the test loss after it. */
function testCurve(pairs: Float32Array): Curve {
  const [x, y] = [new Float64Array(pairs.length / 2), new Float32Array(pairs.length / 2)];
  for (let step = 0; step < y.length; step++) {
    x[step] = step + 1;
    y[step] = pairs[2 * step + 1];
  }
  return { x, y };
}
