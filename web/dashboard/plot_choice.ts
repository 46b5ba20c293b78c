/** Which columns of the table of runs can be plotted, and which are. Nothing here draws. */
import { isOutcome, isVaried, numeric, split, type Table, type Value, valuesOf } from "./run_rows.ts";

const OUTCOMES = ["grokking_epoch", "test_loss"];
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

/**
 * What to plot: as asked, else an outcome, the grokking epoch first, against a setting that differs between the runs that have
 * both; null where there is nothing to plot.
 */
export function plotted(table: Table, { plot_x, plot_y, plot_by }: Asked): Plotted | null {
  const known = numeric(table);
  const { shown } = split(table);
  const settings = known.filter((name) => shown.includes(name) && !isOutcome(name));
  const chosen = settings.filter((name) => !isSeed(name));
  const candidates = (asked: string | null, usual: readonly string[]) =>
    asked !== null && known.includes(asked) ? [asked] : usual.filter((name) => known.includes(name));
  const ys = candidates(plot_y, [...OUTCOMES, ...known]);
  const xs = candidates(plot_x, [...chosen, ...settings, "test_loss", ...known]);
  const [x, y] = pairOf(table, xs, ys);
  if (!x || !y) return null;
  const by = plot_by ?? chosen.find((name) => name !== x && isVaried(table, name)) ?? NOTHING;
  return { plot_x: x, plot_y: y, plot_by: groupable(table).includes(by) ? by : NOTHING };
}

/** The first of `ys` with the first of `xs` that differs between the runs that have both; without such a pair, the first ones. */
function pairOf(table: Table, xs: readonly string[], ys: readonly string[]): readonly (string | undefined)[] {
  for (const y of ys) {
    const heights = valuesOf(table, y);
    const x = xs.find((name) => name !== y && differs(valuesOf(table, name), heights));
    if (x) return [x, y];
  }
  return [xs.find((name) => name !== ys[0]) ?? xs[0], ys[0]];
}

/** Whether values differ where `others` are known, too. */
const differs = (values: readonly Value[], others: readonly Value[]): boolean =>
  new Set(values.filter((value, row) => value !== null && others[row] !== null)).size > 1;

/** Whether a setting is one that runs are repeated with. */
const isSeed = (name: string): boolean => /(^|_)seed$/.test(name);

/** Settings and frequencies with few values. */
export function groupable(table: Table): string[] {
  return split(table).shown.filter((name) => {
    const count = new Set(valuesOf(table, name)).size;
    return (!isOutcome(name) || name.startsWith("frequency_")) && name !== "run" && count > 1 && count <= MOST_GROUPS;
  });
}
