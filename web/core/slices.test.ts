import assert from "node:assert/strict";
import { test } from "node:test";
import { means, slices } from "./slices.ts";

const AXES = [
  { name: "a", size: 2 },
  { name: "b", size: 3 },
] as const;
const GRIDS = {
  titles: ["one"],
  axes: AXES,
  origin: "upper",
  panelName: "head",
  valueName: "attention",
  range: [0, 1],
} as const;
const FRAME = { values: Float32Array.of(1, 2, 3, 5, 6, 7), range: [0, 1] } as const;
const PART = { ...GRIDS, region: { rows: [0, 1], columns: [1, 2] } } as const;

test("means over either axis are not swapped", () => {
  assert.deepEqual(means(GRIDS, FRAME), { right: [3, 4, 5], down: [2, 6].map((mean) => mean) });
  assert.deepEqual(means(PART, FRAME), { right: [4, 5], down: [2.5, 6.5] });
});

test("slices go through the cell", () => {
  assert.deepEqual(slices(GRIDS, FRAME, { row: 1, column: 2 }), { right: [5, 6, 7], down: [3, 7] });
  assert.deepEqual(slices(PART, FRAME, { row: 0, column: 1 }), { right: [2, 3], down: [2, 6] });
  assert.equal(slices(PART, FRAME, { row: 0, column: 0 }), null, "the cell is not shown");
  assert.equal(slices(GRIDS, FRAME, { row: 2, column: 0 }), null);
});
