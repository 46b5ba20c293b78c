/** Runs as points of a plot: one column against another, in groups with their mean and spread. Nothing here draws. */
import * as texts from "../core/texts.ts";
import { type Table, type Value, valuesOf } from "./run_rows.ts";

export interface Point {
  /** Its row in the table. */
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

/** Mean and sample standard deviation of the `n` points at one x; the spread of a single one is not known. */
export interface Summary {
  readonly x: number;
  readonly mean: number;
  readonly spread: number | null;
  readonly n: number;
}

export interface Group {
  readonly name: string;
  readonly points: readonly Point[];
  /** For each x that several runs share: that of settings is, that of outcomes is not. */
  readonly summaries: readonly Summary[];
}

export interface Scatter {
  readonly groups: readonly Group[];
  /** Runs with a point, and runs without, since one of both numbers is not known. */
  readonly n: number;
  readonly missing: number;
}

/** `y` against `x` of the rows at `rows`, grouped by the values of `by`; null puts all in one group. */
export function scatterOf(table: Table, rows: readonly number[], x: string, y: string, by: string | null): Scatter {
  const [xs, ys, groups] = [valuesOf(table, x), valuesOf(table, y), by === null ? [] : valuesOf(table, by)];
  const points = rows.flatMap((row) => pointOf(row, xs[row], ys[row]));
  const found = Map.groupBy(points, ({ row }) => groups[row] ?? null);
  const names = [...found.keys()].sort(byValue);
  return {
    groups: names.map((value) => groupOf(by === null ? texts.runs.all : `${value ?? "–"}`, found.get(value) ?? [])),
    n: points.length,
    missing: rows.length - points.length,
  };
}

function pointOf(row: number, x: Value, y: Value): Point[] {
  return typeof x === "number" && typeof y === "number" ? [{ row, x, y }] : [];
}

function groupOf(name: string, points: readonly Point[]): Group {
  const columns = [...Map.groupBy(points, ({ x }) => x)].sort(([one], [other]) => one - other);
  const hasShared = columns.some(([, shared]) => shared.length > 1);
  return { name, points, summaries: hasShared ? columns.map(([x, shared]) => summaryOf(x, shared)) : [] };
}

function summaryOf(x: number, points: readonly Point[]): Summary {
  const n = points.length;
  const mean = points.reduce((sum, { y }) => sum + y, 0) / n;
  const squares = points.reduce((sum, { y }) => sum + (y - mean) ** 2, 0);
  return { x, mean, spread: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n };
}

function byValue(one: Value, other: Value): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
}

/** The numbers that an axis covers, with a little room at both ends; powers of ten where it is a log axis. */
export function axisOf(values: readonly number[], isLog: boolean): readonly [low: number, high: number] {
  const known = isLog ? values.filter((value) => value > 0).map(Math.log10) : values;
  if (!known.length) return [0, 1];
  const low = known.reduce((least, value) => Math.min(least, value), Infinity);
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - room, high + room];
}
