/** The plot of one column of the table of runs against another, and the choice of both. */

import { byId, cssValue, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import * as controls from "./controls.ts";
import { heading } from "./headings.ts";
import { save } from "./plot_axes.ts";
import { asked, groupable, NOTHING, type PlotField, plotted } from "./plot_choice.ts";
import { calledAs, numeric, type Table, valuesOf, words } from "./run_rows.ts";
import { scatterPlot } from "./scatter.ts";
import { scatterOf } from "./scatter_points.ts";
import * as url from "./url_state.ts";

const COLORS = ["--run-0", "--run-1", "--run-2", "--run-3", "--test", "--train"];

export class RunScatter {
  readonly #mount = byId("run-plot");
  readonly #words = byId("run-plot-words");
  readonly #choices: Readonly<Record<PlotField, HTMLSelectElement>>;
  readonly #onPoint: (row: number) => void;
  #plot: SVGSVGElement | null = null;

  /** `onPoint(row)` is called when the point of a row is chosen. */
  constructor(onPoint: (row: number) => void) {
    this.#onPoint = onPoint;
    this.#choices = { plot_y: select("plot_y"), plot_x: select("plot_x"), plot_by: select("plot_by") };
    controls.onAction({ "save-plot": () => this.#plot && save(this.#plot, "runs") });
  }

  show(table: Table, rows: readonly number[], selected: ReadonlySet<number>): void {
    const found = plotted(table, asked(url.get()));
    if (!found) return;
    const { plot_x: x, plot_y: y } = found;
    const by = found.plot_by === NOTHING ? null : found.plot_by;
    offer(this.#choices.plot_y, numeric(table), y);
    offer(this.#choices.plot_x, numeric(table), x);
    offer(this.#choices.plot_by, [NOTHING, ...groupable(table)], found.plot_by);
    const scatter = scatterOf(table, rows, x, y, by);
    const name = (row: number) =>
      `${calledAs(table, row)}: ${[x, y].map((c) => `${heading(c)} ${words(c, valuesOf(table, c)[row])}`).join(", ")}`;
    const colors = COLORS.map((variable) => cssValue(this.#mount, variable));
    const axes = { x: heading(x), y: heading(y), isLogX: isLog(x), isLogY: isLog(y), colors };
    this.#plot = scatterPlot(this.#mount, scatter, axes, { selected, nameOf: name, onPoint: this.#onPoint });
    this.#mount.replaceChildren(this.#plot);
    const hasMeans = scatter.groups.some(({ summaries }) => summaries.length);
    const legend =
      by === null
        ? []
        : scatter.groups.map((group, i) =>
            legendOf(texts.runs.group(heading(by), group.name, group.points.length), colors[i % colors.length]),
          );
    this.#words.replaceChildren(texts.runs.scatterCounts(scatter.n, scatter.missing, hasMeans), ...legend);
  }
}

const isLog = (name: string): boolean => name.endsWith("_loss") || name === "lr";

function select(field: PlotField): HTMLSelectElement {
  const found = byId(field.replace("_", "-")) as HTMLSelectElement;
  found.addEventListener("change", () => url.set({ [field]: found.value }));
  return found;
}

function offer(choice: HTMLSelectElement, names: readonly string[], value: string): void {
  const key = names.join();
  if (choice.dataset.key !== key)
    choice.replaceChildren(...names.map((name) => make("option", { value: name }, heading(name))));
  choice.dataset.key = key;
  choice.value = value;
}

const legendOf = (text: string, color: string): HTMLElement =>
  make("span", { class: "legend", style: `--run: ${color}` }, text);
