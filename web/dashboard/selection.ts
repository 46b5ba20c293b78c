/**
 * Which runs are selected. It follows from what a user did and from what the table says of the runs, never from when the server
 * answered: a run is selected while it passes every filter that was set since it was. Nothing here draws.
 */
import { filterOf } from "./run_filter.ts";
import type { Table } from "./run_rows.ts";

export class Selection {
  /** The filters that were set while something was selected, in turn. */
  #filters: string[] = [];
  #filter = "";
  /** How many of these there were when a run was selected. */
  readonly #since = new Map<string, number>();

  /** `filter` is set now. */
  setFilter(filter: string): void {
    if (filter === this.#filter) return;
    this.#filter = filter;
    if (this.#since.size) this.#filters.push(filter);
  }

  /** Select or deselect a run. Others that are not `seen` as selected are deselected. */
  toggle(id: string, seen: ReadonlySet<string>): void {
    for (const other of this.#since.keys()) if (other !== id && !seen.has(other)) this.#since.delete(other);
    if (!this.#since.delete(id) || !seen.has(id)) this.#since.set(id, this.#filters.length);
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#since.delete(id);
    if (!this.#since.size) this.#filters = [];
  }

  /** The ids of those of the rows that are selected, as they were selected in turn. */
  among(table: Table, rows: readonly number[]): ReadonlySet<string> {
    const at = table.columns.indexOf("id");
    const places = new Map(rows.map((row) => [String(table.rows[row][at]), row]));
    const tests = this.#filters.map((filter) => filterOf(table, filter));
    const isSelected = (id: string, since: number): boolean => {
      const row = places.get(id);
      return row !== undefined && tests.slice(since).every((passes) => passes(table.rows[row]));
    };
    return new Set([...this.#since].flatMap(([id, since]) => (isSelected(id, since) ? [id] : [])));
  }
}
