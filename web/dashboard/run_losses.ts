/** The test losses of the runs in the table, on one axis, those that are chosen in front. */

import { byId } from "../core/dom.ts";
import { LineChart } from "../core/line_chart.ts";
import type { Series } from "../core/lines.ts";
import { lossSeries } from "../core/losses.ts";
import * as texts from "../core/texts.ts";
import * as controls from "./controls.ts";
import { lossPlot } from "./loss_plot.ts";
import { save } from "./plot_axes.ts";
import { type Table, valuesOf } from "./run_rows.ts";
import type { TestLosses } from "./test_losses.ts";

const MOST = 64; // runs at a time
const COLORS = ["--run-0", "--run-1", "--run-2", "--run-3"];

export class RunLosses {
  readonly #mount = byId("run-losses");
  readonly #chart = new LineChart(this.#mount, texts.losses.testChart, () => {});
  readonly #losses: TestLosses;
  #shown: { series: readonly Series[]; names: readonly (string | null)[] } = { series: [], names: [] };

  constructor(losses: TestLosses) {
    this.#losses = losses;
    controls.onAction({
      "save-losses": () => save(lossPlot(this.#mount, this.#shown.series, this.#shown.names), "test-losses"),
    });
  }

  /** Show the first of `rows`, and all of `selected`. */
  async show(table: Table, rows: readonly number[], selected: ReadonlySet<number>): Promise<void> {
    const shown = [...new Set([...selected, ...rows.slice(0, MOST)])];
    const draw = () => this.#draw(valuesOf(table, "id").map(String), shown, selected, rows.length);
    draw();
    await this.#losses.load(table, shown, draw);
  }

  #draw(ids: readonly string[], shown: readonly number[], selected: ReadonlySet<number>, all: number): void {
    const front = shown.filter((row) => selected.has(row));
    const behind = shown.filter((row) => !selected.has(row));
    const series = [
      ...behind.flatMap((row) => this.#series(ids[row], "--faint", 1)),
      ...front.flatMap((row, index) => this.#series(ids[row], COLORS[index % COLORS.length], 2)),
    ];
    const named = front.filter((row) => this.#losses.of(ids[row])?.length).map((row) => ids[row].split("/")[1]);
    this.#shown = { series, names: [...Array<null>(series.length - named.length).fill(null), ...named] };
    const last = series.reduce((most, { x }) => Math.max(most, x[x.length - 1] ?? 0), 0);
    this.#chart.show({ series, marks: [], stops: [], last });
    const part = behind.length < all - front.length ? texts.runs.firstOf(behind.length, all) : "";
    byId("run-losses-words").textContent = texts.losses.test + part + (front.length ? texts.runs.selectedInColour : "");
  }

  #series(id: string, color: string, width: number): Series[] {
    const test = this.#losses.of(id);
    if (!test?.length) return [];
    const x = Array.from(test, (_, step) => step + 1);
    return lossSeries({ x: [], y: [] }, { x, y: test }, { color, name: null })
      .slice(0, 1)
      .map((one) => ({ ...one, width }));
  }
}
