/** The table of runs on the screen: only rows that can be seen are in the document, so that thousands scroll as ten do. */

import { arrange, make } from "../core/dom.ts";
import { markEdges } from "../core/scroll_edges.ts";
import * as texts from "../core/texts.ts";
import { heading } from "./headings.ts";
import { nameInTable, numeric, type Order, type Table, words } from "./run_rows.ts";
import { ShownRow } from "./shown_row.ts";

const ROW_HEIGHT = 30; // the same in runs.css
const SPARE = 10; // rows beyond what is seen

export interface RunListCalls {
  onOrder(order: Order): void;
  onSelect(id: string): void;
  onOpen(id: string): void;
  /** Rows of the table that are seen. */
  onSeen(rows: readonly number[]): void;
  /** What stands beside the name of a run. */
  cell(id: string): HTMLElement;
}

export interface RunListContent {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly arranged: readonly number[];
  readonly order: Order | null;
  readonly selected: ReadonlySet<string>;
}

export class RunList {
  readonly #mount: HTMLElement;
  readonly #head = make("tr");
  readonly #body = make("tbody");
  readonly #above = make("tr", { "aria-hidden": "true" }, make("td"));
  readonly #below = make("tr", { "aria-hidden": "true" }, make("td"));
  readonly #calls: RunListCalls;
  #content: RunListContent | null = null;
  #rows: ReadonlyMap<string, ShownRow> = new Map(); // those in the document, by the id of the run
  #scheduled = 0;

  constructor(mount: HTMLElement, calls: RunListCalls) {
    this.#mount = mount;
    this.#calls = calls;
    const table = make("table", { "aria-label": texts.runs.table }, make("thead", {}, this.#head), this.#body);
    mount.replaceChildren(table);
    markEdges(mount);
    mount.addEventListener("scroll", () => this.#schedule());
    new ResizeObserver(() => this.#schedule()).observe(mount);
    this.#body.addEventListener("change", (event) => this.#choose(event.target));
    this.#body.addEventListener("click", (event) => this.#open(event));
  }

  show(content: RunListContent): void {
    const isNew =
      JSON.stringify([this.#content?.columns, this.#content?.order]) !== JSON.stringify([content.columns, content.order]);
    this.#content = content;
    if (isNew) this.#showHead(content);
    this.#draw();
  }

  #showHead({ columns, order, table }: RunListContent): void {
    const numbers = numeric(table);
    const cells = columns.map((column) => {
      const direction = order?.column === column ? (order.isDescending ? "descending" : "ascending") : "none";
      const button = make("button", { type: "button", class: "sort" }, heading(column));
      button.addEventListener("click", () => this.#calls.onOrder({ column, isDescending: direction === "ascending" }));
      return make("th", { scope: "col", "aria-sort": direction, class: numbers.includes(column) ? "number" : column }, button);
    });
    cells.splice(columns.indexOf("run") + 1, 0, make("th", { scope: "col", class: "glance" }, texts.runs.glance));
    const focused = [...this.#head.children].indexOf(document.activeElement?.parentElement as Element);
    this.#head.replaceChildren(
      make("th", { scope: "col" }, make("span", { class: "hidden-words" }, texts.runs.selected)),
      ...cells,
    );
    if (focused > 0) this.#head.children[focused]?.querySelector("button")?.focus();
  }

  /** Draw the rows anew, since a cell of one changed. */
  redraw(): void {
    this.#schedule();
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(() => {
      this.#scheduled = 0;
      this.#draw();
    });
  }

  #draw(): void {
    if (!this.#content) return;
    const { arranged } = this.#content;
    const first = Math.max(0, Math.floor(this.#mount.scrollTop / ROW_HEIGHT) - SPARE);
    const last = Math.min(arranged.length, first + Math.ceil(this.#mount.clientHeight / ROW_HEIGHT) + 2 * SPARE);
    const focused = document.activeElement?.closest<HTMLElement>("tr")?.dataset.id;
    const rows = arranged.slice(first, last).map((row, index) => this.#row(row, first + index));
    this.#rows = new Map(rows);
    this.#calls.onSeen(arranged.slice(first, last));
    const elements = rows.map(([, { element }]) => element);
    arrange(this.#body, [...gap(this.#above, first), ...elements, ...gap(this.#below, arranged.length - last)]);
    if (focused && !this.#body.contains(document.activeElement)) this.#focus(focused);
  }

  /** Focus a run's row, or the table where the row is no longer there. */
  #focus(id: string): void {
    const box = this.#body.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"] input`);
    (box ?? this.#mount).focus({ preventScroll: true });
  }

  /** The id and the row of a run. */
  #row(number: number, place: number): [string, ShownRow] {
    const { table, columns, selected } = this.#content as RunListContent;
    const values = table.rows[number];
    const value = (column: string) => values[table.columns.indexOf(column)] ?? null;
    const id = String(value("id"));
    const row = this.#rows.get(id) ?? new ShownRow(id, String(value("run")));
    const shown = columns.map((column) => ({
      column,
      text: column === "run" ? nameInTable(table, values) : words(column, value(column)),
      isNumber: typeof value(column) !== "string",
    }));
    row.show(place, selected.has(id), shown, this.#calls.cell(id));
    return [id, row];
  }

  #choose(target: EventTarget | null): void {
    const id = target instanceof Element ? target.closest<HTMLElement>("tr")?.dataset.id : undefined;
    if (id) this.#calls.onSelect(id);
  }

  #open(event: MouseEvent): void {
    const name = event.target instanceof Element ? event.target.closest(".run-name") : null;
    const id = name?.closest<HTMLElement>("tr")?.dataset.id;
    if (id) this.#calls.onOpen(id);
  }
}

/** A row as high as `count` rows that are not there. */
function gap(row: HTMLTableRowElement, count: number): HTMLTableRowElement[] {
  row.style.height = `${count * ROW_HEIGHT}px`;
  return count > 0 ? [row] : [];
}
