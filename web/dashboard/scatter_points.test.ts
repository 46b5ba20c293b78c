import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "./run_rows.ts";
import { axisOf, scatterOf } from "./scatter_points.ts";

const TABLE: Table = {
  columns: ["weight_decay", "fraction", "grokking_epoch"],
  rows: [
    [1, 0.5, 100],
    [1, 0.5, 140],
    [2, 0.5, 60],
    [1, 0.7, 30],
    [2, 0.7, null],
  ],
};

test("means and spreads over runs that share a group and a setting, with their number", () => {
  const { groups, n, missing } = scatterOf(TABLE, [0, 1, 2, 3, 4], "weight_decay", "grokking_epoch", "fraction");
  assert.deepEqual([n, missing], [4, 1]);
  assert.deepEqual(
    groups.map(({ name, points }) => [name, points.map(({ row }) => row)]),
    [
      ["0.5", [0, 1, 2]],
      ["0.7", [3]],
    ],
  );
  const [first, single] = groups[0].summaries;
  assert.deepEqual([first.x, first.mean, first.n], [1, 120, 2]);
  assert.ok(Math.abs((first.spread ?? 0) - Math.sqrt(800)) < 1e-12);
  assert.deepEqual(single, { x: 2, mean: 60, spread: null, n: 1 });
  assert.deepEqual(groups[1].summaries, [], "nothing is shared there");
});

test("only the rows asked for, in one group", () => {
  const { groups, n } = scatterOf(TABLE, [3, 0], "fraction", "grokking_epoch", null);
  assert.deepEqual([n, groups.length, groups[0].name], [2, 1, "all runs"]);
});

test("axes have room, also for a single number, and hold powers of ten where they are logarithmic", () => {
  assert.deepEqual(axisOf([0, 100], false), [-6, 106]);
  const [low, high] = axisOf([5], false);
  assert.ok(low < 5 && high > 5);
  assert.deepEqual(
    axisOf([0, 1e-6, 1], true).map((power) => Number(power.toFixed(2))),
    [-6.36, 0.36],
  );
  assert.deepEqual(axisOf([], false), [0, 1]);
});
