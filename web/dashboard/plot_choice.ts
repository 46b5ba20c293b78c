/** Which columns of the table of runs can be plotted, and which are. Nothing here draws. */
import { isOutcome, numeric, split, type Table, valuesOf } from "./run_rows.ts";

const OUTCOME = "grokking_epoch";
const MOST_GROUPS = 12;

export const NOTHING = "nothing"; // what runs are grouped by where they are not

export type PlotField = "plot_x" | "plot_y" | "plot_by";

/** Columns, as far as somebody chose them. */
export type Asked = Readonly<Record<PlotField, string | null>>;

/** The columns that are plotted: against each other, and grouped by. */
export interface Plotted {
  readonly plot_x: string;
  readonly plot_y: string;
  readonly plot_by: string;
}

export const asked = ({ plot_x, plot_y, plot_by }: Asked): Asked => ({ plot_x, plot_y, plot_by });

/** What to plot: as asked, else the grokking epoch against a setting that differs; null where there is nothing to plot. */
export function plotted(table: Table, { plot_x, plot_y, plot_by }: Asked): Plotted | null {
  const known = numeric(table);
  const { shown } = split(table);
  const first = (...names: readonly (string | null)[]) => names.find((name) => name !== null && known.includes(name));
  const settings = known.filter((name) => shown.includes(name) && !isOutcome(name));
  const y = first(plot_y, OUTCOME, "test_loss", known[0] ?? null);
  const x = first(plot_x, ...settings.filter((name) => name !== "seed"), ...settings, ...known);
  if (!x || !y) return null;
  const by = plot_by ?? settings.find((name) => name !== x && name !== "seed") ?? NOTHING;
  return { plot_x: x, plot_y: y, plot_by: groupable(table).includes(by) ? by : NOTHING };
}

/** Settings and frequencies with few values. */
export function groupable(table: Table): string[] {
  return split(table).shown.filter((name) => {
    const count = new Set(valuesOf(table, name)).size;
    return (!isOutcome(name) || name.startsWith("frequency_")) && name !== "run" && count > 1 && count <= MOST_GROUPS;
  });
}
