/** A part of the axes that is looked at: what it is called in an address, and which values lie in it. Nothing here draws. */
import { type Axis, type Cell, type Grids, type Shape, shapeOf } from "./grids.ts";

export type Span = readonly [first: number, last: number];

/** Places on both axes, both ends included. */
export interface Region {
  readonly rows: Span;
  readonly columns: Span;
}

/** The values that lie in a region: where they begin, and how many there are. */
export interface Window extends Shape {
  readonly row: number;
  readonly column: number;
}

const LEAST = 2; // places a side

/** "10-40,3-20": rows, then columns. */
export const regionWords = ({ rows, columns }: Region): string => [rows, columns].map((span) => span.join("-")).join(",");

/** The region of such words; null where they are none. */
export function readRegion(words: string | null): Region | null {
  const found = /^(\d{1,9})-(\d{1,9}),(\d{1,9})-(\d{1,9})$/.exec(words ?? "");
  if (!found) return null;
  const [top, bottom, left, right] = found.slice(1).map(Number);
  return top <= bottom && left <= right ? { rows: [top, bottom], columns: [left, right] } : null;
}

/** As much of a region as these axes have; null where they have nothing of it, and where it is all of them. */
export function within(region: Region | null, [down, right]: readonly [Axis, Axis]): Region | null {
  if (!region || region.rows[0] >= down.size || region.columns[0] >= right.size) return null;
  const rows = widened(region.rows, down.size);
  const columns = widened(region.columns, right.size);
  const isAll = rows[1] - rows[0] + 1 >= down.size && columns[1] - columns[0] + 1 >= right.size;
  return isAll ? null : { rows, columns };
}

function widened([first, last]: Span, size: number): Span {
  const start = Math.max(0, Math.min(first, size - LEAST));
  return [start, Math.min(Math.max(last, start + LEAST - 1), size - 1)];
}

/** The values that are shown: those of the region, or all. */
export function windowOf(grids: Grids): Window {
  const { rows, columns } = shapeOf(grids);
  const { region, block: [high, wide] = [1, 1] } = grids;
  if (!region) return { row: 0, column: 0, rows, columns };
  const [row, column] = [Math.floor(region.rows[0] / high), Math.floor(region.columns[0] / wide)];
  return {
    row,
    column,
    rows: Math.floor(region.rows[1] / high) - row + 1,
    columns: Math.floor(region.columns[1] / wide) - column + 1,
  };
}

/** The places that are shown on either axis. */
export function placesShown(grids: Grids): Region {
  const { row, column, rows, columns } = windowOf(grids);
  const [down, right] = grids.axes;
  const [high, wide] = grids.block ?? [1, 1];
  return {
    rows: [row * high, Math.min((row + rows) * high, down.size) - 1],
    columns: [column * wide, Math.min((column + columns) * wide, right.size) - 1],
  };
}

/** The region between two cells. */
export function between(grids: Grids, one: Cell, other: Cell): Region {
  const [down, right] = grids.axes;
  const [high, wide] = grids.block ?? [1, 1];
  return {
    rows: spanOf(one.row, other.row, high, down.size),
    columns: spanOf(one.column, other.column, wide, right.size),
  };
}

function spanOf(one: number, other: number, block: number, size: number): Span {
  return [Math.min(one, other) * block, Math.min((Math.max(one, other) + 1) * block, size) - 1];
}

/** How many times larger a region is seen than all of the axes would be; 1 without. */
export function magnification(region: Region | null, axes: readonly [Axis, Axis]): number {
  const seen = within(region, axes);
  if (!seen) return 1;
  const sizes = [seen.rows, seen.columns].map(([first, last], i) => axes[i].size / (last - first + 1));
  return Math.max(1, Math.min(...sizes));
}
