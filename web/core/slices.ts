/** Profiles of one panel along its axes: means over the other axis, and slices through one cell. Nothing here draws. */
import { type Cell, decoder, type Frame, type Grids, shapeOf } from "./grids.ts";
import { type Window, windowOf } from "./region.ts";

/** A number for every place that is shown, of the second axis and of the first. */
export interface Profiles {
  readonly right: readonly number[];
  readonly down: readonly number[];
}

/** The means of what is shown of one panel: `right` over the first axis, `down` over the second. */
export function means(grids: Grids, panel: Frame): Profiles {
  const { row, column, rows, columns } = windowOf(grids);
  const wide = shapeOf(grids).columns;
  const decode = decoder(panel);
  const right = new Array<number>(columns).fill(0);
  const down = new Array<number>(rows).fill(0);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = decode(panel.values[(row + i) * wide + column + j]);
      right[j] += value / rows;
      down[i] += value / columns;
    }
  }
  return { right, down };
}

/** The values in the row and in the column of a cell, as far as they are shown; null where the cell is not. */
export function slices(grids: Grids, panel: Frame, cell: Cell): Profiles | null {
  const seen = windowOf(grids);
  if (!isIn(seen, cell)) return null;
  const wide = shapeOf(grids).columns;
  const decode = decoder(panel);
  const value = (row: number, column: number) => decode(panel.values[row * wide + column]);
  return {
    right: Array.from({ length: seen.columns }, (_, j) => value(cell.row, seen.column + j)),
    down: Array.from({ length: seen.rows }, (_, i) => value(seen.row + i, cell.column)),
  };
}

const isIn = ({ row, column, rows, columns }: Window, cell: Cell): boolean =>
  cell.row >= row && cell.row < row + rows && cell.column >= column && cell.column < column + columns;
