/** What a click on a panel does to the address: most panels are seen alone, some open a panel of another view. */
import type { Described } from "../core/look.ts";
import type { Panel } from "./api.ts";
import type { State } from "./url_state.ts";

/** The change of the state after a click on `panel` of `grids`, or with null back to all; `panels` are the views there are. */
export function opened(
  panel: number | null,
  grids: Described | null,
  panels: readonly Panel[],
  { options }: State,
): Partial<State> {
  const opening = panel === null ? undefined : grids?.openings?.[panel];
  const isThere = panels.some(({ view, problem }) => view === opening?.view && !problem);
  if (!opening || !isThere) return { head: panel };
  return { view: opening.view, head: opening.panel, options: { ...options, ...opening.choices } };
}
