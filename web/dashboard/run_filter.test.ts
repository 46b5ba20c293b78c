import assert from "node:assert/strict";
import { test } from "node:test";
import { columnOf, filterOf, wordsWithoutColumn } from "./run_filter.ts";
import type { Table } from "./run_rows.ts";

const TABLE: Table = {
  columns: ["id", "family", "run", "state", "label", "tags", "hidden", "prime", "weight_decay", "seed", "grokking_epoch"],
  rows: [
    ["f/a", "f", "f_p31", "analysed", "the best", "paper, seeds", null, 31, 0.5, 10, 1200],
    ["f/b", "f", "f_p131", "training", null, null, null, 131, 1, 1, null],
    ["f/c", "f", "f_p3", "failed", null, "seeds", "yes", 3, 0, 2, 300],
  ],
};
const found = (text: string) => TABLE.rows.flatMap((row, i) => (filterOf(TABLE, text)(row) ? [i] : []));

test("a column is called by its name, its initials or its beginning", () => {
  assert.equal(columnOf(TABLE.columns, "weight_decay"), 8);
  assert.equal(columnOf(TABLE.columns, "wd"), 8);
  assert.equal(columnOf(TABLE.columns, "p"), 7);
  assert.equal(columnOf(TABLE.columns, "tag"), 5);
  assert.equal(columnOf(TABLE.columns, "x"), -1);
});

test("numbers are compared as numbers", () => {
  assert.deepEqual(found("p=31"), [0]);
  assert.deepEqual(found("p!=31"), [1]);
  assert.deepEqual(found("p>=31 wd<1"), [0]);
  assert.deepEqual(found("p>31"), [1]);
  assert.deepEqual(found("seed<=1"), [1]);
  assert.deepEqual(found("wd<=1 seed<10"), [1]);
});

test("a column is called by its heading, too", () => {
  assert.deepEqual(found("grokking epoch>400"), [0]);
  assert.deepEqual(found("Grokking  epoch > 400 paper"), [0]);
  assert.deepEqual(found("seeds grokking epoch <= 1200"), [0]);
  assert.deepEqual(found("modulus p=131"), [1]);
  assert.deepEqual(found("weight decay < 1 seed =10"), [0]);
  assert.deepEqual(found("weight decay!=0.5"), [1]);
  assert.deepEqual(found("grokking epoch= state=training"), [1]);
});

test("headings are called as they are written, whatever is in them", () => {
  const table: Table = {
    columns: ["id", "epoch", "beta1", "lock_in_head_0", "seed", "data_seed", "odd(name"],
    rows: [["f/a", 7, 0.9, 300, 1, 2, 3]],
  };
  for (const text of ["Adam β₁=0.9", "adam β₁ > 0.8", "lock-in head 0>200", "data seed=2 seed=1", "odd(name=3", "epoch=7"]) {
    assert.equal(filterOf(table, text)(table.rows[0]), true, text);
    assert.deepEqual(wordsWithoutColumn(table.columns, text), [], text);
  }
});

test("a comparison that names no column is told", () => {
  const told = (text: string) => wordsWithoutColumn(TABLE.columns, text);
  assert.deepEqual(told("p=31 Zeal>3 a"), ["Zeal>3"]);
  assert.deepEqual(told("decay > 3"), ["decay>3"]);
  assert.deepEqual(told(">100"), [">100"]);
  assert.deepEqual(told("β=1 = 3"), ["β=1=3"]);
  assert.deepEqual(told("paper grokking epoch>100"), []);
});

test("texts are found in theirs, and an empty value is what is not known", () => {
  assert.deepEqual(found("tag=PAPER"), [0]);
  assert.deepEqual(found("state=train"), [1]);
  assert.deepEqual(found("grokking_epoch="), [1]);
  assert.deepEqual(found("grokking_epoch!="), [0]);
  assert.deepEqual(found("best"), [0]);
  assert.deepEqual(found("nothing=3"), []);
});

test("hidden runs are there only when they are asked for", () => {
  assert.deepEqual(found(""), [0, 1]);
  assert.deepEqual(found("hidden"), [2]);
  assert.deepEqual(found("hidden tag=seeds"), [2]);
  const without: Table = { columns: ["id", "run"], rows: [["f/a", "a"]] };
  assert.equal(filterOf(without, "")(without.rows[0]), true);
  assert.equal(filterOf(without, "hidden")(without.rows[0]), false);
});
