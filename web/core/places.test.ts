import assert from "node:assert/strict";
import { test } from "node:test";
import type { Grids } from "./grids.ts";
import { placesOf, rowsAndColumns } from "./places.ts";

const GRIDS: Grids = {
  titles: ["L0H0", "L0H1", "L1H0", "L1H1", "L1H2"],
  axes: [
    { name: "a", size: 2 },
    { name: "b", size: 3 },
  ],
  origin: "upper",
  groups: [0, 0, 1, 1, 1],
  panelName: "head",
  valueName: "attention",
  range: [0, 1],
};
const at = (grids: Grids) => placesOf(grids)?.map(({ row, column }) => [row, column]);

test("layers have a row each, unless asked otherwise", () => {
  const byLayer = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [1, 2],
  ];
  assert.deepEqual(at(GRIDS), byLayer);
  assert.deepEqual(at({ ...GRIDS, columns: "layer" }), byLayer);
  assert.deepEqual(at({ ...GRIDS, columns: 4 })?.at(-1), [1, 0]);
  assert.deepEqual(rowsAndColumns(placesOf(GRIDS) ?? []), { rows: 2, columns: 3 });
});

test("heads of one layer stand as suits, unless asked otherwise", () => {
  const one = { ...GRIDS, groups: [0, 0, 0, 0, 0] };
  assert.equal(placesOf(one), null);
  assert.deepEqual(at({ ...one, columns: 2 }), [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [2, 0],
  ]);
});
