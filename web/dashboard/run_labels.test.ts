import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted, labelsOf } from "./run_labels.ts";
import type { Table } from "./run_rows.ts";

const COLUMNS = ["id", "family", "run", "state", "seed", "weight_decay", "prime"];
const TABLE: Table = {
  columns: COLUMNS,
  rows: [
    ["f/a", "f", "f_p31_seed10", "analysed", 10, 1, 31],
    ["f/b", "f", "f_p31_seed9", "training", 9, 1, 31],
    ["f/c", "f", "f_p31_seed2", "analysed", 2, 1, 31],
  ],
};
const MIXED: Table = {
  columns: COLUMNS,
  rows: [
    ["f/a", "f", "f_p31_seed9", "analysed", 9, 1, 31],
    ["f/b", "f", "f_p47_seed9", "analysed", 9, 1, 47],
    ["g/c", "g", "g_wd0.5_seed0", "analysed", 0, 0.5, null],
    ["g/d", "g", "own", "unusable", null, null, null],
  ],
};
const needed = (table: Table, rows: readonly number[]) => labelsOf(table, rows).map((label) => label.needed.join(", "));

test("a run is labelled by the settings that tell it from the others", () => {
  assert.deepEqual(needed(TABLE, [2, 0]), ["seed 2", "seed 10"]);
  const [{ needed: first, others }] = labelsOf(TABLE, [1]);
  assert.deepEqual([...first, ...others], ["family f", "seed 9", "weight decay 1", "modulus p 31"]);
});

test("what differs within a family comes first, and what differs between families last", () => {
  const [one, two, three] = labelsOf(MIXED, [0, 1, 2]);
  assert.deepEqual(one.needed, ["modulus p 31", "family f"]);
  assert.deepEqual(one.others, ["seed 9", "weight decay 1"]);
  assert.deepEqual(two.needed, ["modulus p 47", "family f"]);
  assert.deepEqual(three.needed, ["family g"]);
});

test("what one does not have is no difference", () => {
  assert.deepEqual(needed(MIXED, [0, 2]), ["family f", "family g"]);
});

test("the name tells runs apart that settings do not", () => {
  assert.deepEqual(needed(MIXED, [2, 3]), ["g_wd0.5_seed0", "own"]);
  const twins: Table = { ...TABLE, rows: [TABLE.rows[0], TABLE.rows[0].with(2, "again")] };
  assert.deepEqual(needed(twins, [0, 1]), ["f_p31_seed10", "again"]);
});

test("the short form has what names of a family do not share", () => {
  assert.deepEqual(
    labelsOf(MIXED, [0, 1, 2]).map(({ short }) => short),
    ["p31", "p47", "wd0.5 seed0"],
  );
  const alike: Table = { ...MIXED, rows: [...MIXED.rows.slice(0, 2), ["g/p31", "g", "p31", "analysed", 9, 1, 31]] };
  assert.deepEqual(
    labelsOf(alike, [0, 1, 2]).map(({ short }) => short),
    ["f_p31_seed9", "p47", "p31"],
  );
});

test("a label has what there is room for", () => {
  const label = { needed: ["modulus p 31", "family f"], others: ["seed 9", "weight decay 1"], short: "p31" };
  const within = (most: number) => fitted(label, (text) => text.length <= most);
  assert.equal(within(80), "modulus p 31, family f, seed 9, weight decay 1");
  assert.equal(within(40), "modulus p 31, family f, seed 9");
  assert.equal(within(22), "modulus p 31, family f");
  assert.equal(within(20), "p31");
});
