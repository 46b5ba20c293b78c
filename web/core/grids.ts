/** Grids: panels of values that share axes and names; frames: what they show at one epoch. Nothing here draws. */
import { quantisedWords, valueWords } from "./format.ts";

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
  /** What a panel is: "head". */
  readonly panelName: string;
  /** What a value is: "attention". */
  readonly valueName: string;
  /** What the colours span at every epoch, unless asked otherwise. */
  readonly range: Range;
}

export type Values = Float32Array | Uint16Array | Uint8Array;

/**
 * The values of all panels at one epoch: panel after panel, row after row. Floats are the numbers themselves; whole numbers are
 * steps, from 0 for the low end of `range` to the largest of their type for the high end.
 */
export interface Frame {
  readonly values: Values;
  readonly range: Range;
}

/** One place on the axes, the same in every panel. */
export interface Cell {
  readonly row: number;
  readonly column: number;
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

export function cellsOf({ axes: [down, right] }: Grids): number {
  return down.size * right.size;
}

/** The values of one panel, as they are stored. */
export function panelValues(grids: Grids, frame: Frame, panel: number): Values {
  const cells = cellsOf(grids);
  return frame.values.subarray(panel * cells, (panel + 1) * cells);
}

/** Whether the axes have this place. */
export function hasCell({ axes: [down, right] }: Grids, { row, column }: Cell): boolean {
  return row < down.size && column < right.size;
}

/** Least and largest number of a frame; NaN counts as nothing. */
export function extent(frame: Frame): Range {
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
  return { values, range: extent({ values, range: [0, 1] }) };
}

/** The name of a place on an axis. */
export function placeWords({ ticks }: Axis, index: number): string {
  return ticks?.[index] ?? String(index);
}

/** "a 2, b 5: 0.123456", with the digits that the stored value has; a dash where these axes have no such cell. */
export function cellWords(grids: Grids, frame: Frame, panel: number, cell: Cell): string {
  if (!hasCell(grids, cell)) return "–";
  const [down, right] = grids.axes;
  const place = `${down.name} ${placeWords(down, cell.row)}, ${right.name} ${placeWords(right, cell.column)}`;
  const stored = panelValues(grids, frame, panel)[cell.row * right.size + cell.column];
  return `${place}: ${storedWords(frame, stored)}`;
}

function storedWords(frame: Frame, stored: number): string {
  const top = topStep(frame.values);
  const number = decoder(frame)(stored);
  const [low, high] = frame.range;
  return top === null ? valueWords(number) : quantisedWords(number, (high - low) / top);
}
