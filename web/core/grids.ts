/** Grids: panels of values that share axes and names; frames: what they show at one epoch. Nothing here draws. */
import { quantisedWords, valueWords } from "./format.ts";
import type { Region } from "./region.ts";

/** One coordinate of the panels. `ticks` names its places, where numbers would not do. */
export interface Axis {
  readonly name: string;
  readonly size: number;
  readonly ticks?: readonly string[];
}

export type Origin = "upper" | "lower";
export type Range = readonly [low: number, high: number];

/** What stays the same from epoch to epoch: the first axis runs down (up where `origin` is "lower"), the second to the right. */
export interface Grids {
  readonly titles: readonly string[];
  readonly axes: readonly [down: Axis, right: Axis];
  readonly origin: Origin;
  /** How many panels stand side by side, or one row of panels per group; as suits without. */
  readonly columns?: number | "layer" | null;
  /** The layer of each panel. */
  readonly groups?: readonly number[];
  /** Lines over the panels, of pictures that come one by one. */
  readonly curves?: readonly Curve[];
  /** What a click on each panel opens; without, the panel alone. */
  readonly openings?: readonly Opening[];
  /** Rows and columns of places that one value is the mean of; 1 and 1 without. */
  readonly block?: readonly [rows: number, columns: number];
  /** The colour of each panel elsewhere, null where it has none. */
  readonly colors?: readonly (string | null)[];
  /** The part of the axes that is seen; all of them without. */
  readonly region?: Region | null;
  /** What a panel is: "head". */
  readonly panelName: string;
  /** What a value is: "attention". */
  readonly valueName: string;
  /** What the colours span at every epoch, unless asked otherwise. */
  readonly range: Range;
}

/** A panel of another view, with values of its controls; `places` are those that get the row and the column that was clicked. */
export interface Opening {
  readonly view: string;
  readonly panel: number;
  readonly choices: Readonly<Record<string, string>>;
  readonly places?: readonly string[];
}

export type Values = Float32Array | Uint16Array | Uint8Array;

/**
 * The values of all panels at one epoch: panel after panel, row after row. Floats are the numbers themselves; whole numbers are
 * steps, from 0 for the low end of `range` to the largest of their type for the high end.
 */
export interface Frame {
  readonly values: Values;
  readonly range: Range;
  /** The distance of two values that can be told apart, where they were rounded before they became numbers. */
  readonly step?: number | null;
  readonly curves?: readonly Curve[];
}

/** A line over the places of one panel, which may lie between them. */
export interface Curve {
  readonly panel: number;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Rows and columns of the values of one panel. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
}

export function shapeOf({ axes: [down, right], block: [rows, columns] = [1, 1] }: Grids): Shape {
  return { rows: Math.ceil(down.size / rows), columns: Math.ceil(right.size / columns) };
}

/** One value, the same in every panel: a place on the axes, or a block of places. */
export interface Cell {
  readonly row: number;
  readonly column: number;
  /** The panel that was pointed at, where one was. */
  readonly panel?: number;
}

/** The largest step of values that are steps; null for floats. */
export function topStep(values: Values): number | null {
  if (values instanceof Float32Array) return null;
  return values instanceof Uint16Array ? 65535 : 255;
}

/** A function from stored values to numbers. */
export function decoder({ values, range: [low, high] }: Frame): (stored: number) => number {
  const top = topStep(values);
  return top === null ? (stored) => stored : (stored) => low + (stored / top) * (high - low);
}

export function cellsOf(grids: Grids): number {
  const { rows, columns } = shapeOf(grids);
  return rows * columns;
}

/** The values of one panel, as they are stored. */
export function panelValues(grids: Grids, frame: Frame, panel: number): Values {
  const cells = cellsOf(grids);
  return frame.values.subarray(panel * cells, (panel + 1) * cells);
}

/** Whether the axes have this place. */
export function hasCell(grids: Grids, { row, column }: Cell): boolean {
  const { rows, columns } = shapeOf(grids);
  return row < rows && column < columns;
}

const extents = new WeakMap<Frame, Range>();

/** Least and largest number of a frame; NaN counts as nothing. Found out once per frame. */
export function extent(frame: Frame): Range {
  const known = extents.get(frame);
  if (known) return known;
  const found = measured(frame);
  extents.set(frame, found);
  return found;
}

function measured(frame: Frame): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const value of frame.values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const decode = decoder(frame);
  return [decode(low), decode(high)];
}

/** The range around several. */
export function around(ranges: readonly Range[]): Range {
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

/** `second` minus `first`, cell by cell, as numbers. */
export function subtract(first: Frame, second: Frame): Frame {
  const [one, other] = [decoder(first), decoder(second)];
  const values = Float32Array.from(second.values, (value, i) => other(value) - one(first.values[i]));
  const steps = [first, second].map(stepOf).filter((step) => step !== null);
  return { values, range: extent({ values, range: [0, 1] }), step: steps.length ? Math.max(...steps) : null };
}

/** The name of a place on an axis. */
export function placeWords({ ticks }: Axis, index: number): string {
  return ticks?.[index] ?? String(index);
}

/** "a 2, b 5: 0.123456", with the digits that the stored value has; a dash where these axes have no such cell. */
export function cellWords(grids: Grids, frame: Frame, panel: number, cell: Cell): string {
  if (!hasCell(grids, cell)) return "–";
  const [down, right] = grids.axes;
  const [rows, columns] = grids.block ?? [1, 1];
  const place = `${down.name} ${blockWords(down, cell.row, rows)}, ${right.name} ${blockWords(right, cell.column, columns)}`;
  const stored = panelValues(grids, frame, panel)[cell.row * shapeOf(grids).columns + cell.column];
  return `${place}: ${rows * columns > 1 ? "mean " : ""}${storedWords(frame, stored)}`;
}

/** "3", or "6–8" for a block of three places. */
function blockWords(axis: Axis, index: number, size: number): string {
  const [first, last] = [index * size, Math.min((index + 1) * size, axis.size) - 1];
  return first === last ? placeWords(axis, first) : `${placeWords(axis, first)}–${placeWords(axis, last)}`;
}

function storedWords(frame: Frame, stored: number): string {
  const [number, step] = [decoder(frame)(stored), stepOf(frame)];
  return step === null ? valueWords(number) : quantisedWords(number, step);
}

/** The distance of two values that can be told apart; null where all digits count. */
function stepOf({ values, range: [low, high], step = null }: Frame): number | null {
  const top = topStep(values);
  return top === null ? step : (high - low) / top;
}
