/** Pictures of lines as plain data: plots above each other on one x axis, with marks. Nothing here draws. */
import { nearest } from "./epochs.ts";
import type { Mark } from "./lines.ts";

export interface PlotSeries {
  readonly name: string;
  readonly x: readonly number[];
  /** null where there is no value. */
  readonly y: readonly (number | null)[];
  readonly color: string;
  readonly isDashed: boolean;
}

export interface Plot {
  readonly label: string;
  readonly isLog: boolean;
  readonly levels: readonly number[];
  readonly series: readonly PlotSeries[];
  readonly range?: readonly [low: number, high: number];
}

export interface Chart {
  readonly plots: readonly Plot[];
  readonly xName: string;
  readonly marks: readonly Mark[];
  readonly xTicks?: readonly string[];
}

export const EPOCH = "epoch";

/** Least and largest x of all series; an axis of epochs begins at 0. */
export function span({ plots, xName }: Chart): readonly [number, number] {
  const ends = plots.flatMap(({ series }) => series.flatMap(({ x }) => (x.length ? [x[0], x[x.length - 1]] : [])));
  const [low, high] = ends.length ? [Math.min(...ends), Math.max(...ends)] : [0, 1];
  return [xName === EPOCH ? 0 : low, high > low ? high : low + 1];
}

/** What the y axis of a plot spans; on a log axis whole powers of ten. */
export function heights({ series, isLog, levels, range }: Plot): readonly [number, number] {
  if (range && !isLog) return range;
  const known = series.flatMap(({ y }) => y.filter((value): value is number => value !== null));
  const values = isLog ? known.filter((value) => value > 0).map(Math.log10) : [...known, ...levels];
  if (!values.length) return [0, 1];
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  if (isLog) return [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)];
  return Math.min(0, low) < Math.max(0, high) ? [Math.min(0, low), Math.max(0, high)] : [0, 1];
}

/** The values of all series of a plot at the point nearest to `x`. */
export function valuesAt({ series }: Plot, x: number): { name: string; color: string; x: number; y: number | null }[] {
  return series.flatMap(({ name, color, x: places, y }) => {
    const index = nearest(places, x);
    return index < 0 ? [] : [{ name, color, x: places[index], y: y[index] ?? null }];
  });
}

const MOST_Y_TICKS = 5;
const LEAST_BETWEEN = 14; // pixels from one of them to the next

/** How many numbers an axis of this height has room for. */
export const mostTicks = (height: number): number => Math.min(Math.floor(height / LEAST_BETWEEN) + 1, MOST_Y_TICKS);
