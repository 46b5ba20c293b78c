/** The Runs page: all runs as a table, chosen ones to compare, two pictures across them, and the wall of their heads. */

import { byId, make } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import type { Timeline } from "../core/timeline.ts";
import * as api from "./api.ts";
import * as controls from "./controls.ts";
import { glanceCell } from "./glance_cell.ts";
import { Glances } from "./glances.ts";
import { heading } from "./headings.ts";
import { LinkCheck } from "./link_check.ts";
import { MOST as MOST_COMPARED } from "./pins.ts";
import { type Chosen, RunActions } from "./run_actions.ts";
import { wordsWithoutColumn } from "./run_filter.ts";
import { RunList } from "./run_list.ts";
import { RunLosses } from "./run_losses.ts";
import { arranged, orderOf, split, valuesOf, words } from "./run_rows.ts";
import { RunScatter } from "./run_scatter.ts";
import { Selection } from "./selection.ts";
import { TestLosses } from "./test_losses.ts";
import { onTheme } from "./theme.ts";
import { Trash } from "./trash.ts";
import * as url from "./url_state.ts";
import { MOST as MOST_ON_WALL, Wall } from "./wall.ts";

const EVERY_MS = 1500;
const NOTHING: api.RunTable = { columns: [], rows: [], left: 0 };

export class Runs {
  readonly #list: RunList;
  readonly #scatter = new RunScatter((row) => this.#toggle(this.#idOf(row)));
  readonly #losses: RunLosses;
  readonly #wall: Wall;
  readonly #glances = new Glances(() => this.#list.redraw());
  readonly #selection = new Selection();
  /** The selected runs on the screen, as they were selected in turn. */
  #selected: ReadonlySet<string> = new Set();
  readonly #actions: RunActions;
  readonly #check = new LinkCheck();
  #table = NOTHING;
  #tag = "";
  #problem = "";
  #onWall = "";
  #drawing = 0;
  #looks = Promise.resolve();

  constructor() {
    const losses = new TestLosses();
    this.#losses = new RunLosses(losses);
    this.#wall = new Wall(losses);
    this.#list = new RunList(byId("run-list"), {
      onOrder: ({ column, isDescending }) => url.set({ sort: (isDescending ? "-" : "") + column }),
      onSelect: (id) => this.#toggle(id),
      onSeen: (seen) => this.#table.left || this.#glances.want(this.#table, seen),
      cell: (id) => glanceCell(this.#glances.of(id), byId("run-list")),
      onOpen: (id) => url.set({ page: "explore", variant: id, epoch: null, head: null }),
    });
    this.#actions = new RunActions(
      () => this.#chosen(),
      (ids) => this.#deselect(ids),
      () => void this.#look(),
    );
    new Trash(() => void this.#look());
    byId("run-search").append(searchField());
    controls.onAction({
      "compare-runs": () => this.#compare(),
      wall: () => url.set({ wall: isWall() ? null : "on", epoch: null, head: null }),
      "save-wall": () => this.#wall.save(),
    });
    onTheme(() => this.update());
    new ResizeObserver(() => isWall() || this.update()).observe(byId("run-plot"));
  }

  /** Look again and again while the page is shown; at once where some rows were not ready. */
  async watch(): Promise<void> {
    if (url.get().page === "runs" && !(document.hidden && this.#tag)) await this.#look();
    setTimeout(() => this.watch(), this.#table.left ? 0 : EVERY_MS);
  }

  update(): void {
    if (url.get().page !== "runs" || !this.#tag) return;
    const { shown, same } = split(this.#table);
    const order = orderOf(url.get().sort);
    const { filter } = url.get();
    const rows = arranged(this.#table, order, filter);
    this.#selection.setFilter(filter);
    this.#selected = this.#selection.among(this.#table, rows);
    this.#switch();
    this.#say(rows.length, same);
    this.#actions.show();
    const chosen = new Set(this.#table.rows.flatMap((_, row) => (this.#selected.has(this.#idOf(row)) ? [row] : [])));
    if (isWall()) {
      this.#hang(rows, chosen);
      return;
    }
    this.#list.show({ table: this.#table, columns: shown, arranged: rows, order, selected: this.#selected });
    this.#drawLater(rows, chosen);
  }

  /** The plots, once the rows are on the screen: of thousands of runs they take longer than the table. */
  #drawLater(rows: readonly number[], chosen: ReadonlySet<number>): void {
    cancelAnimationFrame(this.#drawing);
    const draw = () => {
      if (url.get().page !== "runs" || isWall()) return;
      this.#scatter.show(this.#table, rows, chosen);
      void this.#losses.show(this.#table, rows, chosen);
    };
    this.#drawing = requestAnimationFrame(() => {
      this.#drawing = requestAnimationFrame(draw);
    });
  }

  /** What slider and keys move. */
  get timeline(): Timeline {
    return this.#wall.timeline;
  }

  /** Only the epoch changed. */
  move(): void {
    this.#wall.move();
  }

  /** The wall shows many runs at one moment, and keeps none. */
  pin(): void {}

  chooseNumber(index: number): void {
    this.#wall.chooseNumber(index);
  }

  /** Show the table and the pictures, or the wall. */
  #switch(): void {
    byId("run-parts").hidden = isWall();
    for (const id of ["wall", "save-wall"]) byId(id).hidden = !isWall();
    byId("show-wall").textContent = isWall() ? texts.runs.toTable : texts.runs.toWall;
    if (!isWall() && this.#onWall) this.#wall.close();
    if (!isWall()) this.#onWall = "";
  }

  /** The chosen runs, or without any the first ones. */
  #hang(rows: readonly number[], chosen: ReadonlySet<number>): void {
    const wanted = chosen.size ? rows.filter((row) => chosen.has(row)) : rows;
    const hung = wanted.slice(0, MOST_ON_WALL);
    if (hung.length < wanted.length) byId("run-words").textContent += texts.runs.onWall(MOST_ON_WALL, wanted.length);
    const key = JSON.stringify(hung.map((row) => this.#table.rows[row]));
    if (key === this.#onWall) {
      this.#wall.update();
      return;
    }
    this.#onWall = key;
    void this.#wall.show(this.#table, hung);
  }

  /** Look once more after the looks before, so that a later answer is never replaced by an earlier one. */
  async #look(): Promise<void> {
    this.#looks = this.#looks.then(() => this.#lookOnce());
    await this.#looks;
  }

  async #lookOnce(): Promise<void> {
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
    this.#check.check("table", table.left || !table.rows.length ? null : table);
  }

  /** The chosen runs. */
  #chosen(): Chosen[] {
    const { columns, rows } = this.#table;
    return rows.flatMap((values, row) => {
      const of = (column: string) => String(values[columns.indexOf(column)] ?? "");
      const id = this.#idOf(row);
      return this.#selected.has(id) ? [{ id, label: of("label"), tags: of("tags"), isHidden: of("hidden") !== "" }] : [];
    });
  }

  #idOf(row: number): string {
    return String(this.#table.rows[row]?.[this.#table.columns.indexOf("id")] ?? "");
  }

  #toggle(id: string): void {
    this.#selection.toggle(id, this.#selected);
    this.update();
  }

  #deselect(ids: readonly string[]): void {
    this.#selection.remove(ids);
    this.update();
  }

  #compare(): void {
    const [variant, ...others] = [...this.#selected].slice(0, MOST_COMPARED);
    if (variant) url.set({ page: "compare", variant, with: others.join(",") || null });
  }

  #say(count: number, same: readonly string[]): void {
    const { columns, rows, left } = this.#table;
    const unknown = wordsWithoutColumn(columns, url.get().filter);
    const counts =
      texts.runs.counts(count, rows.length, this.#selected.size) + (unknown.length ? texts.runs.noColumn(unknown) : "");
    const equal = same
      .map((column) => [column, valuesOf(this.#table, column)[0] ?? null] as const)
      .filter(([column, value]) => value !== null && column !== "state")
      .map(([column, value]) => `${heading(column)} ${words(column, value)}`);
    byId("run-words").textContent = counts + (left ? texts.runs.reading(left) : texts.runs.allWith(equal));
    const button = byId("compare-runs") as HTMLButtonElement;
    button.disabled = this.#selected.size === 0;
    button.textContent = this.#selected.size > MOST_COMPARED ? texts.runs.compareFirst(MOST_COMPARED) : texts.runs.compare;
  }
}

const isWall = (): boolean => url.get().wall !== null;

function searchField(): HTMLInputElement {
  const field = make("input", {
    type: "search",
    class: "run-filter",
    placeholder: texts.runs.filterHint,
    "aria-label": texts.runs.filter,
  });
  field.value = url.get().filter;
  field.addEventListener("input", () => url.set({ filter: field.value }));
  return field;
}
