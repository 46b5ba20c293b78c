import assert from "node:assert/strict";
import { test } from "node:test";
import { arranged, type Table } from "./run_rows.ts";
import { Selection } from "./selection.ts";

const table = (tags: readonly string[], hidden: readonly (string | null)[] = []): Table => ({
  columns: ["id", "tags", "hidden"],
  rows: tags.map((tag, index) => [`f/${index}`, tag, hidden[index] ?? null]),
});

/** A page with a table and a filter, on which somebody acts. */
class Page {
  readonly selection = new Selection();
  table: Table;
  #filter = "";

  constructor(table: Table) {
    this.table = table;
  }

  filter(text: string): this {
    this.#filter = text;
    this.selection.setFilter(text);
    return this;
  }

  toggle(...ids: string[]): this {
    for (const id of ids) this.selection.toggle(id, new Set(this.selected));
    return this;
  }

  get selected(): string[] {
    return [...this.selection.among(this.table, arranged(this.table, null, this.#filter))];
  }
}

test("it does not matter whether a table comes before or after a change of the filter", () => {
  const [before, after] = [table(["x", "x", "z"]), table(["y", "y", "z"])];
  const page = () => new Page(before).filter("tags=x").toggle("f/1", "f/0");
  const [early, late] = [page(), page()];
  early.table = after;
  assert.deepEqual(early.selected, []);
  early.filter("tags=y");
  late.filter("tags=y");
  assert.deepEqual(late.selected, []);
  late.table = after;
  assert.deepEqual(early.selected, ["f/1", "f/0"]);
  assert.deepEqual(late.selected, early.selected);
});

test("a run that a filter leaves out is not selected again by a later one", () => {
  const page = new Page(table(["a", "b", "ab"])).toggle("f/0", "f/2").filter("a");
  assert.deepEqual(page.selected, ["f/0", "f/2"]);
  assert.deepEqual(page.filter("b").selected, ["f/2"]);
  assert.deepEqual(page.filter("").selected, ["f/2"]);
});

test("what was selected and is not seen is forgotten once somebody selects", () => {
  const page = new Page(table(["x", "z"])).toggle("f/0");
  page.table = table(["x", "z"], ["hidden"]);
  assert.deepEqual(page.selected, []);
  page.toggle("f/1");
  page.table = table(["x", "z"]);
  assert.deepEqual(page.selected, ["f/1"]);
});

test("a run is selected and no longer, and anew after a filter that left it out", () => {
  const page = new Page(table(["a", "b"])).toggle("f/0", "f/1").toggle("f/0");
  assert.deepEqual(page.selected, ["f/1"]);
  assert.deepEqual(page.filter("a").filter("").selected, []);
  assert.deepEqual(page.toggle("f/1").selected, ["f/1"]);
  page.selection.remove(["f/1"]);
  assert.deepEqual(page.selected, []);
});
