import assert from "node:assert/strict";
import { test } from "node:test";
import { labelsOf, titlesOf } from "./run_labels.ts";
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

const LABEL = { given: null, needed: ["modulus p 31", "family f"], others: ["seed 9", "weight decay 1"], short: "p31" };
const within = (most: number) => (text: string) => text.length <= most;

test("a label has what there is room for", () => {
  const title = (most: number) => titlesOf([LABEL], within(most))[0];
  assert.equal(title(80), "modulus p 31, family f, seed 9, weight decay 1");
  assert.equal(title(40), "modulus p 31, family f, seed 9");
  assert.equal(title(22), "modulus p 31, family f");
  assert.equal(title(20), "p31");
});

test("what a user calls a run comes first, then its settings", () => {
  const columns = [...COLUMNS, "label"];
  const rows = TABLE.rows.map((row, index) => [...row, ["", "the one that groks", null][index]]);
  const labels = labelsOf({ columns, rows }, [0, 1, 2]);
  assert.deepEqual(titlesOf(labels, within(80)), ["seed 10", "the one that groks, seed 9", "seed 2"]);
  assert.deepEqual(titlesOf(labels, within(20)), ["seed 10", "the one that groks", "seed 2"]);
  assert.deepEqual(titlesOf(labels, within(9)), ["seed 10", "the one…", "seed 2"]);
});

test("settings tell runs apart whose given labels are or look alike", () => {
  const named = (given: string, p: number) => ({ ...LABEL, given, needed: [`modulus p ${p}`], others: [], short: `p${p}` });
  const [one, other] = [named("baseline", 31), named("baseline", 47)];
  assert.deepEqual(titlesOf([one, other], within(80)), ["baseline, modulus p 31", "baseline, modulus p 47"]);
  assert.deepEqual(titlesOf([one, other], within(13)), ["baseline, p31", "baseline, p47"]);
  assert.deepEqual(titlesOf([one, other], within(8)), ["p31", "p47"]);
  const long = [named("a long label of one", 31), named("a long label of another", 47)];
  assert.deepEqual(titlesOf(long, within(14)), ["modulus p 31", "modulus p 47"]);
  assert.deepEqual(titlesOf([named("p47", 31), { ...other, given: null }], within(4)), ["p31", "p47"]);
});
