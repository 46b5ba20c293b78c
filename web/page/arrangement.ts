/** Places of grids in another order: their values, and curves over them. */
import type { Axis, Curve, Values } from "../core/grids.ts";

/** Which place of the cells is at each place of an axis, from first to last. */
export interface Arrangement {
  readonly axes: readonly [down: Axis, right: Axis];
  readonly places: readonly [rows: readonly number[], columns: readonly number[]];
}

/** The values of all panels, rearranged. */
export function arrangedValues(values: Values, { places: [rows, columns] }: Arrangement): Values {
  const size = rows.length * columns.length;
  const made = values.slice();
  for (let panel = 0; panel < values.length; panel += size) {
    let at = panel;
    for (const row of rows) for (const column of columns) made[at++] = values[panel + row * columns.length + column];
  }
  return made;
}

/** A curve with one point at each place of an axis, along which the points are rearranged; any other one as it is. */
export function arrangedCurve(curve: Curve, { places: [rows, columns] }: Arrangement): Curve {
  if (hasEach(curve.rows, rows.length)) return { ...curve, columns: rows.map((row) => curve.columns[row]) };
  if (hasEach(curve.columns, columns.length)) return { ...curve, rows: columns.map((column) => curve.rows[column]) };
  return curve;
}

const hasEach = (places: readonly number[], size: number): boolean =>
  places.length === size && places.every((place, index) => place === index);
