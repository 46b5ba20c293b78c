/** The test losses of the runs in the table, on one axis, those that are chosen in front. */

import { byId } from "../core/dom.ts";
import { LineChart } from "../core/line_chart.ts";
import type { Series } from "../core/lines.ts";
import * as texts from "../core/texts.ts";
import * as controls from "./controls.ts";
import { lossPlot } from "./loss_plot.ts";
import { save } from "./plot_axes.ts";
import { calledAs, type Table, valuesOf } from "./run_rows.ts";
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
    const draw = () => this.#draw(table, shown, selected, rows.length);
    draw();
    await this.#losses.load(table, shown, draw);
  }

  #draw(table: Table, shown: readonly number[], selected: ReadonlySet<number>, all: number): void {
    const ids = valuesOf(table, "id").map(String);
    const front = shown.filter((row) => selected.has(row));
    const behind = shown.filter((row) => !selected.has(row));
    const curves = [
      ...behind.map((row) => ({ row, color: "--faint", width: 1, name: null })),
      ...front.map((row, index) => ({ row, color: COLORS[index % COLORS.length], width: 2, name: calledAs(table, row) })),
    ].flatMap(({ row, name, ...style }) => this.#losses.series(ids[row], style).map((one) => ({ one, name })));
    const series = curves.map(({ one }) => one);
    this.#shown = { series, names: curves.map(({ name }) => name) };
    const last = series.reduce((most, { x }) => Math.max(most, x[x.length - 1] ?? 0), 0);
    this.#chart.show({ series, marks: [], stops: [], last });
    const part = behind.length < all - front.length ? texts.runs.firstOf(behind.length, all) : "";
    byId("run-losses-words").textContent = texts.losses.test + part + (front.length ? texts.runs.selectedInColour : "");
  }
}
