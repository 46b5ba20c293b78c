/** The test losses of the runs in the table, on one axis, those that are chosen in front. */
import { byId } from "../core/dom.ts";
import { LineChart } from "../core/line_chart.ts";
import type { Series } from "../core/lines.ts";
import { lossSeries } from "../core/losses.ts";
import * as api from "./api.ts";
import * as controls from "./controls.ts";
import { lossPlot } from "./loss_plot.ts";
import { save } from "./plot_axes.ts";
import { type Table, valuesOf } from "./run_rows.ts";

const MOST = 64; // runs at a time
const AT_ONCE = 4;
const COLORS = ["--run-0", "--run-1", "--run-2", "--run-3"];

interface Kept {
  /** Where the run stood when its losses were asked for. */
  readonly epoch: number;
  readonly test: Float32Array;
}

export class RunLosses {
  readonly #mount = byId("run-losses");
  readonly #chart = new LineChart(this.#mount, "Test losses by epoch, log axis", () => {});
  readonly #kept = new Map<string, Kept>();
  #asked = 0;
  #shown: { series: readonly Series[]; names: readonly (string | null)[] } = { series: [], names: [] };

  constructor() {
    controls.onAction({
      "save-losses": () => save(lossPlot(this.#mount, this.#shown.series, this.#shown.names), "test-losses"),
    });
  }

  /** Show the first of `rows`, and all of `selected`. */
  async show(table: Table, rows: readonly number[], selected: ReadonlySet<number>): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const shown = [...new Set([...selected, ...rows.slice(0, MOST)])];
    const [ids, epochs] = [valuesOf(table, "id").map(String), valuesOf(table, "epoch")];
    this.#draw(ids, shown, selected, rows.length);
    const stale = shown.filter((row) => this.#kept.get(ids[row])?.epoch !== Number(epochs[row] ?? 0));
    for (let at = 0; at < stale.length && asked === this.#asked; at += AT_ONCE) {
      await Promise.all(stale.slice(at, at + AT_ONCE).map((row) => this.#load(ids[row], Number(epochs[row] ?? 0))));
      this.#draw(ids, shown, selected, rows.length);
    }
  }

  async #load(id: string, epoch: number): Promise<void> {
    const pairs = await api.losses(id, 0).catch((error: unknown) => {
      if (!(error instanceof api.ApiError)) throw error;
      return new Float32Array(0);
    });
    this.#kept.set(id, { epoch, test: Float32Array.from({ length: pairs.length / 2 }, (_, step) => pairs[2 * step + 1]) });
  }

  #draw(ids: readonly string[], shown: readonly number[], selected: ReadonlySet<number>, all: number): void {
    const front = shown.filter((row) => selected.has(row));
    const behind = shown.filter((row) => !selected.has(row));
    const series = [
      ...behind.flatMap((row) => this.#series(ids[row], "--faint", 1)),
      ...front.flatMap((row, index) => this.#series(ids[row], COLORS[index % COLORS.length], 2)),
    ];
    const named = front.filter((row) => this.#kept.get(ids[row])?.test.length).map((row) => ids[row].split("/")[1]);
    this.#shown = { series, names: [...Array<null>(series.length - named.length).fill(null), ...named] };
    const last = series.reduce((most, { x }) => Math.max(most, x[x.length - 1] ?? 0), 0);
    this.#chart.show({ series, marks: [], stops: [], last });
    const part = behind.length < all - front.length ? ` of the first ${behind.length} of ${all.toLocaleString("en")} runs` : "";
    byId("run-losses-words").textContent = `test loss${part}${front.length ? ", chosen runs in colour" : ""}`;
  }

  #series(id: string, color: string, width: number): Series[] {
    const test = this.#kept.get(id)?.test;
    if (!test?.length) return [];
    const x = Array.from(test, (_, step) => step + 1);
    return lossSeries({ x: [], y: [] }, { x, y: test }, { color })
      .slice(0, 1)
      .map((one) => ({ ...one, width }));
  }
}
