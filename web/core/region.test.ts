import assert from "node:assert/strict";
import { test } from "node:test";
import type { Grids } from "./grids.ts";
import { between, magnification, placesShown, readRegion, regionWords, windowOf, within } from "./region.ts";

const AXES = [
  { name: "a", size: 7 },
  { name: "b", size: 11 },
] as const;
const GRIDS: Grids = {
  titles: ["one"],
  axes: AXES,
  origin: "upper",
  panelName: "head",
  valueName: "attention",
  range: [0, 1],
};

test("words of a region lead back to it, and other words to none", () => {
  const region = { rows: [1, 3], columns: [4, 10] } as const;
  assert.equal(regionWords(region), "1-3,4-10");
  assert.deepEqual(readRegion("1-3,4-10"), region);
  for (const words of [null, "", "1-3", "3-1,4-10", "1-3,10-4", "a-3,4-10", "1-3,4-10,5", "-1-3,4-10"])
    assert.equal(readRegion(words), null, String(words));
});

test("a region is cut to what the axes have, and is at least two places a side", () => {
  assert.deepEqual(within({ rows: [1, 30], columns: [4, 99] }, AXES), { rows: [1, 6], columns: [4, 10] });
  assert.deepEqual(within({ rows: [6, 6], columns: [0, 0] }, AXES), { rows: [5, 6], columns: [0, 1] });
  assert.equal(within({ rows: [7, 9], columns: [0, 3] }, AXES), null);
  assert.equal(within({ rows: [0, 6], columns: [0, 10] }, AXES), null, "all of the axes is no region");
  assert.equal(within(null, AXES), null);
});

test("the values of a region are whole blocks", () => {
  assert.deepEqual(windowOf(GRIDS), { row: 0, column: 0, rows: 7, columns: 11 });
  const region = { rows: [1, 3], columns: [4, 10] } as const;
  assert.deepEqual(windowOf({ ...GRIDS, region }), { row: 1, column: 4, rows: 3, columns: 7 });
  const blocks: Grids = { ...GRIDS, region, block: [2, 3] };
  assert.deepEqual(windowOf(blocks), { row: 0, column: 1, rows: 2, columns: 3 });
  assert.deepEqual(placesShown(blocks), { rows: [0, 3], columns: [3, 10] });
});

test("two cells span a region, in either order", () => {
  const [one, other] = [
    { row: 1, column: 3 },
    { row: 0, column: 2 },
  ];
  const blocks: Grids = { ...GRIDS, block: [2, 3] };
  for (const found of [between(blocks, one, other), between(blocks, other, one)])
    assert.deepEqual(found, { rows: [0, 3], columns: [6, 10] });
});

test("a region is magnified by its longer side", () => {
  assert.equal(magnification({ rows: [0, 6], columns: [0, 1] }, AXES), 1);
  assert.equal(magnification({ rows: [0, 1], columns: [0, 1] }, AXES), 3.5);
});
