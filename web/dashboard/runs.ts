/** The Runs page: all runs as a table, chosen ones to compare, and two pictures across them. */
import { byId, make } from "../core/dom.ts";
import * as api from "./api.ts";
import * as controls from "./controls.ts";
import { onTheme } from "./dash.ts";
import { RunList } from "./run_list.ts";
import { RunLosses } from "./run_losses.ts";
import { arranged, heading, type Order, split, valuesOf, words } from "./run_rows.ts";
import { RunScatter } from "./run_scatter.ts";
import * as url from "./url_state.ts";

const EVERY_MS = 1500;
const MOST_COMPARED = 4;
const NOTHING: api.RunTable = { columns: [], rows: [], left: 0 };

export class Runs {
  readonly #list: RunList;
  readonly #scatter = new RunScatter((row) => this.#toggle(this.#idOf(row)));
  readonly #losses = new RunLosses();
  readonly #selected = new Set<string>();
  #table = NOTHING;
  #tag = "";
  #problem = "";

  constructor() {
    this.#list = new RunList(byId("run-list"), {
      onOrder: ({ column, isDescending }) => url.set({ sort: (isDescending ? "-" : "") + column }),
      onSelect: (id) => this.#toggle(id),
      onOpen: (id) => url.set({ page: "explore", variant: id, epoch: null, head: null }),
    });
    byId("run-search").append(searchField());
    controls.onAction({ "compare-runs": () => this.#compare() });
    onTheme(() => this.update());
    new ResizeObserver(() => this.update()).observe(byId("run-plot"));
  }

  /** Look again and again while the page is shown; at once where some rows were not ready. */
  async watch(): Promise<void> {
    if (url.get().page === "runs" && !(document.hidden && this.#tag)) await this.#look();
    setTimeout(() => this.watch(), this.#table.left ? 0 : EVERY_MS);
  }

  update(): void {
    if (url.get().page !== "runs" || !this.#tag) return;
    const { shown, same } = split(this.#table);
    const rows = arranged(this.#table, order(), url.get().filter);
    this.#list.show({ table: this.#table, columns: shown, arranged: rows, order: order(), selected: this.#selected });
    this.#say(rows.length, same);
    const chosen = new Set(this.#table.rows.flatMap((_, row) => (this.#selected.has(this.#idOf(row)) ? [row] : [])));
    this.#scatter.show(this.#table, rows, chosen);
    void this.#losses.show(this.#table, rows, chosen);
  }

  async #look(): Promise<void> {
    try {
      const found = await api.runs(this.#tag);
      const isNew = found !== null || this.#problem !== "";
      if (found) this.#take(found);
      this.#problem = "";
      if (isNew) this.update();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.#problem = error.message;
      byId("run-words").textContent = error.message;
    }
  }

  #take({ table, tag }: { table: api.RunTable; tag: string }): void {
    this.#table = table;
    this.#tag = tag;
  }

  #idOf(row: number): string {
    return String(this.#table.rows[row]?.[this.#table.columns.indexOf("id")] ?? "");
  }

  #toggle(id: string): void {
    if (!this.#selected.delete(id)) this.#selected.add(id);
    this.update();
  }

  #compare(): void {
    const [variant, ...others] = [...this.#selected].slice(0, MOST_COMPARED);
    if (variant) url.set({ page: "compare", variant, with: others.join(",") || null });
  }

  #say(count: number, same: readonly string[]): void {
    const { rows, left } = this.#table;
    const counts =
      count === rows.length ? `${count.toLocaleString("en")} runs` : `${count} of ${rows.length.toLocaleString("en")} runs`;
    const equal = same
      .map((column) => [column, valuesOf(this.#table, column)[0] ?? null] as const)
      .filter(([column, value]) => value !== null && column !== "state")
      .map(([column, value]) => `${heading(column)} ${words(column, value)}`);
    const all = equal.length ? ` · all with ${equal.join(", ")}` : "";
    byId("run-words").textContent = left ? `${counts}, reading ${left.toLocaleString("en")} more …` : counts + all;
    const button = byId("compare-runs") as HTMLButtonElement;
    button.disabled = this.#selected.size === 0;
    button.textContent =
      this.#selected.size > MOST_COMPARED ? `compare the first ${MOST_COMPARED} chosen` : "compare the chosen";
  }
}

/** The order that the address states. */
function order(): Order | null {
  const { sort } = url.get();
  if (sort === null) return null;
  return sort.startsWith("-") ? { column: sort.slice(1), isDescending: true } : { column: sort, isDescending: false };
}

function searchField(): HTMLInputElement {
  const field = make("input", { type: "search", class: "run-filter", placeholder: "Words in a run", "aria-label": "Filter" });
  field.value = url.get().filter;
  field.addEventListener("input", () => url.set({ filter: field.value }));
  return field;
}
