/** What a frame has at the cell that is pointed at, panel by panel. Nothing here draws. */
import type { PointedValue } from "./color_bar.ts";
import { type Cell, decoder, type Frame, type Grids, hasCell, panelValues, shapeOf } from "./grids.ts";

/** The values at `cell`: of one panel, or with null of all, the one that is pointed at last, so that it is seen best. */
export function pointedValues(grids: Grids, frame: Frame, panel: number | null, cell: Cell | null): PointedValue[] {
  if (!cell || !hasCell(grids, cell)) return [];
  const decode = decoder(frame);
  const at = cell.row * shapeOf(grids).columns + cell.column;
  const values = grids.titles.map((_, i) => ({
    value: decode(panelValues(grids, frame, i)[at]),
    color: grids.colors?.[i] ?? null,
    isPointed: i === (panel ?? cell.panel),
  }));
  const shown = panel === null ? values : values.slice(panel, panel + 1);
  return shown.sort((one, other) => Number(one.isPointed) - Number(other.isPointed));
}
