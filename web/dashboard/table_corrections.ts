/** Columns that an address names and the table of runs does not have, and what is shown instead. */
import * as texts from "../core/texts.ts";
import { type Corrections, NONE } from "./corrections.ts";
import { heading } from "./headings.ts";
import { asked, type PlotField, plotted } from "./plot_choice.ts";
import { wordsWithoutColumn } from "./run_filter.ts";
import { orderOf, type Table } from "./run_rows.ts";
import type { State } from "./url_state.ts";

export function ofSort({ sort }: State, { columns }: Table): Corrections {
  const order = orderOf(sort);
  if (order === null || columns.includes(order.column)) return NONE;
  return {
    patch: { sort: null },
    sentences: [texts.links.notAllowed(texts.links.field("sort"), sort ?? "", texts.links.ownOrder)],
  };
}

/** A condition on a column that is not there is searched for as it is written. */
export function ofFilter({ filter }: State, { columns }: Table): Corrections {
  return { patch: {}, sentences: wordsWithoutColumn(columns, filter).map(texts.links.noColumn) };
}

/** What the plot of runs has at `field`. */
export function ofPlot(field: PlotField): (state: State, table: Table) => Corrections {
  return (state, table) => {
    const chosen = plotted(table, asked(state));
    const value = state[field];
    if (value === null || !chosen || chosen[field] === value) return NONE;
    const shown = plotted(table, { ...asked(state), [field]: null })?.[field] ?? null;
    const words = shown === null ? texts.links.nothing : heading(shown);
    return { patch: { [field]: null }, sentences: [texts.links.notAllowed(texts.links.field(field), value, words)] };
  };
}
