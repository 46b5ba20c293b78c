import assert from "node:assert/strict";
import { test } from "node:test";
import { plotted } from "./plot_choice.ts";
import type { Table } from "./run_rows.ts";

const NOTHING_ASKED = { plot_x: null, plot_y: null, plot_by: null };
const COLUMNS = [
  "id",
  "family",
  "run",
  "state",
  "seed",
  "data_seed",
  "fraction",
  "prime",
  "epoch",
  "test_loss",
  "grokking_epoch",
];
const of = (...rows: (string | number | null)[][]): Table => ({
  columns: COLUMNS,
  rows: rows.map((row, index) => [`f/${index}`, "f", `${index}`, "analysed", ...row]),
});
const chosen = (table: Table, asked = {}) => {
  const found = plotted(table, { ...NOTHING_ASKED, ...asked });
  return [found?.plot_y, found?.plot_x, found?.plot_by];
};

test("the grokking epoch is plotted against the first setting that differs between runs that grok", () => {
  const table = of([1, 598, 0.3, 31, 900, 0.1, 500], [1, 598, 0.3, 47, 900, 0.1, 700], [1, 0, 0.7, null, 900, 0.1, null]);
  assert.deepEqual(chosen(table), ["grokking_epoch", "prime", "fraction"]);
});

test("the test loss is plotted where no two runs grok", () => {
  const table = of([1, 598, 0.3, 31, 900, 0.1, 500], [1, 598, 0.3, 47, 900, 0.2, null], [1, 0, null, 53, 900, 0.3, null]);
  assert.deepEqual(chosen(table), ["test_loss", "prime", "nothing"]);
});

test("seeds come after the other settings", () => {
  const table = of([1, 598, 0.3, 31, 900, 0.1, 500], [2, 598, 0.3, 31, 900, 0.2, 600]);
  assert.deepEqual(chosen(table), ["grokking_epoch", "seed", "nothing"]);
});

test("what is asked for stays, and the other axis suits it", () => {
  const table = of([1, 598, 0.3, 31, 900, 0.1, 500], [1, 598, 0.7, 47, 900, 0.2, null]);
  assert.deepEqual(chosen(table, { plot_y: "grokking_epoch" }), ["grokking_epoch", "fraction", "prime"]);
  assert.deepEqual(chosen(table, { plot_x: "prime" }), ["test_loss", "prime", "fraction"]);
});

test("two outcomes are plotted where no setting differs, and one run has a plot, too", () => {
  const same = of([1, 598, 0.3, 31, 900, 0.1, 500], [1, 598, 0.3, 31, 900, 0.2, 700]);
  assert.deepEqual(chosen(same), ["grokking_epoch", "test_loss", "nothing"]);
  assert.deepEqual(chosen(of([1, 598, 0.3, 31, 900, 0.1, null])).slice(0, 2), ["test_loss", "fraction"]);
  assert.equal(plotted({ columns: ["id"], rows: [["f/a"]] }, NOTHING_ASKED), null);
});
