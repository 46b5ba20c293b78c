import assert from "node:assert/strict";
import { test } from "node:test";
import { heading } from "./headings.ts";
import { arranged, numeric, split, type Table, words } from "./run_rows.ts";

const TABLE: Table = {
  columns: ["id", "family", "run", "state", "prime", "seed", "test_loss", "grokking_epoch"],
  rows: [
    ["f/a", "f", "a", "analysed", 31, 10, 1.25e-7, 1200],
    ["f/b", "f", "b", "training", 31, 9, 0.5, null],
    ["f/c", "f", "c", "analysed", 31, 2, 2.0, 300],
  ],
};

test("what is the same in all runs is told apart", () => {
  assert.deepEqual(split(TABLE), { shown: ["run", "state", "seed", "test_loss", "grokking_epoch"], same: ["family", "prime"] });
  const one = { ...TABLE, rows: [TABLE.rows[1]] };
  assert.deepEqual(split(one).same, ["grokking_epoch"]);
});

test("rows are arranged by number, and what is not known comes last either way", () => {
  const by = (column: string, isDescending: boolean) => arranged(TABLE, { column, isDescending }, "");
  assert.deepEqual(by("seed", false), [2, 1, 0]);
  assert.deepEqual(by("grokking_epoch", false), [2, 0, 1]);
  assert.deepEqual(by("grokking_epoch", true), [0, 2, 1]);
  assert.deepEqual(by("state", false), [0, 2, 1]);
  assert.deepEqual(by("no such column", false), [0, 1, 2]);
});

test("runs are arranged by what stands in the column of names", () => {
  const columns = ["id", "family", "run", "label"];
  const rows = [
    ["g/g_p9", "g", "g_p9", null],
    ["f/f_p31", "f", "f_p31", "a label"],
    ["f/f_p7", "f", "f_p7", null],
  ];
  assert.deepEqual(arranged({ columns, rows }, { column: "run", isDescending: false }, ""), [1, 2, 0]);
  const unlabelled = { columns: columns.slice(0, 3), rows: rows.map((row) => row.slice(0, 3)) };
  assert.deepEqual(arranged(unlabelled, { column: "run", isDescending: true }, ""), [1, 0, 2]);
});

test("every word of a filter must be found", () => {
  assert.deepEqual(arranged(TABLE, null, " Analysed "), [0, 2]);
  assert.deepEqual(arranged(TABLE, null, "analysed f/c"), [2]);
  assert.deepEqual(arranged(TABLE, null, "nothing"), []);
});

test("columns of numbers can be plotted", () => {
  assert.deepEqual(numeric(TABLE), ["prime", "seed", "test_loss", "grokking_epoch"]);
});

test("numbers read as researchers write them", () => {
  assert.equal(words("test_loss", 1.26e-7), "1.3e-7");
  assert.equal(words("lock_in_head_0", 12300), "12,300");
  assert.equal(words("weight_decay", 0.5), "0.5");
  assert.equal(words("grokking_epoch", null), "–");
  assert.equal(heading("lock_in_head_0"), "lock-in head 0");
  assert.equal(heading("prime"), "modulus p");
});
