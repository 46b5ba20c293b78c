/** The plot of one column of the table of runs against another, and the choice of both. */

import { byId, cssValue, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import * as controls from "./controls.ts";
import { save } from "./plot_axes.ts";
import { heading, isOutcome, numeric, split, type Table, valuesOf, words } from "./run_rows.ts";
import { scatterPlot } from "./scatter.ts";
import { scatterOf } from "./scatter_points.ts";
import * as url from "./url_state.ts";

const OUTCOME = "grokking_epoch";
const NONE = "nothing";
const MOST_GROUPS = 12;
const COLORS = ["--run-0", "--run-1", "--run-2", "--run-3", "--test", "--train"];

type Field = "plot_x" | "plot_y" | "plot_by";

export class RunScatter {
  readonly #mount = byId("run-plot");
  readonly #words = byId("run-plot-words");
  readonly #choices: Readonly<Record<Field, HTMLSelectElement>>;
  readonly #onPoint: (row: number) => void;
  #plot: SVGSVGElement | null = null;

  /** `onPoint(row)` is called when the point of a row is chosen. */
  constructor(onPoint: (row: number) => void) {
    this.#onPoint = onPoint;
    this.#choices = { plot_y: select("plot_y"), plot_x: select("plot_x"), plot_by: select("plot_by") };
    controls.onAction({ "save-plot": () => this.#plot && save(this.#plot, "runs") });
  }

  show(table: Table, rows: readonly number[], selected: ReadonlySet<number>): void {
    const found = axesOf(table);
    if (!found) return;
    const { x, y, by } = found;
    offer(this.#choices.plot_y, numeric(table), y);
    offer(this.#choices.plot_x, numeric(table), x);
    offer(this.#choices.plot_by, [NONE, ...groupable(table)], by ?? NONE);
    const scatter = scatterOf(table, rows, x, y, by);
    const name = (row: number) =>
      `${valuesOf(table, "run")[row]}: ${[x, y].map((c) => `${heading(c)} ${words(c, valuesOf(table, c)[row])}`).join(", ")}`;
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

/** What to plot: as the address says, else the grokking epoch against a setting that differs. */
function axesOf(table: Table): { x: string; y: string; by: string | null } | null {
  const known = numeric(table);
  const { shown } = split(table);
  const { plot_x, plot_y, plot_by } = url.get();
  const first = (...names: readonly (string | null)[]) => names.find((name) => name !== null && known.includes(name));
  const settings = known.filter((name) => shown.includes(name) && !isOutcome(name));
  const y = first(plot_y, OUTCOME, "test_loss", known[0] ?? null);
  const x = first(plot_x, ...settings.filter((name) => name !== "seed"), ...settings, ...known);
  if (!x || !y) return null;
  const by = plot_by === null ? settings.find((name) => name !== x && name !== "seed") : plot_by;
  return { x, y, by: by && groupable(table).includes(by) ? by : null };
}

const isLog = (name: string): boolean => name.endsWith("_loss") || name === "lr";

/** Settings and frequencies with few values. */
function groupable(table: Table): string[] {
  return split(table).shown.filter((name) => {
    const count = new Set(valuesOf(table, name)).size;
    return (!isOutcome(name) || name.startsWith("frequency_")) && name !== "run" && count > 1 && count <= MOST_GROUPS;
  });
}

function select(field: Field): HTMLSelectElement {
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
