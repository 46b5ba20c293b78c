/** What a click on a panel does to the address: most panels are seen alone, some open a panel of another view. */
import type { Cell, Opening } from "../core/grids.ts";
import type { Described } from "../core/look.ts";
import type { Panel } from "./api.ts";
import type { State } from "./url_state.ts";

/**
 * The change of the state after a click on a `cell` of `panel` of `grids`, or with null back to all; `panels` are the views there
 * are. Where the cell matters and there is none, since a key was pressed, the panel is seen alone.
 */
export function opened(
  panel: number | null,
  cell: Cell | null,
  grids: Described | null,
  panels: readonly Panel[],
  { options }: State,
): Partial<State> {
  const opening = panel === null ? undefined : grids?.openings?.[panel];
  const isThere = panels.some(({ view, problem }) => view === opening?.view && !problem);
  const { places = [] } = opening ?? {};
  if (!opening || !isThere || (places.length && !cell)) return { head: panel };
  const chosen = { ...opening.choices, ...(cell ? placed(opening, cell, grids?.block) : {}) };
  return {
    view: opening.view,
    head: opening.panel,
    options: { ...options, ...chosen },
    ...(places.length ? { zoom: null } : {}), // other axes
  };
}

/** The values of the controls that the row and the column of a cell choose. */
function placed({ places = [] }: Opening, cell: Cell, [rows, columns]: Described["block"] = [1, 1]): Record<string, string> {
  const at = [cell.row * rows, cell.column * columns];
  return Object.fromEntries(places.map((name, i) => [name, String(at[i])]));
}
