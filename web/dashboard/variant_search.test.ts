import assert from "node:assert/strict";
import { test } from "node:test";
import { matching, ordered, type Searched, type ShortNames } from "./variant_search.ts";

const FAMILY = "addition_1layer";
const SHORT: ShortNames = {
  [FAMILY]: { p: "prime", seed: "seed", dseed: "data_seed", wd: "weight_decay", beta1: "beta1" },
  operations: { p: "prime" },
};

function variant(prime: number, seed: number, weight_decay = 1, more = ""): Searched {
  const label = `p${prime} · seed${seed} · dseed598${weight_decay === 1 ? "" : ` · wd${weight_decay}`}`;
  const id = `${FAMILY}/${FAMILY}_${label.replaceAll(" · ", "_")}${more}`;
  return { id, family: FAMILY, label, state: "analysed", settings: { prime, seed, data_seed: 598, weight_decay, beta1: 0.9 } };
}

const ALL = [
  variant(113, 999),
  variant(31, 10),
  variant(31, 2),
  variant(12, 0),
  variant(31, 1, 0),
  variant(31, 1),
  variant(5, 1, 0.5),
];
const OPERATION: Searched = {
  id: "operations/operations_x2_plus_y2_p7",
  family: "operations",
  label: "x2_plus_y2 · p7",
  state: "cancelled",
  settings: { operation: "x2_plus_y2", prime: 7 },
};

const labels = (found: readonly Searched[]) => found.map(({ label }) => label.replace(" · dseed598", ""));
const found = (query: string) => labels(matching(ordered([...ALL, OPERATION]), query, SHORT));

test("numbers in names are in the order of numbers", () => {
  assert.deepEqual(labels(ordered(ALL)), [
    "p5 · seed1 · wd0.5",
    "p12 · seed0",
    "p31 · seed1",
    "p31 · seed1 · wd0",
    "p31 · seed2",
    "p31 · seed10",
    "p113 · seed999",
  ]);
  const named = (name: string) => ({ ...OPERATION, id: name, label: name });
  const names = ["lr0.001", "lr1e-05", "lr0.0005", "frac0.35", "frac0.5", "frac0.4"].map(named);
  assert.deepEqual(labels(ordered(names)), ["frac0.35", "frac0.4", "frac0.5", "lr1e-05", "lr0.0005", "lr0.001"]);
});

test("a setting is found by its letters, its name, and its value", () => {
  const of31 = ["p31 · seed1", "p31 · seed1 · wd0", "p31 · seed2", "p31 · seed10"];
  for (const query of ["p=31", "p31", "P = 31", "prime 31", "prime=31.0", " p31  "])
    assert.deepEqual(found(query), of31, query);
  for (const query of ["p31 wd0", "wd=0", "seed 1 wd=0", "weight decay 0", "weight_decay=0 seed1", "p31 · seed1 · wd0"])
    assert.deepEqual(found(query), ["p31 · seed1 · wd0"], query);
  assert.deepEqual(found("seed=1"), ["p5 · seed1 · wd0.5", "p31 · seed1", "p31 · seed1 · wd0"]);
  assert.deepEqual(found("p31 seed3"), []);
  assert.equal(found("beta1_0.9").length, ALL.length);
});

test("while a value is typed, those that begin like it are found", () => {
  assert.deepEqual(found("p11"), ["p113 · seed999"]);
  assert.equal(found("p=3").length, 4);
});

test("other words are those of name and state", () => {
  assert.deepEqual(found("x2_plus"), ["x2_plus_y2 · p7"]);
  assert.deepEqual(found("operation=x2_plus_y2"), ["x2_plus_y2 · p7"]);
  assert.deepEqual(found("cancelled p7"), ["x2_plus_y2 · p7"]);
  assert.deepEqual(found("addition p5"), ["p5 · seed1 · wd0.5"]);
  assert.deepEqual(found(ALL[4].id.split("/")[1]), ["p31 · seed1 · wd0"]);
  assert.equal(found("").length, 8);
  assert.deepEqual(found("nothing"), []);
});
