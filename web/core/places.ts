/** Where panels stand among each other. */
import type { Grids, Shape } from "./grids.ts";

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** The place of each panel, where the grids say how they stand; null where they stand as suits. */
export function placesOf({ titles, columns = null, groups = [] }: Grids): Place[] | null {
  if (columns === "layer" || (columns === null && new Set(groups).size > 1))
    return byGroup(titles.map((_, i) => groups[i] ?? 0));
  if (columns === null) return null;
  const wide = Math.min(columns, titles.length);
  return titles.map((_, i) => ({ row: Math.floor(i / wide), column: i % wide }));
}

export function rowsAndColumns(places: readonly Place[]): Shape {
  return {
    rows: 1 + Math.max(...places.map(({ row }) => row)),
    columns: 1 + Math.max(...places.map(({ column }) => column)),
  };
}

/** One row per run of equal groups. */
function byGroup(groups: readonly number[]): Place[] {
  let place: Place = { row: 0, column: -1 };
  return groups.map((group, i) => {
    const isNew = i > 0 && group !== groups[i - 1];
    place = isNew ? { row: place.row + 1, column: 0 } : { row: place.row, column: place.column + 1 };
    return place;
  });
}
